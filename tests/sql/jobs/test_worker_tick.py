"""The clock: one job a tick."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import Session, TestDatabase
from people import ADA, CHARLIE
from queueing import NOON, Connection, job, seconds

MIDNIGHT = NOON.replace(hour=0)


def schedule(connection: Connection, name: str = "nightly") -> None:
    connection.execute(
        "insert into public.worker_schedules (name, cron, job_type, payload, queue, priority, last_tick)"
        " values (%s, '0 0 * * *', 'noop', '{\"n\": 1}', 'bulk', 5, %s)",
        (name, MIDNIGHT - seconds(86400)),
    )


def tick(connection: Connection, name: str = "nightly", at: object = MIDNIGHT) -> int | None:
    row = connection.execute("select public.worker_tick(%s, %s) as id", (name, at)).fetchone()
    assert row is not None
    found: int | None = row["id"]
    return found


def test_a_tick_is_a_job_that_is_due_at_the_tick(service: Connection) -> None:
    schedule(service)
    job_id = tick(service)
    assert job_id is not None
    row = job(service, job_id)

    assert (row["job_type"], row["payload"], row["queue"], row["priority"]) == ("noop", {"n": 1}, "bulk", 5)
    assert row["next_run_at"] == MIDNIGHT


def test_the_same_tick_is_taken_once(service: Connection) -> None:
    schedule(service)

    assert tick(service) is not None
    assert tick(service) is None
    assert tick(service, at=MIDNIGHT - seconds(3600)) is None


def test_a_tick_that_was_forgotten_is_still_the_same_job(session: Session, service: Connection) -> None:
    schedule(service)
    first = tick(service)
    session.run("update public.worker_schedules set last_tick = %s", MIDNIGHT - seconds(86400))

    assert tick(service) == first


def test_ten_workers_make_one_job_of_a_tick(database: TestDatabase) -> None:
    start = threading.Barrier(10)
    with database.connect() as connection:
        schedule(connection)

    def one(_: int) -> int | None:
        with database.connect() as connection:
            start.wait()
            return tick(connection)

    with ThreadPoolExecutor(10) as pool:
        ids = [found for found in pool.map(one, range(10)) if found is not None]
    with database.connect() as connection:
        assert connection.execute("select count(*) as n from public.worker_jobs").fetchone() == {"n": 1}

    assert len(ids) == 1


def test_a_paused_schedule_does_not_tick(session: Session, service: Connection) -> None:
    schedule(service)
    session.run("update public.worker_schedules set paused_at = now()")

    assert tick(service) is None


def test_a_schedule_that_is_not_there_does_not_tick(service: Connection) -> None:
    assert tick(service, "unheard-of") is None


def test_an_admin_edits_schedules_and_charlie_sees_none(session: Session) -> None:
    with session.as_user(ADA):
        schedule(session.connection)
        paused = session.run("update public.worker_schedules set paused_at = now()")
    with session.as_user(CHARLIE):
        seen = session.value("select count(*) from public.worker_schedules")
        with session.refused("42501"):
            schedule(session.connection, "mine")

    assert (paused, seen) == (1, 0)


@pytest.mark.parametrize("missed", ["sometimes", ""])
def test_an_unknown_policy_is_refused(session: Session, service: Connection, missed: str) -> None:
    schedule(service)

    with session.refused("23514"):
        session.run("update public.worker_schedules set missed = %s", missed)
