"""What may be registered, and what enqueueing makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from msgspec import Struct

from conftest import TestDatabase
from jobs.conftest import Working
from people import ALICE
from queueing import NOON, Connection, job
from rambla.errors import Problem
from rambla.jobs.actions import Request, enqueue, enqueue_apart, enqueue_many
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Keep, Registry, Schedule
from rambla.kit.db import SERVICE, Caller, Database

TASKS = Registry()


class SendReceipt(Struct, frozen=True, kw_only=True):
    order_id: UUID
    copies: int = 1


class Unregistered(Struct):
    pass


@TASKS.job("send_receipt", queue="mail", priority=3, max_attempts=8)
async def send_receipt(_job: JobContext, _receipt: SendReceipt) -> None: ...


ORDER = SendReceipt(order_id=ALICE.id)


@pytest.fixture
async def db(database: TestDatabase) -> AsyncIterator[Database]:
    db = Database.at(database.login_url, size=2)
    await db.open()
    yield db
    await db.close()


async def test_a_payload_is_enqueued_as_its_type_says(db: Database, service: Connection) -> None:
    async with db.transaction(SERVICE) as tx:
        enqueued = await enqueue(tx, ORDER, key="order:1", run_at=NOON)
    row = job(service, enqueued.id)

    assert (enqueued.created, enqueued.same_payload) == (True, True)
    assert (row["job_type"], row["queue"], row["priority"], row["max_attempts"]) == (
        "send_receipt",
        "mail",
        3,
        8,
    )
    assert row["payload"] == {"order_id": str(ALICE.id), "copies": 1}
    assert (row["idempotency_key"], row["next_run_at"]) == ("order:1", NOON)


async def test_the_job_belongs_to_the_callers_transaction(db: Database, service: Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.transaction(SERVICE) as tx:
            await enqueue(tx, ORDER)
            raise ZeroDivisionError

    assert service.execute("select from worker_jobs").fetchone() is None


async def test_the_same_key_says_that_it_is_not_new(db: Database) -> None:
    async with db.transaction(SERVICE) as tx:
        first = await enqueue(tx, ORDER, key="k")
        again = await enqueue(tx, ORDER, key="k")
        other = await enqueue(tx, SendReceipt(order_id=ALICE.id, copies=2), key="k")

    assert first.id == again.id == other.id
    assert (again.created, again.same_payload) == (False, True)
    assert (other.created, other.same_payload) == (False, False)


async def test_a_job_of_no_transaction_is_there_at_once(db: Database, service: Connection) -> None:
    first = await enqueue_apart(db, ORDER, key="k", tags=["mail"])
    again = await enqueue_apart(db, ORDER, key="k")
    hourly = await enqueue_apart(db, ORDER, key="h", unique=dt.timedelta(hours=1))

    assert job(service, hourly)["idempotency_key"] == "h"
    assert (job(service, first)["tags"], job(service, first)["queue"]) == (["mail"], "mail")
    assert again == first


async def test_many_are_enqueued_in_order(db: Database, service: Connection) -> None:
    requests = [Request(payload=SendReceipt(order_id=ALICE.id, copies=n), priority=n) for n in range(50)]
    async with db.transaction(SERVICE) as tx:
        enqueued = await enqueue_many(tx, requests)

    rows = [job(service, e.id) for e in enqueued]
    assert [(row["payload"]["copies"], row["priority"]) for row in rows] == [(n, n) for n in range(50)]


async def test_a_payload_that_does_not_fit_is_refused_with_the_field_named(db: Database) -> None:
    wrong = SendReceipt(order_id="not a uuid")  # type: ignore[arg-type]  # what this test is about
    async with db.transaction(SERVICE) as tx:
        with pytest.raises(Problem, match=r"SendReceipt: .*\$\.order_id"):
            await enqueue(tx, wrong)


async def test_a_payload_of_no_job_is_a_mistake_of_the_program(db: Database) -> None:
    async with db.transaction(SERVICE) as tx:
        with pytest.raises(TypeError, match="Unregistered is the payload of no registered job"):
            await enqueue(tx, Unregistered())


async def test_alice_cannot_enqueue(db: Database) -> None:
    with pytest.raises(Problem, match="You may not do this"):
        async with db.transaction(Caller.user(ALICE.id)) as tx:
            await enqueue(tx, ORDER)
    with pytest.raises(Problem, match="You may not do this"):
        await enqueue_apart(db, ORDER, Caller.user(ALICE.id))


def test_a_type_is_registered_once() -> None:
    with pytest.raises(ValueError, match="send_receipt is registered twice"):
        Registry(TASKS, TASKS)


def test_a_payload_belongs_to_one_type() -> None:
    registry = Registry(TASKS)
    with pytest.raises(ValueError, match="SendReceipt is the payload of another job"):
        registry.job("again")(send_receipt)


def test_a_schedule_is_registered_once() -> None:
    registry = Registry()
    registry.schedule(Schedule(name="nightly", cron="0 0 * * *", payload=ORDER))
    with pytest.raises(ValueError, match="nightly is registered twice"):
        registry.schedule(Schedule(name="nightly", cron="0 1 * * *", payload=ORDER))


async def _only_the_job(_job: JobContext) -> None: ...
async def _not_a_struct(_job: JobContext, _payload: dict[str, str]) -> None: ...


@pytest.mark.parametrize("handler", [_only_the_job, _not_a_struct])
def test_a_handler_takes_the_job_and_a_struct(handler: object) -> None:
    with pytest.raises(TypeError, match="a msgspec struct"):
        Registry().job("odd")(handler)  # type: ignore[arg-type]  # what this test is about


async def test_a_key_may_count_for_a_while_only(db: Database, service: Connection) -> None:
    async with db.transaction(SERVICE) as tx:
        first = await enqueue(tx, ORDER, key="k", unique=dt.timedelta(hours=1), tags=["vip"])
        again = await enqueue(tx, ORDER, key="k", unique=dt.timedelta(hours=1))
        await enqueue(tx, ORDER, key="p", unique="pending")
    service.execute("select public.worker_cancel(id) from worker_jobs where idempotency_key = 'p'")
    async with db.transaction(SERVICE) as tx:
        free = await enqueue(tx, ORDER, key="p", unique="pending")

    assert (again.id, again.created, free.created) == (first.id, False, True)
    assert job(service, first.id)["tags"] == ["vip"]


async def test_how_long_a_type_is_kept_stands_in_its_row(working: Working, service: Connection) -> None:
    registry = Registry()

    @registry.job("kept", keep=Keep(completed=dt.timedelta(days=2, hours=1), dead=dt.timedelta(days=400)))
    async def kept(_job: JobContext, _payload: Unregistered) -> None: ...

    async with working(registry) as one:
        await one.registered.wait()
    row = service.execute("select * from worker_job_types where job_type = 'kept'").fetchone()

    assert row is not None
    assert (row["keep_completed"], row["keep_cancelled"]) == (dt.timedelta(days=2, hours=1), None)
    assert row["keep_dead"] == dt.timedelta(days=400)
