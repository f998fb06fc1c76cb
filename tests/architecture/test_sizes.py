"""Files and functions stay small enough to be read in one sitting."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
CAPS = [
    ("src/**/*.py", 400),
    ("tests/**/*.py", 500),
    ("src/**/templates/**/*.html", 100),
    ("src/rambla/ui/js/*.js", 100),
]
VAGUE = {"service", "services", "utils", "util", "helpers", "common", "misc"}


@pytest.mark.parametrize(("pattern", "cap"), CAPS)
def test_no_file_is_longer_than_its_cap(pattern: str, cap: int) -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in ROOT.glob(pattern)}

    assert lengths
    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > cap} == {}


def test_half_of_the_files_fit_on_two_screens() -> None:
    lengths = [len(path.read_text().splitlines()) for path in SOURCES if path.name != "__init__.py"]

    assert statistics.median(lengths) <= 100


def test_nine_of_ten_functions_fit_on_one_screen() -> None:
    lengths = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )

    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_no_file_has_a_name_that_means_anything() -> None:
    assert [str(p) for p in SOURCES if p.stem in VAGUE] == []


def test_python_holds_names_of_queries_and_not_queries() -> None:
    """SQL in Python is allowed in kit, which composes it, and nowhere else."""
    verbs = ("select ", "insert into ", "update ", "delete from ", "with ")
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        if "kit" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.lstrip().lower().startswith(verbs)
        and any(word in node.value.lower() for word in (" from ", " set ", " values", "select "))
        and ("_" in node.value or "(" in node.value)
    ]

    assert offenders == []
