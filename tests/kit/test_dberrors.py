"""What PostgreSQL refuses is told apart by whose fault it is."""

from __future__ import annotations

import psycopg
import pytest

from conftest import TestDatabase
from rambla.kit.dberrors import problem_of


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("select 'x'::integer", "invalid_input"),
        ("select 1 / 0", "invalid_value"),
        ("select repeat('[', 100000)::jsonb", "invalid_value"),  # more levels than its stack has room for
        # After a failover the server that was written to is one that is only read from, until the address follows.
        ("begin read only; create table public.t (i integer)", "unavailable"),
        ("select 1 from nowhere", "internal"),
    ],
)
def test_each_kind_of_refusal_has_its_row(database: TestDatabase, statement: str, code: str) -> None:
    with database.connect("owner") as owner, pytest.raises(psycopg.Error) as caught:
        owner.execute(statement)

    assert problem_of(caught.value).code == code
