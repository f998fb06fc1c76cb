"""A worker that is told to stop loses nothing and burns no attempt."""

from __future__ import annotations

import asyncio
import time

import pytest
from msgspec import Struct

from conftest import TestDatabase
from jobs.conftest import Working, becomes, until
from jobs.half_open import way
from queueing import Connection, insert, job
from rambla.jobs import crew, heart, worker
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Registry
from rambla.jobs.tasks import TASKS


class Thing(Struct):
    pass


async def test_what_runs_gets_its_time(working: Working, service: Connection) -> None:
    job_id = insert(service, job_type="sleep", payload='{"seconds": 0.5}')
    async with working(TASKS, grace=10):
        await becomes(service, job_id, "running")

    assert job(service, job_id)["status"] == "completed"


async def test_what_takes_too_long_is_given_back_with_its_attempt(
    working: Working, service: Connection
) -> None:
    job_id = insert(service, job_type="sleep", payload='{"seconds": 60}')
    async with working(TASKS, grace=0.1):
        await becomes(service, job_id, "running")
    row = job(service, job_id)

    assert (row["status"], row["attempts"], row["worker_id"], row["last_error"]) == ("pending", 0, None, None)


async def behind_a_slow_one(service: Connection, seconds: float) -> tuple[int, list[int]]:
    """A worker of one slot that was quick until now, a slow job in its slot, and three that it claimed ahead."""
    for _ in range(20):
        await becomes(service, insert(service), "completed")
    slow = insert(service, job_type="sleep", payload=f'{{"seconds": {seconds}}}')
    await becomes(service, slow, "running")
    behind = [insert(service) for _ in range(3)]
    for job_id in behind:
        await becomes(service, job_id, "running")
    return slow, behind


async def test_what_has_not_started_is_given_back_at_once(
    working: Working, service: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "AHEAD", 100.0)
    async with working(TASKS, concurrency=1, grace=10):
        slow, behind = await behind_a_slow_one(service, 0.5)

    assert job(service, slow)["status"] == "completed"
    assert {job(service, job_id)["status"] for job_id in behind} == {"pending"}
    assert {job(service, job_id)["attempts"] for job_id in behind} == {0}


async def test_what_waits_behind_a_slow_job_goes_to_another_worker(
    working: Working, service: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "AHEAD", 100.0)
    async with working(TASKS, concurrency=1, grace=0):
        slow, behind = await behind_a_slow_one(service, 60)
        async with working(TASKS):
            for job_id in behind:
                await becomes(service, job_id, "completed")

        assert job(service, slow)["status"] == "running"
        assert {job(service, job_id)["attempts"] for job_id in behind} == {1}


async def test_a_stopped_worker_is_no_live_worker(working: Working, service: Connection) -> None:
    async with working(TASKS):
        await until(lambda: service.execute("select from worker_heartbeats").fetchone() is not None)

    assert service.execute("select from worker_heartbeats").fetchone() is None


async def test_a_handler_may_put_its_things_away(working: Working, service: Connection) -> None:
    registry = Registry()
    put_away = []

    @registry.job("tidy")
    async def tidy(_job: JobContext, _thing: Thing) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.1)
            put_away.append(True)

    job_id = insert(service, job_type="tidy")
    async with working(registry, grace=0):
        await becomes(service, job_id, "running")

    assert put_away == [True]
    assert job(service, job_id)["attempts"] == 0


async def test_asked_twice_it_hurries(database: TestDatabase, service: Connection) -> None:
    job_id = insert(service, job_type="sleep", payload='{"seconds": 60}')
    stop, hurry = asyncio.Event(), asyncio.Event()
    async with worker.connected(database.login_url, TASKS, grace=60) as one:
        running = asyncio.create_task(one.run(stop, hurry))
        await becomes(service, job_id, "running")
        started = time.monotonic()
        stop.set()
        await asyncio.sleep(0.1)
        hurry.set()
        await running

    assert time.monotonic() - started < 10
    assert job(service, job_id)["status"] == "pending"


async def test_a_worker_that_is_cut_off_while_it_stops_ends_its_runs_before_others_begin_them(
    database: TestDatabase, service: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SILENCE", 2.0)
    monkeypatch.setattr(worker, "PATIENCE", 0.5)
    monkeypatch.setattr(worker, "BEAT_PATIENCE", 0.5)
    monkeypatch.setattr(heart, "INTERVAL", 0.2)
    registry = Registry()
    ended = asyncio.Event()

    @registry.job("endless")
    async def endless(_job: JobContext, _thing: Thing) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    job_id = insert(service, job_type="endless")
    stop = asyncio.Event()
    async with way(database.login_url) as (url, the_way), worker.connected(url, registry, grace=40) as one:
        running = asyncio.create_task(one.run(stop))
        await becomes(service, job_id, "running")
        stop.set()
        await until(lambda: one.not_ready() == "The worker is stopping.")
        the_way.answers = False
        the_way.fall_silent()
        await asyncio.wait_for(ended.wait(), 15)
        the_way.answers = True
        the_way.hang_up()
        await running

    assert [entry["outcome"] for entry in job(service, job_id)["history"]] == ["lost"]
