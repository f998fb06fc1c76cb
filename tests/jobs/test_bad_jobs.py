"""No payload, handler or report takes its worker along, and none runs for ever without being counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec import Struct

from conftest import TestDatabase
from jobs.conftest import Working, becomes, until
from queueing import Connection, dead_letter, insert, job
from rambla.jobs.context import JobContext
from rambla.jobs.outcomes import Cancel, Snooze
from rambla.jobs.registry import Registry
from rambla.jobs.tasks import TASKS


class Nothing(Struct, frozen=True, kw_only=True):
    pass


class Currency(Struct, frozen=True, kw_only=True):
    code: str

    def __post_init__(self) -> None:
        if self.code == "never":
            raise SystemExit(1)
        {"EUR": 2, "USD": 2}[self.code]


@pytest.fixture
def registry() -> Registry:
    return Registry()


async def test_a_payload_of_many_levels_is_a_dead_letter_and_the_next_job_runs(
    working: Working, service: Connection
) -> None:
    deep = insert(service, payload=f'{{"a": {"[" * 2000}{"]" * 2000}}}')
    after = insert(service)
    async with working(TASKS):
        await becomes(service, after, "completed")
        await becomes(service, deep, "dead")
    # Without its payload, which this process cannot read either.
    letter = service.execute("select last_error from dead_letter_queue where job_id = %s", (deep,)).fetchone()

    assert letter is not None
    assert letter["last_error"].startswith("The payload does not fit Noop: RecursionError")


@pytest.mark.parametrize(("code", "error"), [("GBP", "KeyError: 'GBP'"), ("never", "SystemExit: 1")])
async def test_a_payload_that_its_struct_refuses_in_its_own_way_is_a_dead_letter(
    working: Working, service: Connection, registry: Registry, code: str, error: str
) -> None:
    @registry.job("exchange")
    async def exchange(_job: JobContext, _currency: Currency) -> None: ...

    job_id = insert(service, job_type="exchange", payload=f'{{"code": "{code}"}}')
    async with working(Registry(registry, TASKS)):
        await becomes(service, job_id, "dead")
        await becomes(service, insert(service), "completed")
    letter = dead_letter(service, job_id)

    assert letter is not None
    assert letter["last_error"] == f"The payload does not fit Currency: {error}"


async def test_a_reason_may_be_anything(working: Working, service: Connection, registry: Registry) -> None:
    reason: Any = LookupError("the order is gone")

    @registry.job("pointless")
    async def pointless(_job: JobContext, _payload: Nothing) -> None:
        raise Cancel(reason)

    job_id = insert(service, job_type="pointless")
    async with working(registry):
        await becomes(service, job_id, "cancelled")

    assert job(service, job_id)["last_error"] == "the order is gone"


@pytest.mark.parametrize(
    ("seconds", "error"),
    [
        (dt.timedelta(hours=1), "TypeError: A snooze is a number of seconds, not datetime.timedelta(seconds=3600)."),
        (None, "TypeError: A snooze is a number of seconds, not None."),
        (float("nan"), "ValueError: Nothing can be put off by nan seconds."),
        (float("inf"), "ValueError: Nothing can be put off by inf seconds."),
    ],
    ids=repr,
)  # fmt: skip
async def test_a_snooze_that_is_no_number_of_seconds_is_a_failure_like_any_other(
    working: Working, service: Connection, registry: Registry, seconds: Any, error: str
) -> None:
    @registry.job("sleepy")
    async def sleepy(_job: JobContext, _payload: Nothing) -> None:
        raise Snooze(seconds)

    job_id = insert(service, job_type="sleepy")
    async with working(registry):
        await until(lambda: job(service, job_id)["last_error"] is not None)
    row = job(service, job_id)

    assert (row["status"], row["attempts"]) == ("pending", 1)
    assert row["last_error"].startswith(error)


def test_a_snooze_of_less_than_nothing_is_one_of_nothing() -> None:
    assert Snooze(-1).seconds == 0


@pytest.mark.parametrize("seconds", [1e300, 1e12])
async def test_a_snooze_past_the_end_of_time_is_a_dead_letter_and_not_a_run_without_end(
    working: Working, service: Connection, registry: Registry, seconds: float
) -> None:
    @registry.job("sleepy")
    async def sleepy(_job: JobContext, _payload: Nothing) -> None:
        raise Snooze(seconds)

    job_id = insert(service, job_type="sleepy")
    async with working(registry):
        await becomes(service, job_id, "dead")
    letter = dead_letter(service, job_id)

    assert letter is not None
    assert letter["last_error"].startswith("What it reported cannot be stored: ")


async def test_a_result_is_not_taken_for_a_bad_one_because_the_worker_may_not_report_it(
    working: Working, service: Connection, database: TestDatabase, registry: Registry
) -> None:
    ran = []

    @registry.job("answer")
    async def answer(_job: JobContext, _payload: Nothing) -> int:
        ran.append(True)
        return 42

    with database.connect("owner") as owner:
        owner.execute(
            "revoke execute on function"
            " public.worker_complete_jobs(bigint[], integer[], jsonb[], timestamptz) from service_role"
        )
    job_id = insert(service, job_type="answer")
    async with working(registry) as one:
        await until(lambda: bool(ran) and not one._reports.held)
        row = job(service, job_id)

    assert (row["status"], row["attempts"]) == ("running", 1)


@pytest.mark.parametrize(
    "error", [SystemExit(1), StopIteration("no more pages"), ValueError("\x00\ud800")], ids=repr
)
async def test_whatever_a_plain_function_raises_the_worker_goes_on(
    working: Working, service: Connection, registry: Registry, error: BaseException
) -> None:
    @registry.job("rude")
    def rude(_job: JobContext, _payload: Nothing) -> None:
        raise error

    job_id = insert(service, job_type="rude")
    async with working(Registry(registry, TASKS), concurrency=1):
        await until(lambda: job(service, job_id)["last_error"] is not None)
        await becomes(service, insert(service), "completed")
    row = job(service, job_id)

    assert (row["status"], row["attempts"]) == ("pending", 1)
    assert "in rude" in row["last_error"]


async def test_a_worker_of_very_many_slots_claims_what_it_may_at_a_time(
    working: Working, service: Connection
) -> None:
    job_id = insert(service)
    async with working(TASKS, concurrency=5001):
        await becomes(service, job_id, "completed")
