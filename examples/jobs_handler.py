"""Handlers: one that writes in the transaction that completes its job, one that waits, one that gives up."""

from __future__ import annotations

import asyncio
import os

from msgspec import Struct

from rambla.jobs.actions import enqueue
from rambla.jobs.context import JobContext
from rambla.jobs.outcomes import Cancel, Snooze
from rambla.jobs.registry import Registry
from rambla.jobs.waiting import ended
from rambla.jobs.worker import working
from rambla.kit import log
from rambla.kit.db import SERVICE, Database

TASKS = Registry()


class Step(Struct, frozen=True, kw_only=True):
    then: str


class Report(Struct, frozen=True, kw_only=True):
    numbers: list[int]


@TASKS.job("example_chain", queue="examples", timeout=30)
async def chain(job: JobContext, step: Step) -> None:
    async with job.transaction() as tx:  # what follows and the end of this job: both or neither
        await enqueue(tx, Report(numbers=[1, 2, 3]), key=step.then, unique="pending")


@TASKS.job("example_report", queue="examples", max_attempts=3)
def report(job: JobContext, report: Report) -> int:  # a plain function runs in a thread
    if job.run_no == 1:
        raise Snooze(0)  # not yet; this is no attempt
    if not report.numbers:
        raise Cancel("there is nothing to add up")
    return sum(report.numbers)


async def main() -> None:
    url = os.environ["DATABASE_URL"]
    async with working(url, TASKS, queues=["examples"]), Database.opened(url, size=1) as db:
        async with db.transaction(SERVICE) as tx:
            first = await enqueue(tx, Step(then="example:report"))
            empty = await enqueue(tx, Report(numbers=[]))
        await ended(db, first.id)
        async with db.transaction(SERVICE) as tx:
            second = await enqueue(tx, Report(numbers=[1, 2, 3]), key="example:report")
        for job in [await ended(db, enqueued.id) for enqueued in (first, second, empty)]:
            print(f"job {job.id}: {job.job_type} {job.status} at attempt {job.attempts}, result {job.result}")


if __name__ == "__main__":
    log.configure(style="console", level="warning")
    asyncio.run(main())
