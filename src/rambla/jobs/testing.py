"""For the tests of handlers: run what is due in the test's own transaction, at a moment that the test names.

async with db.rehearsal(SERVICE) as tx:  # which is rolled back at its end
    await enqueue(tx, SendReceipt(order_id=order_id))
    (run,) = await run_due(tx, TASKS, at=noon)
    assert run.outcome == "completed"
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

import msgspec
from msgspec import Struct

from rambla.errors import Problem
from rambla.jobs.outcomes import Cancelled, Completed, Failed, Report, Settled, Snoozed
from rambla.jobs.registry import Registry
from rambla.jobs.run import Runs
from rambla.jobs.types import Claim, Claimed
from rambla.kit.db import Nested, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs", "testing.sql")

_MOST: Final = 1000  # jobs of one call


class Run(Struct, frozen=True, kw_only=True):
    """What became of one job; its row has the rest."""

    job_id: int
    job_type: str
    outcome: str  # completed, failed, timed_out, snoozed, cancelled
    error: str | None = None


async def run_due(
    tx: Transaction, registry: Registry, *, at: dt.datetime, queues: Sequence[str] | None = None
) -> list[Run]:
    """Run each job that is due at ``at`` once, in the order of a claim.

    What handlers begin is a savepoint of ``tx``. What they enqueue, put off or fail is for the next call: so a
    test moves the clock past a backoff by naming a later moment.
    """
    worker_id = uuid4()
    runs = Runs(registry, Nested(tx), worker_id, at=at)
    answer = await tx.value(str, sql.claim, worker_id=worker_id, queues=queues, limit=_MOST, at=at)
    return [await _run(tx, runs, claimed, at) for claimed in msgspec.json.decode(answer, type=Claim).jobs]


async def _run(tx: Transaction, runs: Runs, claimed: Claimed, at: dt.datetime) -> Run:
    try:
        async with asyncio.timeout(runs.timeout(claimed) or None):
            report = await runs.run(claimed, runs.context(claimed))
    except TimeoutError:
        report = Failed(
            claimed, runs.timeout(claimed), "It ran into its timeout and was stopped.", "timed_out"
        )
    return await _tell(tx, report, at)


async def _tell(tx: Transaction, report: Report, at: dt.datetime) -> Run:
    job = report.job
    about: dict[str, Any] = {"id": job.id, "run_no": job.run_no, "at": at}
    outcome: str = "completed"
    error: str | None = None
    match report:
        case Completed(result=result):
            await tx.run(sql.complete, result=result, **about)
        case Failed(error=error, outcome=outcome, final=final):
            await tx.run(sql.fail, error=error, outcome=outcome, final=final, **about)
        case Snoozed(delay=delay):
            outcome = "snoozed"
            await tx.run(sql.snooze, seconds=delay, **about)
        case Cancelled(reason=error):
            outcome = "cancelled"
            await tx.run(sql.cancel, reason=error, **about)
        case Settled(outcome=outcome):  # the handler's own transaction has told it
            pass
        case _:
            raise Problem("internal", f"A run of a test ended as {report}.")
    return Run(job_id=job.id, job_type=job.job_type, outcome=outcome, error=error)
