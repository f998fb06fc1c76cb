"""What builders test their handlers with: due jobs run in the test's own transaction, at a moment it names."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
from msgspec import Struct

from conftest import TestDatabase
from people import ALICE
from queueing import NOON, Connection
from rambla.jobs.actions import enqueue
from rambla.jobs.board import read_job
from rambla.jobs.context import JobContext
from rambla.jobs.outcomes import Cancel, Snooze
from rambla.jobs.registry import Registry
from rambla.jobs.testing import Run, run_due
from rambla.kit.db import SERVICE, Caller, Database
from rambla.kit.queries import Query

TASKS = Registry()
MINUTE = dt.timedelta(minutes=1)


class Step(Struct, frozen=True, kw_only=True):
    then: str = "end"


class Sum(Struct, frozen=True, kw_only=True):
    numbers: list[int]


@TASKS.job("test_step", max_attempts=3, timeout=0.2)
async def step(job: JobContext, payload: Step) -> None:
    if payload.then == "fail":
        raise ValueError("boom")
    if payload.then == "snooze":
        raise Snooze(30)
    if payload.then == "cancel":
        raise Cancel("no point")
    if payload.then == "hang":
        await asyncio.sleep(60)
    if payload.then == "half":
        async with job.transaction() as tx:
            await enqueue(tx, Sum(numbers=[1]))
            raise ValueError("after the write")
    async with job.transaction() as tx:
        await enqueue(tx, Sum(numbers=[1, 2, 3]))


@TASKS.job("test_sum")
def add_up(_job: JobContext, payload: Sum) -> int:
    return sum(payload.numbers)


class Ask(Struct, frozen=True, kw_only=True):
    pass


@TASKS.job("test_ask")
async def ask(job: JobContext, _payload: Ask) -> list[str]:
    who = Query("select coalesce(auth.uid()::text, auth.role())")
    found = []
    for caller in (Caller.user(ALICE.id), Caller("service_role")):
        async with job.database.transaction(caller) as tx:
            found.append(await tx.value(str, who))
    return found


@pytest.fixture
async def db(database: TestDatabase) -> AsyncIterator[Database]:
    async with Database.opened(database.login_url, size=1) as db:
        yield db


async def test_a_chain_runs_step_by_step_and_nothing_of_it_stays(db: Database, service: Connection) -> None:
    async with db.rehearsal(SERVICE) as tx:
        first = await enqueue(tx, Step())
        (one,) = await run_due(tx, TASKS, at=NOON)
        (two,) = await run_due(tx, TASKS, at=NOON)
        none = await run_due(tx, TASKS, at=NOON)
        done, summed = await read_job(tx, first.id), await read_job(tx, two.job_id)

    assert one == Run(job_id=first.id, job_type="test_step", outcome="completed")
    assert (two.job_type, summed.result, none) == ("test_sum", 6, [])
    assert (done.status, done.started_at, done.finished_at) == ("completed", NOON, NOON)
    assert service.execute("select from worker_jobs").fetchall() == []


async def test_the_clock_is_the_tests(db: Database) -> None:
    async with db.rehearsal(SERVICE) as tx:
        job = await enqueue(tx, Step(then="fail"), run_at=NOON)
        early = await run_due(tx, TASKS, at=NOON - MINUTE)
        (first,) = await run_due(tx, TASKS, at=NOON)
        waits = await run_due(tx, TASKS, at=NOON + MINUTE * 0.99)
        second = await run_due(tx, TASKS, at=NOON + MINUTE)
        third = await run_due(tx, TASKS, at=NOON + MINUTE * 3)
        dead = await read_job(tx, job.id)

    assert (early, waits) == ([], [])
    assert (first.outcome, (first.error or "").partition("\n")[0]) == ("failed", "ValueError: boom")
    assert [len(second), len(third)] == [1, 1]
    assert (dead.status, dead.finished_at) == ("dead", NOON + MINUTE * 3)


@pytest.mark.parametrize(
    ("then", "outcome", "status"),
    [
        ("snooze", "snoozed", "pending"),
        ("cancel", "cancelled", "cancelled"),
        ("hang", "timed_out", "pending"),
    ],
)
async def test_every_end_of_a_run(db: Database, then: str, outcome: str, status: str) -> None:
    async with db.rehearsal(SERVICE) as tx:
        job = await enqueue(tx, Step(then=then))
        (run,) = await run_due(tx, TASKS, at=NOON)
        row = await read_job(tx, job.id)

    assert (run.outcome, row.status) == (outcome, status)
    assert row.attempts == (0 if then == "snooze" else 1)


async def test_an_error_takes_back_what_its_transaction_wrote(db: Database) -> None:
    async with db.rehearsal(SERVICE) as tx:
        await enqueue(tx, Step(then="half"))
        (run,) = await run_due(tx, TASKS, at=NOON)
        again = await run_due(tx, TASKS, at=NOON)

    assert (run.outcome, again) == ("failed", [])


async def test_a_handler_may_act_for_a_person(db: Database) -> None:
    async with db.rehearsal(SERVICE) as tx:
        job = await enqueue(tx, Ask())
        await run_due(tx, TASKS, at=NOON)
        row = await read_job(tx, job.id)

    assert row.result == [str(ALICE.id), "service_role"]


async def test_only_the_queues_that_are_named(db: Database) -> None:
    async with db.rehearsal(SERVICE) as tx:
        await enqueue(tx, Step())

        assert await run_due(tx, TASKS, at=NOON, queues=["bulk"]) == []
        assert len(await run_due(tx, TASKS, at=NOON, queues=["bulk", "default"])) == 1
