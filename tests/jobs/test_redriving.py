"""The job that redrives: in batches, with progress, and again where it was when it is interrupted."""

from __future__ import annotations

import json

import pytest

from conftest import TestDatabase
from jobs.conftest import Working, becomes
from queueing import NOON, Connection, fail, insert, job, whereabouts
from rambla.jobs import redriving
from rambla.jobs.tasks import TASKS

QUEUE = "resting"  # that no worker of these tests serves


def kill(service: Connection, error: str = "boom") -> int:
    job_id = insert(service, queue=QUEUE, max_attempts=1)
    fail(service, job_id, error)
    return job_id


def redrive(service: Connection, **which: object) -> int:
    row = service.execute(
        "select public.worker_redrive_all(%s::jsonb, %s) as id", (json.dumps(which), NOON)
    ).fetchone()
    assert row is not None
    service.execute("select public.worker_retry(%s)", (row["id"],))
    found: int = row["id"]
    return found


async def test_a_filter_is_moved_in_batches_and_says_how_far_it_is(
    working: Working, service: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redriving, "BATCH", 2)
    meant = [kill(service, "Timeout") for _ in range(5)]
    other = kill(service)
    job_id = redrive(service, error="timeout")
    async with working(TASKS):
        await becomes(service, job_id, "completed")
    row = job(service, job_id)

    assert row["result"] == {"redriven": 5, "left": 0}
    assert (row["progress"], row["progress_note"]) == (100, "5 of 5")
    assert [whereabouts(service, id_) for id_ in meant] == [["pending"]] * 5
    assert whereabouts(service, other) == ["dead"]


async def test_what_cannot_come_back_is_counted(
    working: Working, service: Connection, database: TestDatabase
) -> None:
    taken, free = kill(service), kill(service)
    with database.connect("owner") as owner:
        owner.execute(
            "insert into worker_jobs (id, job_type, queue) overriding system value values (%s, 'thief', %s)",
            (taken, QUEUE),
        )
    job_id = redrive(service, all=True)
    async with working(TASKS):
        await becomes(service, job_id, "completed")

    assert job(service, job_id)["result"] == {"redriven": 1, "left": 1}
    assert whereabouts(service, free) == ["pending"]
