"""What some worker must do now and then: end the runs of silent workers, open gates, enqueue by the clock, prune.

Every worker does all of it. The database lets one sweep at a time, and a tick gives one job however many ask.
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import Final

from rambla.errors import Problem
from rambla.jobs import cron, metrics
from rambla.jobs.cron import Timetable
from rambla.jobs.types import Tally
from rambla.kit import log
from rambla.kit.db import SERVICE, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")

SWEEP: Final = 5.0
PRUNE: Final = 60.0
BATCH: Final = 5000  # jobs of one prune; fewer were all that there was
PRUNE_AT_MOST: Final = 1.0  # seconds; ticks and the runs of silent workers wait meanwhile
SAMPLE: Final = 15.0


class Upkeep:
    """The chores of one worker."""

    def __init__(self, database: Database, *, sample: bool) -> None:
        self._database = database
        self._sample = sample
        self._sampled = float("-inf")
        self._pruned = time.monotonic()
        self._gate = ""

    async def run(self) -> None:
        while True:
            pause = SWEEP * random.uniform(0.8, 1.2)  # noqa: S311 - so that workers do not sweep in step
            try:
                await self._rescue()
                await self._reopen()
                pause = min(pause, await self._tick())
                await self._prune()
                await self._show_depth()
            except Problem as problem:
                log.get().warning("jobs.upkeep_failed", code=problem.code)
            await asyncio.sleep(pause)

    async def _rescue(self) -> None:
        async with self._database.transaction(SERVICE) as tx:
            rescued = await tx.value(int, sql.rescue)
        if rescued:
            metrics.RESCUED.inc(rescued)
            log.get().warning("jobs.rescued", runs=rescued)

    async def _reopen(self) -> None:
        """Look after some of the gates that hold jobs, and after the next ones the next time."""
        async with self._database.transaction(SERVICE) as tx:
            self._gate = await tx.value(str, sql.reopen, after=self._gate)

    async def _tick(self) -> float:
        """Enqueue what is due; seconds until the next tick of any schedule."""
        async with self._database.transaction(SERVICE, read_only=True) as tx:
            tables = await tx.all(Timetable, sql.schedules)
        wait = SWEEP
        for table in tables:
            try:
                await self._enqueue(table)
                wait = min(wait, (cron.next_after(table, table.at) - table.at).total_seconds())
            except (Problem, ValueError) as problem:  # one bad row must not stop the others' clocks
                log.get().error("schedule.failed", schedule=table.name, error=str(problem))
        return max(wait, 0.0) + 0.01

    async def _enqueue(self, table: Timetable) -> None:
        for tick in cron.due(table):
            async with self._database.transaction(SERVICE) as tx:
                job_id = await tx.value(int | None, sql.tick, name=table.name, tick=tick)
            if job_id is not None:
                log.get().info("schedule.ticked", schedule=table.name, job_id=job_id, tick=tick.isoformat())

    async def _prune(self) -> None:
        if time.monotonic() - self._pruned < PRUNE:
            return
        began, self._pruned = time.monotonic(), time.monotonic()
        while await self._prune_some() >= BATCH:
            if time.monotonic() - began > PRUNE_AT_MOST:
                self._pruned = float("-inf")  # the next sweep goes on
                return

    async def _prune_some(self) -> int:
        async with self._database.transaction(SERVICE) as tx:
            return await tx.value(int, sql.prune, limit=BATCH)

    async def _show_depth(self) -> None:
        """Only where somebody may look at it."""
        if not self._sample or time.monotonic() - self._sampled < SAMPLE:
            return
        self._sampled = time.monotonic()
        async with self._database.transaction(SERVICE, read_only=True) as tx:
            metrics.show_depth(await tx.all(Tally, sql.stats))
