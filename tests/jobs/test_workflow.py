"""Fan-out and fan-in, with a real worker."""

from __future__ import annotations

import pytest
from msgspec import Struct

from conftest import TestDatabase
from jobs.conftest import Working, becomes
from queueing import Connection, job
from rambla.jobs import claims
from rambla.jobs.actions import Request, enqueue, enqueue_many
from rambla.jobs.context import JobContext
from rambla.jobs.outcomes import Cancel
from rambla.jobs.registry import Registry
from rambla.kit.db import SERVICE, Database

TASKS = Registry()


class Count(Struct, frozen=True, kw_only=True):
    number: int


class Total(Struct, frozen=True, kw_only=True):
    name: str = ""


@TASKS.job("count")
async def count(_job: JobContext, payload: Count) -> int:
    if payload.number < 0:
        raise Cancel("nothing to count")
    return payload.number


@TASKS.job("total")
async def total(job: JobContext, _payload: Total) -> dict[str, object]:
    parents = await job.parents()
    return {"sum": sum(parent.result for parent in parents), "of": [parent.id for parent in parents]}


async def test_results_of_parents_are_there_for_the_child(
    working: Working, service: Connection, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "POLL", 3600)
    async with working(TASKS), Database.opened(database.login_url, size=1) as db:
        async with db.transaction(SERVICE) as tx:
            parts = await enqueue_many(tx, [Request(payload=Count(number=n)) for n in (1, 2, 39)])
            ids = [part.id for part in parts]
            child = await enqueue(tx, Total(), after=ids)
        await becomes(service, child.id, "completed")

    assert job(service, child.id)["result"] == {"sum": 42, "of": ids}


async def test_a_child_may_ask_to_be_cancelled_with_its_parent(
    working: Working, service: Connection, database: TestDatabase
) -> None:
    async with working(TASKS), Database.opened(database.login_url, size=1) as db:
        async with db.transaction(SERVICE) as tx:
            parent = await enqueue(tx, Count(number=-1))
            child = await enqueue(tx, Total(), after=[parent.id], on_parent_failure="cancel")
        await becomes(service, child.id, "cancelled")
