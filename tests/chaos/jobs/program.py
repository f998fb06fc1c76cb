"""A worker process of the chaos tests: ``python program.py URL``.

It beats and sweeps ten times as often as the product, so that a lease of two seconds is as long for it as
twenty are for that.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from msgspec import Struct

from rambla.jobs import heart, upkeep, worker
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Backoff, Registry
from rambla.jobs.tasks import TASKS
from rambla.kit import log
from rambla.kit.queries import Query

CHAOS = Registry()


class Effect(Struct, frozen=True, kw_only=True):
    seconds: float = 0.0


class Death(Struct, frozen=True, kw_only=True):
    pass


@CHAOS.job("effect", backoff=Backoff(base=0))
async def effect(job: JobContext, payload: Effect) -> None:
    """Write one row, in the transaction that completes the job."""
    await asyncio.sleep(payload.seconds)
    async with job.transaction() as tx:
        await tx.run(
            Query("insert into public.effects (job_id, run_no, pid) values (%(job_id)s, %(run_no)s, %(pid)s)"),
            job_id=job.id, run_no=job.run_no, pid=os.getpid(),
        )  # fmt: skip


@CHAOS.job("death", max_attempts=3, backoff=Backoff(base=0))
async def death(_job: JobContext, _payload: Death) -> None:
    """Take the whole process along."""
    os.kill(os.getpid(), signal.SIGKILL)


def work(url: str) -> None:
    heart.INTERVAL = 0.5  # type: ignore[misc]  # a constant of the product
    upkeep.SWEEP = 0.5  # type: ignore[misc]  # a constant of the product
    log.configure(style="json", level="warning")
    worker.run(url, Registry(TASKS, CHAOS), concurrency=10, grace=0.2)


if __name__ == "__main__":
    work(sys.argv[1])
