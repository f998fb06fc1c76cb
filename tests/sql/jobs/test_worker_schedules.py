"""A schedule is run at once, paused and resumed by people, and it is written down who did."""

from __future__ import annotations

import datetime as dt
from typing import Any

from conftest import Session
from people import ADA
from queueing import NOON, Connection, Row, job, seconds

HOUR = dt.timedelta(hours=1)


def schedule(connection: Connection) -> None:
    connection.execute(
        "insert into worker_schedules (name, cron, job_type, payload, queue, priority, max_attempts, missed, last_tick)"
        " values ('hourly', '0 * * * *', 'noop', '{\"n\": 1}', 'bulk', 5, 9, 'all', %s)",
        (NOON - HOUR,),
    )


def call(connection: Connection, function: str, *arguments: Any) -> Any:
    holes = ", ".join(["%s"] * (len(arguments) + 1))
    row = connection.execute(
        f"select public.worker_{function}({holes}) as it".encode(), ("hourly", *arguments)
    ).fetchone()
    assert row is not None
    return row["it"]


def the_schedule(connection: Connection) -> Row:
    row = connection.execute("select * from worker_schedules where name = 'hourly'").fetchone()
    assert row is not None
    return row


def test_run_now_is_a_job_beside_the_ticks(service: Connection) -> None:
    schedule(service)
    first, second = call(service, "schedule_run", NOON), call(service, "schedule_run", NOON)
    row = job(service, first)

    assert first != second
    assert (row["job_type"], row["payload"], row["queue"]) == ("noop", {"n": 1}, "bulk")
    assert (row["priority"], row["max_attempts"], row["next_run_at"]) == (5, 9, NOON)
    assert the_schedule(service)["last_tick"] == NOON - HOUR
    assert the_schedule(service)["last_job_id"] == second
    assert call(service, "tick", NOON) is not None


def test_a_paused_schedule_does_not_tick_but_runs_when_asked(service: Connection) -> None:
    schedule(service)
    call(service, "schedule_pause", "holidays", NOON)

    assert call(service, "tick", NOON) is None
    assert call(service, "schedule_run", NOON) is not None
    assert (the_schedule(service)["paused_at"], the_schedule(service)["pause_reason"]) == (NOON, "holidays")


def test_a_second_pause_keeps_the_first_moment_and_the_last_reason(service: Connection) -> None:
    schedule(service)
    call(service, "schedule_pause", "holidays", NOON)
    call(service, "schedule_pause", "and illness", NOON + HOUR)

    assert (the_schedule(service)["paused_at"], the_schedule(service)["pause_reason"]) == (
        NOON,
        "and illness",
    )


def test_the_ticks_of_a_pause_are_gone(service: Connection) -> None:
    schedule(service)
    call(service, "schedule_pause", "", NOON)
    call(service, "schedule_resume", NOON + 3 * HOUR)

    assert the_schedule(service)["paused_at"] is None
    assert call(service, "tick", NOON + 2 * HOUR) is None
    assert call(service, "tick", NOON + 4 * HOUR) is not None


def test_resuming_what_is_not_paused_forgets_no_tick(service: Connection) -> None:
    schedule(service)
    call(service, "schedule_resume", NOON + seconds(1))

    assert call(service, "tick", NOON) is not None


def test_a_schedule_that_is_not_there(session: Session, service: Connection) -> None:
    for function in ("schedule_run", "schedule_pause", "schedule_resume"):
        with session.refused("not_found"):
            call(service, function)


def test_it_is_written_down_who_did_it(session: Session) -> None:
    with session.as_user(ADA):
        schedule(session.connection)
        for function in ("schedule_pause", "schedule_run", "schedule_resume"):
            call(session.connection, function)
        paused_by = session.value("select paused_by from worker_schedules")
        entries = session.all("select actor_id, action, subject from public.audit_log order by id")

    assert paused_by is None, "nobody has paused it any more"
    assert [(entry["actor_id"], entry["action"]) for entry in entries] == [
        (ADA.id, "schedule.pause"), (ADA.id, "schedule.run"), (ADA.id, "schedule.resume"),
    ]  # fmt: skip
