"""The words of the queue as values."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from msgspec import Raw, Struct

Status = Literal["pending", "running", "completed", "cancelled", "dead"]


class Enqueued(Struct, frozen=True, kw_only=True):
    """What became of a wish to enqueue: ``created`` is false when its key had a job already."""

    id: int
    created: bool
    same_payload: bool = True


class Attempt(Struct, frozen=True, kw_only=True):
    """One entry of a job's history: an attempt that did not complete, or what an operator did."""

    at: dt.datetime
    outcome: str
    attempt: int
    run_no: int
    error: str | None = None
    started_at: dt.datetime | None = None
    worker_id: UUID | None = None


class Job(Struct, frozen=True, kw_only=True):
    """One row of worker_jobs, or of dead_letter_queue with the status ``dead``."""

    id: int
    job_type: str
    queue: str
    priority: int
    status: Status
    attempts: int
    max_attempts: int
    idempotency_key: str | None
    next_run_at: dt.datetime
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    last_error: str | None


class JobDetail(Job, frozen=True, kw_only=True):
    """A job with what only its own page shows."""

    payload: Any
    result: Any
    run_no: int
    worker_id: UUID | None
    progress: int | None
    progress_note: str | None
    redrives: int
    history: list[Attempt]
    reasons: list[str]


class Tally(Struct, frozen=True, kw_only=True):
    """How many jobs of one queue and type are in one state; ``capped`` when counting stopped early."""

    queue: str
    job_type: str
    state: Literal["ready", "scheduled", "running", "completed", "dead"]
    jobs: int
    oldest_at: dt.datetime | None
    capped: bool


class Claimed(Struct, frozen=True, kw_only=True, gc=False):
    """One run that a worker has taken on; ``run_no`` is what it must show in everything it says about it."""

    id: int
    run_no: int
    job_type: str
    queue: str
    priority: int
    next_run_at: dt.datetime
    payload: Raw
    attempt: int
    max_attempts: int


class Claim(Struct, frozen=True, kw_only=True):
    """The answer to a claim, with the database's time."""

    at: dt.datetime
    jobs: list[Claimed]
