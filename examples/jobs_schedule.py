"""A job by the clock: what code says is written down by the worker, and people pause it or run it at once."""

from __future__ import annotations

import asyncio
import os

from msgspec import Struct

from rambla.jobs.board import read_schedules
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Registry, Schedule
from rambla.jobs.waiting import ended
from rambla.jobs.worker import working
from rambla.kit import log
from rambla.kit.db import SERVICE, Database
from rambla.kit.queries import Queries

TASKS = Registry()
sql = Queries("rambla.jobs")


class Sweep(Struct, frozen=True, kw_only=True):
    room: str = "the attic"


@TASKS.job("example_sweep", queue="examples")
async def sweep(_job: JobContext, payload: Sweep) -> str:
    return f"{payload.room} is swept"


TASKS.schedule(Schedule(name="example-nightly", cron="0 3 * * *", timezone="Europe/Madrid", payload=Sweep()))


async def main() -> None:
    url = os.environ["DATABASE_URL"]
    async with working(url, TASKS, queues=["examples"]) as worker, Database.opened(url, size=1) as db:
        await worker.registered.wait()
        async with db.transaction(SERVICE) as tx:
            (nightly,) = await read_schedules(tx)
            print(
                f"{nightly.name} is {nightly.cron} in {nightly.timezone}, {len(nightly.next_ticks)} ticks are foreseen"
            )
            await tx.run(sql.schedule_pause, name=nightly.name, reason="holidays")
            (nightly,) = await read_schedules(tx)
            print(f"paused for {nightly.pause_reason}, {len(nightly.next_ticks)} ticks are foreseen")
            job_id = await tx.value(int, sql.schedule_run, name=nightly.name)
        job = await ended(db, job_id)
        print(f"run now as job {job.id}: {job.result}")


if __name__ == "__main__":
    log.configure(style="console", level="warning")
    asyncio.run(main())
