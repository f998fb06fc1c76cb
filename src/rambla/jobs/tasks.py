"""The queue's own job types: three for trying it, and one that redrives."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from rambla.jobs.context import JobContext
from rambla.jobs.redriving import Redriven, redrive
from rambla.jobs.registry import Registry
from rambla.jobs.types import DeadFilter

TASKS = Registry()


class Noop(Struct, frozen=True, kw_only=True):
    """Nothing is needed for nothing."""


class Sleep(Struct, frozen=True, kw_only=True):
    seconds: float = 1.0


class Poison(Struct, frozen=True, kw_only=True):
    fail: bool = True


class Redrive(Struct, frozen=True, kw_only=True):
    filter: DeadFilter


class Poisoned(Exception):  # noqa: N818 - what the job is
    """The payload asked to fail."""


@TASKS.job("noop")
async def noop(_job: JobContext, _payload: Noop) -> None:
    """Do nothing."""


@TASKS.job("sleep", timeout=3600)
async def sleep(_job: JobContext, payload: Sleep) -> None:
    """Take as long as the payload says."""
    await asyncio.sleep(payload.seconds)


@TASKS.job("poison_test")
async def poison_test(job: JobContext, payload: Poison) -> None:
    """Fail for as long as the payload says so."""
    if payload.fail:
        raise Poisoned(f"The payload asked to fail; this was attempt {job.attempt} of {job.max_attempts}.")


@TASKS.job("jobs_redrive", timeout=3600)
async def jobs_redrive(job: JobContext, payload: Redrive) -> Redriven:
    """Move the dead letters of a filter back into the queue."""
    return await redrive(job, payload.filter)
