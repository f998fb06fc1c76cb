"""What the code says about types and schedules."""

from __future__ import annotations

import json
from typing import Any

from conftest import Session
from queueing import NOON, Connection

TYPE = {
    "job_type": "resize", "queue": "bulk", "max_attempts": 3, "timeout_seconds": 30, "backoff_base": 5,
    "backoff_factor": 3, "backoff_cap": 100, "jitter": 0.1,
}  # fmt: skip
SCHEDULE = {
    "name": "nightly", "cron": "0 0 * * *", "timezone": "Europe/Madrid", "job_type": "resize", "payload": {},
    "queue": "bulk", "priority": 0, "max_attempts": 3, "missed": "once",
}  # fmt: skip


def register(connection: Connection, types: list[dict[str, Any]], schedules: list[dict[str, Any]]) -> None:
    connection.execute(
        "select public.worker_register(%s::jsonb, %s::jsonb)", (json.dumps(types), json.dumps(schedules))
    )


def test_types_and_schedules_are_written_down(session: Session, service: Connection) -> None:
    register(service, [TYPE], [SCHEDULE])
    row = session.one("select * from public.worker_job_types where job_type = 'resize'")
    schedule = session.one("select * from public.worker_schedules")

    assert {key: row[key] for key in TYPE} == TYPE
    assert {key: schedule[key] for key in SCHEDULE} == SCHEDULE


def test_the_next_release_overwrites_and_keeps_what_operators_did(
    session: Session, service: Connection
) -> None:
    register(service, [TYPE], [SCHEDULE])
    session.run("update public.worker_schedules set paused_at = %s, last_tick = %s", NOON, NOON)
    register(service, [TYPE | {"max_attempts": 9}], [SCHEDULE | {"cron": "0 1 * * *"}])
    schedule = session.one("select * from public.worker_schedules")

    assert session.value("select max_attempts from public.worker_job_types where job_type = 'resize'") == 9
    assert (schedule["cron"], schedule["paused_at"], schedule["last_tick"]) == ("0 1 * * *", NOON, NOON)


def test_registering_the_same_again_writes_nothing(session: Session, service: Connection) -> None:
    register(service, [TYPE], [])
    before = session.value("select ctid::text from public.worker_job_types where job_type = 'resize'")
    register(service, [TYPE], [])

    assert session.value("select ctid::text from public.worker_job_types where job_type = 'resize'") == before


def test_a_series_that_would_shrink_is_refused(session: Session, service: Connection) -> None:
    with session.refused("23514"):
        register(service, [TYPE | {"backoff_factor": 0.5}], [])
