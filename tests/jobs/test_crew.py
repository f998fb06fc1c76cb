"""The slots of a worker, without a database behind them."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from uuid import uuid4

from rambla.jobs.crew import Crew
from rambla.jobs.outcomes import Report
from rambla.jobs.registry import Registry
from rambla.jobs.run import Runs
from rambla.jobs.tasks import Noop
from rambla.jobs.types import Claimed
from rambla.kit.db import Database


async def test_handlers_that_never_wait_leave_the_loop_to_claims_and_reports() -> None:
    registry = Registry()

    @registry.job("sum")
    async def add_up(_job: object, _payload: Noop) -> None:
        time.sleep(0.002)  # noqa: ASYNC251 - as a handler does that only computes

    reports: list[Report] = []
    crew = Crew(Runs(registry, Database.at("", size=1), uuid4()), reports.append, size=50)
    slots = crew.start()
    crew.take([_claimed(number) for number in range(50)])
    seen = []
    while len(reports) < 50:
        await asyncio.sleep(0)
        seen.append(len(reports))
    for slot in slots:
        slot.cancel()
    await asyncio.wait(slots)

    assert len(set(seen)) >= 49  # whoever else waited had a turn after each run, however many slots are free


async def test_handlers_that_wait_leave_their_time_to_the_other_slots() -> None:
    registry = Registry()
    running = most = 0

    @registry.job("sum")
    async def wait(_job: object, _payload: Noop) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1

    reports: list[Report] = []
    done = asyncio.Event()

    def report(one: Report) -> None:
        reports.append(one)
        if len(reports) == 50:
            done.set()

    crew = Crew(Runs(registry, Database.at("", size=1), uuid4()), report, size=10)
    slots = crew.start()
    crew.take([_claimed(number) for number in range(50)])
    await done.wait()
    for slot in slots:
        slot.cancel()
    await asyncio.wait(slots)

    assert most == 10


def _claimed(number: int) -> Claimed:
    return Claimed(
        id=number, run_no=1, job_type="sum", queue="default", priority=0, next_run_at=dt.datetime.now(dt.UTC),
        payload="{}", attempt=1, max_attempts=5,
    )  # fmt: skip
