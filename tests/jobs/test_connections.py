"""A worker's connections are cut, killed and left half-open; it notices and goes on."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from conftest import TestDatabase
from jobs.conftest import becomes, until
from jobs.half_open import way
from queueing import Connection, insert, job
from rambla.jobs import heart, worker
from rambla.jobs.heart import Heart
from rambla.jobs.tasks import TASKS
from rambla.kit.db import Database

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


async def test_a_heart_whose_first_connection_is_not_answered_beats_as_soon_as_one_is(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heart, "INTERVAL", 0.2)
    async with way(database.login_url) as (url, the_way):
        the_way.answers = False
        one = Heart(
            Database.at(url, size=1, patience=0.5), worker_id=uuid4(), concurrency=1, queues=["default"],
            job_types=["noop"], held=lambda: ([], []), lost=lambda _: None,
        )  # fmt: skip
        one.start()
        await asyncio.sleep(1)
        silent = one.silent
        the_way.answers = True
        the_way.hang_up()
        await until(lambda: one.silent < 0.2)
        await one.stop()

    assert silent >= 1


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


async def test_it_says_goodbye_although_its_backends_were_terminated_just_before(
    database: TestDatabase, service: Connection
) -> None:
    with database.connect("owner") as owner:
        async with worker.working(database.login_url, TASKS):
            await becomes(service, insert(service), "completed")
            terminated = owner.execute(
                f"select count(pg_terminate_backend(w.pid)) as backends from ({OF_THE_WORKER}) w"
            ).fetchone()
        still_there = owner.execute("select worker_id from public.worker_heartbeats").fetchall()

    assert terminated
    assert terminated["backends"] >= 5
    assert still_there == []
