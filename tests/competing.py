"""Statements that run at the same moment, each in a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import psycopg

from conftest import TestDatabase
from people import Person


class Call(NamedTuple):
    who: Person | str
    statement: str
    params: Sequence[Any]


def compete(database: TestDatabase, calls: Sequence[Call]) -> list[Any]:
    """The first column of each answer, or the machine code of its refusal, in the order of the calls."""
    barrier = threading.Barrier(len(calls))

    def run(call: Call) -> Any:
        with database.connect(call.who) as connection:
            barrier.wait()
            try:
                row = connection.execute(call.statement.encode(), call.params).fetchone()
            except psycopg.Error as error:
                return error.diag.message_detail or error.sqlstate
        return next(iter(row.values())) if row else None

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
