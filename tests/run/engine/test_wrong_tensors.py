"""Wrong and unusual tensors: both engines give the same numbers or the same error."""

from __future__ import annotations

from tests.run.engine.wrong_tensors import sampled, tried_apart


def test_a_sample_of_wrong_tensors_gives_what_the_reference_gives() -> None:
    assert tried_apart(sampled(40, seed=11)) == []
