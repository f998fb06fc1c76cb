"""Every program of the examples runs against a real database and prints what the file beside it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import TestDatabase
from running import environment

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.py"))
MASKS = {
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}": "UUID",
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.+Z]*": "TIME",
    r"\bjob \d+": "job N",
}


@pytest.mark.parametrize("program", EXAMPLES, ids=lambda program: program.stem)
def test_an_example_does_what_it_says(database: TestDatabase, program: Path) -> None:
    ran = subprocess.run(
        [sys.executable, program], env=environment({"DATABASE_URL": database.login_url}), timeout=60,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    assert masked(ran.stdout) == program.with_suffix(".txt").read_text()


def test_examples_are_small_and_none_is_left_without_its_output() -> None:
    assert EXAMPLES
    assert [p.name for p in EXAMPLES if len(p.read_text().splitlines()) > 60] == []
    assert [p.name for p in EXAMPLES if not p.with_suffix(".txt").exists()] == []


def masked(text: str) -> str:
    """What differs from run to run."""
    for pattern, word in MASKS.items():
        text = re.sub(pattern, word, text)
    return text
