"""Dead letters of a filter back into the queue, by a job that says how far it is."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from rambla.jobs.board import as_json
from rambla.jobs.context import JobContext
from rambla.jobs.types import DeadFilter
from rambla.kit.db import SERVICE
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")

BATCH: Final = 500


class Redriven(Struct, frozen=True, kw_only=True):
    """What it came to; ``left`` are those whose id another job has, or that somebody else was moving."""

    redriven: int
    left: int


async def redrive(job: JobContext, which: DeadFilter) -> Redriven:
    """Each batch is a transaction of its own: a job that is interrupted goes on where it was."""
    total, moved = await _count(job, which), 0
    while batch := await _move(job, which):
        moved += batch
        await job.progress(min(100, moved * 100 // max(total, 1)), f"{moved} of {max(total, moved)}")
    return Redriven(redriven=moved, left=await _count(job, which))


async def _count(job: JobContext, which: DeadFilter) -> int:
    async with job.database.transaction(SERVICE, read_only=True) as tx:
        return await tx.value(int, sql.redrive_count, filter=as_json(which))


async def _move(job: JobContext, which: DeadFilter) -> int:
    async with job.database.transaction(SERVICE) as tx:
        return await tx.value(int, sql.redrive_batch, filter=as_json(which), limit=BATCH)
