"""Every known fault of CoNeX has a test that carries its number."""

from __future__ import annotations

import re
from pathlib import Path

FAULTS = range(1, 44)


def test_every_fault_has_a_test() -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py")]
    numbers = {
        int(number) for text in texts for number in re.findall(r"def test_fault_(\d+)_", text)
    }

    assert sorted(set(FAULTS) - numbers) == []
