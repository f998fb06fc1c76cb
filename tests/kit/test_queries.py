"""SQL lives in files; Python holds its names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rambla.kit.queries import Queries

SOURCE = Path(__file__).parents[2] / "src"
FILES = sorted(
    path for path in (SOURCE / "rambla").rglob("*.sql") if path.parent.name not in ("sql", "migrations")
)


def test_a_query_is_found_by_its_name() -> None:
    assert Queries("rambla").person.startswith("select id from public.profiles")


def test_a_name_that_is_not_there_says_where_it_was_looked_for() -> None:
    with pytest.raises(AttributeError, match=r"rambla/queries\.sql has no query nobody"):
        _ = Queries("rambla").nobody


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_query_is_used_and_every_used_query_exists(file: Path) -> None:
    package = ".".join(file.parent.relative_to(SOURCE).parts)
    named = "" if file.name == "queries.sql" else f', "{file.name}"'
    handle = re.compile(rf'^(\w+) = Queries\("{re.escape(package)}"{re.escape(named)}\)$', re.MULTILINE)
    used = {
        name
        for text in map(Path.read_text, file.parent.glob("*.py"))
        for known in handle.findall(text)
        for name in re.findall(rf"\b{known}\.([a-z_0-9]+)\b", text)
    }
    names = set(Queries(package, file.name))

    assert names <= used, "a query that nobody uses"
