"""Three jobs, and one that comes after all of them and reads their results.

DATABASE_URL=... python examples/jobs_workflow.py
"""

from __future__ import annotations

import asyncio
import os

from msgspec import Struct

from rambla.jobs.actions import Request, enqueue, enqueue_many
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Registry
from rambla.jobs.worker import connected
from rambla.kit.db import SERVICE, Database

TASKS = Registry()
done = asyncio.Event()


class Measure(Struct, frozen=True, kw_only=True):
    text: str


class Report(Struct, frozen=True, kw_only=True):
    title: str


@TASKS.job("example.measure", queue="example")
async def measure(_job: JobContext, payload: Measure) -> int:
    return len(payload.text.split())


@TASKS.job("example.report", queue="example")
async def report(job: JobContext, payload: Report) -> None:
    """Runs when the last of its parents has completed; their results are there."""
    counts = [parent.result for parent in await job.parents()]
    await job.progress(100, "all read")
    print(f"{payload.title}: {sum(counts)} words in {len(counts)} texts")
    done.set()


async def run(url: str) -> None:
    stop = asyncio.Event()
    texts = ("a bowl of clay", "a saddle", "for everybody who rides")
    async with Database.opened(url, size=1) as db, connected(url, TASKS, queues=["example"]) as worker:
        working = asyncio.create_task(worker.run(stop))
        async with db.transaction(SERVICE) as tx:
            parts = await enqueue_many(tx, [Request(payload=Measure(text=text)) for text in texts])
            await enqueue(tx, Report(title="Shop"), after=[p.id for p in parts], on_parent_failure="cancel")
        await done.wait()
        stop.set()
        await working


def main() -> None:
    asyncio.run(run(os.environ["DATABASE_URL"]))


if __name__ == "__main__":
    main()
