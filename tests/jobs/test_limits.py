"""Limits as code says them, with real workers."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from msgspec import Struct

from conftest import TestDatabase
from jobs.conftest import Working, until
from queueing import Connection, insert, limit
from rambla.jobs import claims
from rambla.jobs.actions import Request, enqueue, enqueue_many
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Rate, Registry
from rambla.kit.db import SERVICE, Database


class Payout(Struct, frozen=True, kw_only=True):
    creator: str = ""


class Small(Struct, frozen=True, kw_only=True):
    pass


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not found by a notification is not found in time."""
    monkeypatch.setattr(claims, "POLL", 3600)


def finished(service: Connection) -> int:
    row = service.execute("select count(*) as n from worker_jobs where status = 'completed'").fetchone()
    assert row is not None
    found: int = row["n"]
    return found


@pytest.mark.usefixtures("no_poll")
async def test_two_workers_keep_within_the_limit_of_a_type_and_go_on_without_a_poll(
    working: Working, service: Connection, registry: Registry
) -> None:
    now, most = 0, 0

    @registry.job("resize", most_running=3)
    async def resize(_job: JobContext, _payload: Payout) -> None:
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(0.01)
        now -= 1

    async with working(registry), working(registry):
        await until(lambda: service.execute("select from worker_limits").fetchone() is not None)
        service.execute("insert into worker_jobs (job_type) select 'resize' from generate_series(1, 60)")
        await until(lambda: finished(service) == 60, 30)

    assert most == 3


@pytest.mark.usefixtures("no_poll")
async def test_jobs_of_a_key_follow_each_other_without_a_poll(
    working: Working, service: Connection, database: TestDatabase, registry: Registry
) -> None:
    now: Counter[str] = Counter()
    most: Counter[str] = Counter()
    order: list[int] = []

    @registry.job("payout")
    async def payout(job: JobContext, payload: Payout) -> None:
        now[payload.creator] += 1
        most[payload.creator] = max(most[payload.creator], now[payload.creator])
        await asyncio.sleep(0.005)
        now[payload.creator] -= 1
        order.append(job.id)

    async with working(registry), working(registry), Database.opened(database.login_url, size=1) as db:
        async with db.transaction(SERVICE) as tx:
            await enqueue_many(
                tx,
                [
                    Request(payload=Payout(creator=creator), partition_key=creator)
                    for _ in range(15)
                    for creator in ("alice", "bob")
                ],
            )
        await until(lambda: finished(service) == 30, 30)

    assert most == {"alice": 1, "bob": 1}
    assert [i for i in order if i % 2] == sorted(i for i in order if i % 2)


@pytest.mark.usefixtures("no_poll")
async def test_a_transaction_that_completes_its_job_lets_the_next_of_the_key_go(
    working: Working, service: Connection, database: TestDatabase, registry: Registry
) -> None:
    @registry.job("payout")
    async def payout(job: JobContext, _payload: Payout) -> None:
        async with job.transaction():
            await asyncio.sleep(0.005)

    async with working(registry), Database.opened(database.login_url, size=1) as db:
        async with db.transaction(SERVICE) as tx:
            for _ in range(5):
                await enqueue(tx, Payout(), partition_key="alice")
        await until(lambda: finished(service) == 5)


async def test_what_the_code_says_is_written_down_and_an_operator_stands_above_it(
    working: Working, service: Connection, registry: Registry
) -> None:
    @registry.job("payout", most_running=7, most_per_key=2, rate=Rate(10, per=60))
    async def payout(_job: JobContext, _payload: Payout) -> None: ...

    async with working(registry):
        await until(lambda: service.execute("select from worker_limits").fetchone() is not None)
    limit(service, "type", "payout", most_running=1)
    async with working(registry):
        await until(lambda: service.execute("select from worker_heartbeats").fetchone() is not None)
    rows = service.execute(
        "select source, most_running, most_per_key, rate_count, rate_seconds from worker_limits order by source"
    ).fetchall()

    assert [tuple(row.values()) for row in rows] == [
        ("code", 7, 2, 10, 60.0),
        ("operator", 1, None, None, None),
    ]


@pytest.mark.usefixtures("no_poll")
async def test_a_crowd_that_has_to_wait_delays_nobody_behind_it(
    working: Working, service: Connection, registry: Registry
) -> None:
    """The claim stops now and then on its way through them, and the worker goes on at once."""

    @registry.job("resize", most_running=1)
    async def resize(_job: JobContext, _payload: Payout) -> None:
        await asyncio.sleep(3600)

    @registry.job("small")
    async def small(_job: JobContext, _payload: Small) -> None: ...

    async with working(registry, grace=0):
        await until(lambda: service.execute("select from worker_limits").fetchone() is not None)
        service.execute(
            "insert into worker_jobs (job_type, next_run_at) select 'resize', now() - interval '1 hour'"
            " from generate_series(1, 12000)"
        )
        insert(service, job_type="small")
        await until(lambda: finished(service) == 1, 30)
