"""Competition: of the neurons about to spike, only the strongest do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from conex_core.behaviors.neurons.competition import KWTA
from conex_core.run.engine.builder import ProgramBuilder
from conex_core.run.engine.kernel import Row, kernel
from conex_core.run.engine.lowering import Lowering
from conex_core.run.engine.taken import Cell, NotFused

__all__ = ["LOWERINGS"]


@kernel(
    "v, threshold, v_reset: f4[n]; members: i4[length]; deficits: f4[length]; step: int;"
    " most: double"
)
def contest(row: Row) -> int:
    """Reset the losers of each line.

    Neighbours in a line are ``step`` neurons apart; of equals the first one wins.
    """
    n, length, step, k = row.n, row.length, row.step, np.int64(row.most)
    v, threshold, reset = row.v, row.threshold, row.v_reset
    able = 0
    for j in range(n):
        able += v[j] >= threshold[j]
    if able <= min(k, 1):
        return 0
    members, deficits = row.members, row.deficits
    for line in range(n // length):
        first, count = line // step * step * length + line % step, 0
        for j in range(first, first + length * step, step):
            if v[j] >= threshold[j]:
                members[count], deficits[count] = j, threshold[j] - v[j]
                count += 1
        if count > k:
            for place in np.argsort(deficits[:count], kind="mergesort")[k:]:
                v[members[place]] = reset[members[place]]
    return 0


def _contest(behavior: KWTA, group: Any, builder: ProgramBuilder) -> None:
    shape, axis, n = behavior._shape, behavior.dimension or 0, int(group.size)
    if axis >= len(shape) or math.prod(shape) != n:
        raise NotFused(f"its grid {shape} has not as many neurons as the group")
    length = max(int(shape[axis]), 1)
    builder.add(
        contest,
        behavior,
        n=n,
        **builder.of(group, "v", "threshold", "v_reset"),
        members=Cell(size=length, dtype=np.int32),
        deficits=Cell(size=length, dtype=np.float32),
        length=length,
        step=math.prod(shape[axis + 1 :]),
        live=lambda: {"most": behavior.k},
    )


LOWERINGS: dict[type, Lowering] = {KWTA: _contest}
