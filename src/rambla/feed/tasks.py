"""Jobs of the feed."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from rambla.jobs.context import JobContext
from rambla.jobs.registry import Registry, Schedule
from rambla.kit.db import SERVICE
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")
TASKS = Registry()

_BATCH: Final = 5_000
_RELATED: Final = 50


class Prune(Struct, frozen=True, kw_only=True):
    """Everything that is due is pruned, so there is nothing to say."""


class Fold(Struct, frozen=True, kw_only=True):
    """Everything that waits is folded."""


class Relate(Struct, frozen=True, kw_only=True):
    """Everything whose engagement has moved is looked at."""


@TASKS.job("feed_fold")
async def fold(job: JobContext, _payload: Fold) -> None:
    """Add recorded events to counters and affinities, some at a time so that no row is held for long."""
    folded = _BATCH
    while folded == _BATCH:
        async with job.database.transaction(SERVICE) as tx:
            folded = await tx.value(int, sql.fold, limit=_BATCH)


@TASKS.job("feed_relate")
async def relate(job: JobContext, _payload: Relate) -> None:
    """Find again what is liked together with items that many more like by now, some at a time."""
    looked_at = _RELATED
    while looked_at == _RELATED:
        async with job.database.transaction(SERVICE) as tx:
            looked_at = await tx.value(int, sql.relate, limit=_RELATED)


@TASKS.job("feed_prune")
async def prune(job: JobContext, _payload: Prune) -> None:
    """Make tables for the events of the weeks that come; drop old ones, and slates of the day before."""
    async with job.database.transaction(SERVICE) as tx:
        await tx.run(sql.turn)
    async with job.database.transaction(SERVICE) as tx:
        await tx.run(sql.prune)


TASKS.schedule(Schedule(name="feed_fold", cron="* * * * *", payload=Fold()))
TASKS.schedule(Schedule(name="feed_relate", cron="*/10 * * * *", payload=Relate()))
TASKS.schedule(Schedule(name="feed_prune", cron="17 * * * *", payload=Prune()))
