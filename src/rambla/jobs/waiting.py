"""Wait for what becomes of a job."""

from __future__ import annotations

import asyncio
from typing import Final

from rambla.jobs.board import read_job
from rambla.jobs.types import JobDetail
from rambla.kit.db import SERVICE, Database

_OVER: Final = ("completed", "cancelled", "dead")


async def ended(db: Database, job_id: int, *, look_every: float = 0.05) -> JobDetail:
    """The job once it has completed, was cancelled or is a dead letter; ``asyncio.timeout`` says how long to wait."""
    while True:
        async with db.transaction(SERVICE, read_only=True) as tx:
            job = await read_job(tx, job_id)
        if job.status in _OVER:
            return job
        await asyncio.sleep(look_every)
