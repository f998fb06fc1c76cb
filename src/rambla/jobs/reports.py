"""What became of runs, told to the database in batches.

A report goes out at once when nothing else is on its way; while one flush is under way the next gathers. Each is
fenced: the database refuses what belongs to another run by now, and that is counted, never tried again.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from rambla.errors import Problem
from rambla.jobs import metrics
from rambla.jobs.outcomes import Cancelled, Completed, Failed, Released, Report, Settled, Snoozed
from rambla.jobs.types import Claimed
from rambla.kit import log
from rambla.kit.db import SERVICE, Database, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")
R = TypeVar("R", bound=Report)

LINGER: Final = 0.006  # seconds between two flushes, unless there is enough for one
ENOUGH: Final = 400
MOST: Final = 2500  # reports in one flush: more than one claim, or each would leave a small flush behind
FULL: Final = 5000  # reports waiting; past that nothing more is claimed
UNSTORABLE: Final = {"invalid_value", "invalid_input"}  # said of what is written, not of who writes
TRANSIENT: Final = {"unavailable", "database_timeout", "retry_transaction"}


class Reports:
    """Reports of one worker, and which jobs it holds until they are told."""

    def __init__(self, database: Database, worker_id: UUID) -> None:
        self._database = database
        self._worker_id = worker_id
        self._waiting: list[Report] = []
        self._wake = asyncio.Event()
        self._telling = asyncio.Lock()
        self.held: dict[int, int] = {}

    def hold(self, jobs: Sequence[Claimed]) -> None:
        for claimed in jobs:
            self.held[claimed.id] = claimed.run_no

    def add(self, report: Report) -> None:
        self._waiting.append(report)
        self._wake.set()

    @property
    def full(self) -> bool:
        return len(self._waiting) >= FULL

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            await self.flush()
            if len(self._waiting) < ENOUGH:
                await asyncio.sleep(LINGER)

    async def flush(self) -> None:
        """Tell everything that waits, however long the database is away."""
        async with self._telling:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                for part in _parts(batch):
                    await self._deliver(part)
                _count(batch)
                self._let_go(batch)
            self._wake.clear()

    def _let_go(self, batch: Sequence[Report]) -> None:
        for report in batch:
            if self.held.get(report.job.id) == report.job.run_no:  # or it was claimed again meanwhile
                del self.held[report.job.id]

    async def _deliver(self, batch: Sequence[Report]) -> None:
        pause = 0.1
        while True:
            try:
                return await self._tell(batch)
            except Problem as problem:
                if problem.code not in TRANSIENT:
                    return await self._take_apart(batch, problem)
                log.get().warning("jobs.flush_failed", code=problem.code, reports=len(batch), retry_in=pause)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads load
            pause = min(pause * 2, 5.0)

    async def _take_apart(self, batch: Sequence[Report], problem: Problem) -> None:
        """One of them is what the database will not take: find out which, without holding up the others."""
        if len(batch) > 1:
            for report in batch:
                await self._deliver([report])
            return
        (report,) = batch
        log.get().warning(
            "jobs.report_refused", job_id=report.job.id, code=problem.code, error=problem.message
        )
        # Let go, it would run until the lease is over and then again, and no attempt would ever be counted.
        if isinstance(report, Completed | Snoozed | Cancelled) and problem.code in UNSTORABLE:
            error = f"What it reported cannot be stored: {problem.message}"
            await self._deliver([Failed(report.job, report.seconds, error, final=True)])

    async def _tell(self, part: Sequence[Report]) -> None:
        if completed := _only(part, Completed):
            await self._complete(completed)
            return
        async with self._database.transaction(SERVICE) as tx:
            await self._fail(tx, _only(part, Failed))
            await self._release(tx, _only(part, Released))
            for report in part:
                if isinstance(report, Snoozed | Cancelled):
                    await self._tell_rare(tx, report)

    async def _complete(self, reports: Sequence[Completed]) -> None:
        results = [r.result for r in reports] if any(r.result for r in reports) else None
        answer = await self._database.direct(
            str, sql.complete, SERVICE,
            ids=_array(r.job.id for r in reports), run_nos=_array(r.job.run_no for r in reports), results=results,
        )  # fmt: skip
        _note_lost(reports, answer or "[]")

    async def _fail(self, tx: Transaction, reports: Sequence[Failed]) -> None:
        if reports:
            failures = [
                {
                    "id": r.job.id,
                    "run_no": r.job.run_no,
                    "error": r.error,
                    "outcome": r.outcome,
                    "final": r.final,
                }
                for r in reports
            ]
            answer = await tx.value(str, sql.fail, failures=msgspec.json.encode(failures).decode())
            _note_lost(reports, answer)

    async def _release(self, tx: Transaction, reports: Sequence[Released]) -> None:
        if reports:
            answer = await tx.value(
                str,
                sql.release,
                ids=_array(r.job.id for r in reports),
                run_nos=_array(r.job.run_no for r in reports),
            )
            _note_lost(reports, answer)

    async def _tell_rare(self, tx: Transaction, report: Snoozed | Cancelled) -> None:
        id_, run_no = report.job.id, report.job.run_no
        try:
            async with tx.savepoint():
                if isinstance(report, Snoozed):
                    await tx.run(sql.snooze, id=id_, run_no=run_no, seconds=report.delay)
                else:
                    await tx.run(sql.give_up, id=id_, run_no=run_no, reason=report.reason)
        except Problem as problem:
            if problem.code not in ("lease_lost", "not_found", "invalid_job_state"):
                raise
            _note_lost([report], "[]")


def _parts(batch: Sequence[Report]) -> list[list[Report]]:
    """Reports of one kind, in the order of their ids: what each transaction locks.

    An end of a run may touch other jobs too (children, the next of its key). Two transactions that go through
    jobs in the same order wait for each other but never in a circle.
    """
    parts: dict[object, list[Report]] = {}
    for report in sorted(batch, key=lambda report: report.job.id):
        if isinstance(report, Settled):
            continue
        alone = isinstance(report, Snoozed | Cancelled)
        parts.setdefault(report.job.id if alone else type(report), []).append(report)
    return list(parts.values())


def _only(batch: Sequence[Report], kind: type[R]) -> list[R]:
    return [report for report in batch if type(report) is kind]


def _array(numbers: Iterable[int]) -> str:
    # As the text of an array: a list would be adapted number by number.
    return "{" + ",".join(map(str, numbers)) + "}"


def _note_lost(reports: Sequence[Report], answer: str) -> None:
    ours = msgspec.json.decode(answer, type=set[int])
    if len(ours) == len(reports):
        return
    for report in reports:
        if report.job.id not in ours:
            metrics.LOST.inc()
            log.get().warning(
                "job.lease_lost", job_id=report.job.id, job_type=report.job.job_type, run_no=report.job.run_no
            )


def _count(batch: Sequence[Report]) -> None:
    runs: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    for report in batch:
        runs[report.job.job_type, report.job.queue, report.outcome].append(report.seconds)
    for (job_type, queue, outcome), seconds in runs.items():
        metrics.SECONDS.labels(job_type, queue).observe_all(seconds)
        metrics.RUNS.labels(job_type, queue, outcome).inc(len(seconds))
    for failed in _only(batch, Failed):
        _log_failure(failed)


def _log_failure(report: Failed) -> None:
    job = report.job
    log.get().warning(
        "job.failed", job_id=job.id, job_type=job.job_type, queue=job.queue, attempt=job.attempt,
        max_attempts=job.max_attempts, outcome=report.outcome, error=report.error.partition("\n")[0],
    )  # fmt: skip
