"""Competition: of the neurons about to spike, only the strongest do."""

from __future__ import annotations

import numpy as np

from conex_core.run.engine.kernels.memory import (
    REALS,
    WIDTH,
    floats,
    integers,
    kernel,
    longs,
    reals,
)

__all__ = ["contest"]


@kernel
def contest(rows, parameters):
    """Reset the losers of each line: n, v, threshold, v_reset, room, length, step; k.

    Neighbours in a line are ``step`` neurons apart; of equals the first one wins.
    """
    p, s = longs(rows, WIDTH), reals(parameters, REALS)
    n, length, step, k = p[1], p[6], p[7], np.int64(s[0])
    v, threshold, reset = floats(p[2], n), floats(p[3], n), floats(p[4], n)
    able = 0
    for j in range(n):
        able += v[j] >= threshold[j]
    if able <= min(k, 1):
        return 0
    members, deficits = integers(p[5], length), floats(p[5] + 4 * n, length)
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
