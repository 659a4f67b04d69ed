"""The Mersenne Twister of torch's generators: the same numbers, a block at a time.

State: 624 words, then the place of the next word among them. M. Matsumoto and
T. Nishimura 1998, doi:10.1145/272991.272995.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from conex_core.run.engine.kernel import njit

__all__ = ["WORDS", "uniform"]

WORDS = 624
_LAG = 397
_UPPER, _LOWER = np.uint32(0x80000000), np.uint32(0x7FFFFFFF)
_MATRIX, _ONE, _NONE = np.uint32(0x9908B0DF), np.uint32(1), np.uint32(0)
_MASK_B, _MASK_C = np.uint32(0x9D2C5680), np.uint32(0xEFC60000)
_S7, _S11, _S15, _S18 = np.uint32(7), np.uint32(11), np.uint32(15), np.uint32(18)
_BITS, _UNIT = np.uint32(0xFFFFFF), np.float32(2.0**-24)


@njit
def _mixed(high, low, other):
    y = (high & _UPPER) | (low & _LOWER)
    return other ^ (y >> _ONE) ^ ((_NONE - (y & _ONE)) & _MATRIX)


@njit
def _refill(state):
    # In three parts, so that each is a plain loop over words that are all known.
    for i in range(WORDS - _LAG):
        state[i] = _mixed(state[i], state[i + 1], state[i + _LAG])
    for i in range(WORDS - _LAG, WORDS - 1):
        state[i] = _mixed(state[i], state[i + 1], state[i + _LAG - WORDS])
    state[WORDS - 1] = _mixed(state[WORDS - 1], state[0], state[_LAG - 1])


@njit
def _temper(given, out):
    # Indices that begin at 0 cannot be negative, so that the loop needs no check for it.
    for j in range(given.size):
        y = given[j]
        y ^= y >> _S11
        y ^= (y << _S7) & _MASK_B
        y ^= (y << _S15) & _MASK_C
        y ^= y >> _S18
        out[j] = np.float32(np.int32(y & _BITS)) * _UNIT


@njit
def uniform(state: Any, out: Any) -> None:
    """Fill ``out`` with float32 from [0, 1) and move ``state`` on."""
    at, done, n = np.int64(state[WORDS]), 0, out.size
    while done < n:
        if at == WORDS:
            _refill(state)
            at = 0
        many = min(WORDS - at, n - done)
        _temper(state[at : at + many], out[done : done + many])
        at += many
        done += many
    state[WORDS] = np.uint32(at)
