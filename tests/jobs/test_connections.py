"""A worker's connections are cut, killed and left half-open; it notices and goes on."""

from __future__ import annotations

import asyncio

import pytest

from conftest import TestDatabase
from jobs.conftest import becomes, until
from jobs.half_open import way
from queueing import Connection, insert, job
from rambla.jobs import heart, worker
from rambla.jobs.tasks import TASKS

OF_THE_WORKER = """
select pid from pg_stat_activity
where usename = 'rambla_login' and datname = current_database() and backend_type = 'client backend'
"""


async def test_half_open_connections_are_noticed_and_replaced(
    database: TestDatabase, service: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PATIENCE", 0.5)
    monkeypatch.setattr(worker, "BEAT_PATIENCE", 0.5)
    monkeypatch.setattr(heart, "INTERVAL", 1.0)
    async with way(database.login_url) as (url, the_way), worker.working(url, TASKS) as one:
        await becomes(service, insert(service), "completed")
        silenced = the_way.fall_silent()
        ids = [insert(service) for _ in range(20)]
        for job_id in ids:
            await becomes(service, job_id, "completed", patience=30)
        await until(lambda: one._heart.silent < 1, patience=30)

    assert silenced >= 4
    assert all(job(service, job_id)["status"] == "completed" for job_id in ids)


async def test_each_of_its_backends_may_be_terminated(
    database: TestDatabase, service: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heart, "INTERVAL", 0.2)
    with database.connect("owner") as owner:
        async with worker.working(database.login_url, TASKS) as one:
            await becomes(service, insert(service), "completed")
            victims = [row["pid"] for row in owner.execute(OF_THE_WORKER).fetchall()]
            for pid in victims:
                owner.execute("select pg_terminate_backend(%s)", (pid,))
                await becomes(service, insert(service), "completed")
            await until(lambda: one._heart.silent < 0.2)
            after = {row["pid"] for row in owner.execute(OF_THE_WORKER).fetchall()}
            await asyncio.wait_for(one._hub.connected.wait(), 10)

    assert len(victims) >= 5
    assert not after & set(victims)
