"""The queue as the tests use it: what a test does not name is of no importance to it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg

Connection = psycopg.Connection[dict[str, Any]]
Row = dict[str, Any]

NOON: Final = dt.datetime(2030, 6, 1, 12, tzinfo=dt.UTC)  # after every row's creation, so that all is due


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


def insert(connection: Connection, **columns: Any) -> int:
    """A plain insert, as the contract has it."""
    row: Row = {"job_type": "noop", **columns}
    statement = psycopg.sql.SQL("insert into worker_jobs ({}) values ({}) returning id").format(
        psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, row)),
        psycopg.sql.SQL(", ").join(map(psycopg.sql.Placeholder, row)),
    )
    found: int = _row(connection.execute(statement, row))["id"]
    return found


def enqueue(
    connection: Connection, job_type: str = "noop", *, key: str | None = None, payload: str = "{}"
) -> int:
    found: int = _row(
        connection.execute("select public.worker_enqueue(%s, %s::jsonb, %s) as id", (job_type, payload, key))
    )["id"]
    return found


def enqueue_after(
    connection: Connection, *parents: int, on_failure: str = "wait", at: dt.datetime | None = None
) -> int:
    """A noop that comes after others."""
    found: int = _row(
        connection.execute(
            "select public.worker_enqueue('noop', p_after => %s, p_on_parent_failure => %s, p_next_run_at => %s) as id",
            (list(parents), on_failure, at),
        )
    )["id"]
    return found


def limit(connection: Connection, scope: str, name: str, **numbers: Any) -> None:
    """What an operator sets; ``rate=(n, seconds)``."""
    count, period = numbers.pop("rate", (None, None))
    connection.execute(
        "select public.worker_limit_set(%s, %s, %s, %s, %s, %s)",
        (scope, name, numbers.get("most_running"), numbers.get("most_per_key"), count, period),
    )


def claim(
    connection: Connection, *, worker: UUID | None = None, limit: int = 100, queues: tuple[str, ...] = ("default",),
    low_water: dt.datetime | None = None, at: dt.datetime = NOON,
) -> list[Row]:  # fmt: skip
    return connection.execute(
        "select * from public.worker_claim_jobs(%s, %s, %s, %s, %s)",
        (worker or uuid4(), list(queues), limit, low_water, at),
    ).fetchall()


def complete(
    connection: Connection, *runs: Row, result: str | None = None, at: dt.datetime = NOON
) -> list[int]:
    rows = connection.execute(
        "select public.worker_complete_jobs(%s, %s, %s::text[]::jsonb[], %s) as id",
        ([r["id"] for r in runs], [r["run_no"] for r in runs], [result] * len(runs), at),
    ).fetchall()
    return [row["id"] for row in rows]


def release(connection: Connection, *runs: Row) -> list[int]:
    rows = connection.execute(
        "select public.worker_release(%s, %s) as id", ([r["id"] for r in runs], [r["run_no"] for r in runs])
    ).fetchall()
    return [row["id"] for row in rows]


def fail(
    connection: Connection,
    job_id: int,
    error: str = "boom",
    *,
    run_no: int | None = None,
    at: dt.datetime = NOON,
) -> dt.datetime | None:
    found: dt.datetime | None = _row(
        connection.execute("select public.worker_fail_job(%s, %s, %s, %s) as at", (job_id, error, run_no, at))
    )["at"]
    return found


def job(connection: Connection, job_id: int) -> Row:
    return _row(connection.execute("select * from public.worker_jobs where id = %s", (job_id,)))


def dead_letter(connection: Connection, job_id: int) -> Row | None:
    return connection.execute(
        "select * from public.dead_letter_queue where job_id = %s", (job_id,)
    ).fetchone()


def whereabouts(connection: Connection, job_id: int) -> list[str]:
    """Where a job is: its status, or ``dead``; exactly one while it exists."""
    rows = connection.execute(
        "select status from public.worker_jobs where id = %s"
        " union all select 'dead' from public.dead_letter_queue where job_id = %s",
        (job_id, job_id),
    ).fetchall()
    return [row["status"] for row in rows]


def _row(cursor: psycopg.Cursor[Row]) -> Row:
    row = cursor.fetchone()
    assert row is not None
    return row
