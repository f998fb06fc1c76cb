"""Three jobs, and one that comes after all of them and reads their results."""

from __future__ import annotations

import asyncio
import os

from msgspec import Struct

from rambla.jobs.actions import Request, enqueue, enqueue_many
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Registry
from rambla.jobs.waiting import ended
from rambla.jobs.worker import working
from rambla.kit import log
from rambla.kit.db import SERVICE, Database

TASKS = Registry()


class Measure(Struct, frozen=True, kw_only=True):
    text: str


class Report(Struct, frozen=True, kw_only=True):
    title: str


@TASKS.job("example.measure", queue="example")
async def measure(_job: JobContext, payload: Measure) -> int:
    return len(payload.text.split())


@TASKS.job("example.report", queue="example")
async def report(job: JobContext, payload: Report) -> str:
    """Runs when the last of its parents has completed; their results are there."""
    counts = [parent.result for parent in await job.parents()]
    await job.progress(100, "all read")
    return f"{payload.title}: {sum(counts)} words in {len(counts)} texts"


async def main() -> None:
    url = os.environ["DATABASE_URL"]
    texts = ("a bowl of clay", "a saddle", "for everybody who rides")
    async with Database.opened(url, size=1) as db, working(url, TASKS, queues=["example"]):
        async with db.transaction(SERVICE) as tx:
            parts = await enqueue_many(tx, [Request(payload=Measure(text=text)) for text in texts])
            last = await enqueue(
                tx, Report(title="Shop"), after=[p.id for p in parts], on_parent_failure="cancel"
            )
        job = await ended(db, last.id)
    print(f"job {job.id}: {job.result}")


if __name__ == "__main__":
    log.configure(style="console", level="warning")
    asyncio.run(main())
