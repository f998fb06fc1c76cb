"""What a worker process tells an orchestrator and Prometheus."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from httpx2 import AsyncClient
from msgspec import Struct

from conftest import TestDatabase
from jobs.conftest import becomes
from queueing import Connection, insert
from rambla.jobs import vitals, worker
from rambla.jobs.context import JobContext
from rambla.jobs.heart import Heart
from rambla.jobs.registry import Registry
from rambla.jobs.tasks import TASKS
from rambla.jobs.worker import Worker
from running import free_port


class Nothing(Struct, frozen=True, kw_only=True):
    pass


@asynccontextmanager
async def asked(one: Worker) -> AsyncIterator[AsyncClient]:
    port = free_port()
    with vitals.served("127.0.0.1", port, alive=one.not_alive, ready=one.not_ready):
        async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client


async def test_a_worker_that_beats_is_alive_and_ready(database: TestDatabase) -> None:
    async with worker.working(database.login_url, TASKS) as one, asked(one) as client:
        answers = [await client.get(path) for path in ("/livez", "/readyz", "/favicon.ico")]

    assert [(answer.status_code, answer.text) for answer in answers] == [
        (200, "alive\n"), (200, "ready\n"), (404, "/livez /readyz /metrics\n"),
    ]  # fmt: skip


async def test_a_silent_heart_is_not_ready_and_says_since_when(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with worker.working(database.login_url, TASKS) as one, asked(one) as client:
        monkeypatch.setattr(Heart, "silent", property(lambda _: 17.0))
        answer = await client.get("/readyz")
        alive = await client.get("/livez")

    assert answer.status_code == 503
    assert answer.text.startswith("No heartbeat has arrived for 17 s")
    assert alive.status_code == 200, "another process would not reach the database either"


async def test_a_handler_that_never_lets_go_is_no_life(
    database: TestDatabase, service: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry()
    monkeypatch.setattr(worker, "STUCK", 0.05)

    @registry.job("greedy")
    async def greedy(_job: JobContext, _payload: Nothing) -> str:
        def ask() -> str:
            time.sleep(1.2)
            return one.not_alive() or "alive"

        return ask()

    job_id = insert(service, job_type="greedy")
    async with worker.working(database.login_url, registry) as one:
        await becomes(service, job_id, "completed")
    row = service.execute("select result from worker_jobs").fetchone()

    assert row is not None
    assert row["result"].startswith("A handler has kept the loop for")


async def test_a_worker_that_stops_is_not_ready(database: TestDatabase) -> None:
    stop = asyncio.Event()
    async with worker.connected(database.login_url, TASKS) as one:
        running = asyncio.create_task(one.run(stop))
        await one.registered.wait()
        stop.set()
        await running

    assert one.not_ready() == "The worker is stopping."


async def test_metrics_name_type_and_queue_and_the_depth_of_the_queue(
    database: TestDatabase, service: Connection
) -> None:
    done = insert(service, queue="metered")
    insert(service, queue="unserved")
    async with (
        worker.working(database.login_url, TASKS, queues=["metered"], port=1) as one,
        asked(one) as client,
    ):
        await becomes(service, done, "completed")
        shown = ""

        async def look() -> None:
            nonlocal shown
            shown = (await client.get("/metrics")).text

        await look()
        while 'state="ready"' not in shown:
            await asyncio.sleep(0.05)
            await look()

    assert 'rambla_job_runs_total{job_type="noop",outcome="completed",queue="metered"} 1.0' in shown
    assert 'rambla_job_seconds_count{job_type="noop",queue="metered"} 1.0' in shown
    assert 'rambla_jobs_claimed_total{queue="metered"} 1.0' in shown
    assert 'rambla_jobs{job_type="noop",queue="unserved",state="ready"} 1.0' in shown
