"""Claim as many jobs as there is room for, as soon as there are any."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from rambla.errors import Problem
from rambla.jobs import metrics
from rambla.jobs.crew import Crew
from rambla.jobs.low_water import LowWater
from rambla.jobs.reports import Reports
from rambla.jobs.types import Claim
from rambla.kit import log
from rambla.kit.db import SERVICE, Database
from rambla.kit.pubsub import Mailbox
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")
_decoder: Final = msgspec.json.Decoder(Claim)

POLL: Final = 1.0  # seconds; NOTIFY is only quicker, behind a transaction pooler this alone must do
MOST: Final = 5000  # jobs of one claim: worker_claim_jobs() refuses to take more, whatever the concurrency
_BLOCKED: Final = 0.05
_LONGEST_PAUSE: Final = 5.0


class Claims:
    """The loop that fills a crew."""

    def __init__(
        self, database: Database, crew: Crew, reports: Reports, *, worker_id: UUID, queues: Sequence[str]
    ) -> None:
        self._database = database
        self._crew = crew
        self._reports = reports
        self._worker_id = worker_id
        self._queues = list(queues)
        self._low_water = LowWater()
        self._mailbox = Mailbox()
        self._stopping = False

    def stop(self) -> None:
        """Let the claim that is under way arrive, and make no other: an answer thrown away would strand its jobs."""
        self._stopping = True
        self._mailbox.drop()
        self._crew.wants.set()

    async def run(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        pause = 0.1
        while not self._stopping:
            wanted = 0 if self._reports.full else min(self._crew.demand(), MOST)
            if not wanted:
                await self._room()
                continue
            try:
                claim = await self._claim(wanted)
            except Problem as problem:
                log.get().warning("jobs.claim_failed", code=problem.code, retry_in=pause)
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads load
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            pause = 0.1
            if len(claim.jobs) < wanted and not claim.goes_on:
                await mailbox.wait(POLL * random.uniform(0.8, 1.2))  # noqa: S311 - so that workers do not poll in step

    async def _room(self) -> None:
        try:
            async with asyncio.timeout(_BLOCKED):
                await self._crew.wants.wait()
        except TimeoutError:
            pass

    async def _claim(self, wanted: int) -> Claim:
        mark = self._low_water.mark(time.monotonic())
        answer = await self._database.direct(
            str, sql.claim, SERVICE,
            worker_id=self._worker_id, queues=self._queues, limit=wanted, low_water=mark,
        )  # fmt: skip
        claim = _decoder.decode(answer or "")
        self._reports.hold(claim.jobs)
        if claim.goes_on:
            self._low_water.forget()
        else:
            self._low_water.saw(claim.jobs, asked=wanted, at=claim.at, now=time.monotonic(), used=mark)
        self._crew.take(claim.jobs)
        for queue, jobs in Counter(claimed.queue for claimed in claim.jobs).items():
            metrics.CLAIMED.labels(queue).inc(jobs)
        return claim
