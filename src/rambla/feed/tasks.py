"""Jobs of the feed."""

from __future__ import annotations

from msgspec import Struct

from rambla.jobs.context import JobContext
from rambla.jobs.registry import Registry, Schedule
from rambla.kit.db import SERVICE
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")
TASKS = Registry()


class Prune(Struct, frozen=True, kw_only=True):
    """Everything that is due is pruned, so there is nothing to say."""


@TASKS.job("feed_prune")
async def prune(job: JobContext, _payload: Prune) -> None:
    """Delete old events, and slates that nobody reads from any more."""
    async with job.database.transaction(SERVICE) as tx:
        await tx.run(sql.prune)


TASKS.schedule(Schedule(name="feed_prune", cron="17 * * * *", payload=Prune()))
