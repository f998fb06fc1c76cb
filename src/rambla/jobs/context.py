"""What a handler may do with the job it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from rambla.errors import Problem
from rambla.jobs.types import Claimed, Parent
from rambla.kit.db import SERVICE, Database, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")


class JobContext:
    """One run of a job, as its handler sees it."""

    __slots__ = ("_at", "_claimed", "_database", "interrupted", "settled", "worker_id")

    def __init__(
        self, database: Database, claimed: Claimed, worker_id: UUID, *, at: dt.datetime | None = None
    ) -> None:
        self._database = database
        self._claimed = claimed
        self._at = at
        self.worker_id = worker_id
        self.settled = False
        # A handler in a thread cannot be cancelled; a long one looks at this now and then.
        self.interrupted = False

    @property
    def id(self) -> int:
        return self._claimed.id

    @property
    def attempt(self) -> int:
        return self._claimed.attempt

    @property
    def max_attempts(self) -> int:
        return self._claimed.max_attempts

    @property
    def run_no(self) -> int:
        return self._claimed.run_no

    @property
    def database(self) -> Database:
        """For transactions of the handler's own, which stay whatever becomes of this run."""
        return self._database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Writes that commit together with the completion of this run, or not at all.

        When the job was given to another worker meanwhile, this raises ``lease_lost`` and everything in it is
        rolled back: so its effects happen once, however often the job ran. It is the last thing a handler does.
        """
        async with self._database.transaction(SERVICE) as tx:
            yield tx
            if not await tx.value(int, sql.complete_one, id=self.id, run_no=self.run_no, at=self._at):
                raise Problem("lease_lost")
        self.settled = True

    async def parents(self) -> list[Parent]:
        """The jobs that this one came after, in the order of their ids, with their results."""
        async with self._database.transaction(SERVICE, read_only=True) as tx:
            return await tx.all(Parent, sql.parents, id=self.id)

    async def progress(self, percent: int, note: str | None = None) -> None:
        """Say how far the job is; its page shows it."""
        async with self._database.transaction(SERVICE) as tx:
            await tx.run(sql.progress, id=self.id, run_no=self.run_no, percent=percent, note=note)
