"""The words of the queue as values."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

Status = Literal["pending", "running", "completed", "cancelled", "dead"]
Scope = Literal["queue", "type"]
OnParentFailure = Literal["wait", "cancel"]


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
    tags: list[str]
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
    partition_key: str | None
    progress: int | None
    progress_note: str | None
    redrives: int
    history: list[Attempt]
    reasons: list[str]


class Tally(Struct, frozen=True, kw_only=True):
    """How many jobs of one queue and type are in one state; ``capped`` when counting stopped early."""

    queue: str
    job_type: str
    state: Literal["ready", "scheduled", "held", "running", "completed", "dead"]
    jobs: int
    oldest_at: dt.datetime | None
    capped: bool


class Claimed(Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One run that a worker has taken on; ``run_no`` is what it must show in everything it says about it.

    Comes as an array, in this order.
    """

    id: int
    run_no: int
    job_type: str
    queue: str
    priority: int
    next_run_at: dt.datetime
    payload: str  # as JSON; decoded by its own run, as one that cannot be must not take the whole claim along
    attempt: int
    max_attempts: int


class Claim(Struct, frozen=True, kw_only=True):
    """The answer to a claim, with the database's time."""

    at: dt.datetime
    jobs: list[Claimed]
    goes_on: bool | None = None  # it stopped among jobs that have to wait, and has not seen all


class WorkerProcess(Struct, frozen=True, kw_only=True):
    """A worker that was heard of in the last minute."""

    worker_id: UUID
    host: str
    pid: int | None
    concurrency: int | None
    queues: list[str]
    started_at: dt.datetime
    beat_at: dt.datetime
    running: int


class Parent(Struct, frozen=True, kw_only=True):
    """A job that another came after. Its result is there when it has completed."""

    id: int
    job_type: str
    status: Status
    result: Any


class Pause(Struct, frozen=True, kw_only=True):
    """A queue or a job type that rests."""

    scope: Scope
    name: str
    reason: str
    paused_at: dt.datetime
    paused_by: str | None


class Limit(Struct, frozen=True, kw_only=True):
    """How many runs of a queue or a job type at once, and how many in a period; no number is no limit."""

    scope: Scope
    name: str
    source: Literal["code", "operator"]
    most_running: int | None
    most_per_key: int | None
    rate_count: int | None
    rate_seconds: float | None
    reason: str
    set_at: dt.datetime
    set_by_handle: str | None
    running: int


class Board(Struct, frozen=True, kw_only=True):
    """What the dashboard shows of the whole queue."""

    tallies: list[Tally]
    workers: list[WorkerProcess]
    pauses: list[Pause]
    limits: list[Limit]


class Filter(Struct, frozen=True, kw_only=True):
    """Which jobs of a list are asked for."""

    status: Literal["pending", "running", "completed", "cancelled"] | None = None
    type: str | None = None
    queue: str | None = None
    tag: str | None = None


class DeadFilter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which dead letters are meant: those to which all of it applies. Nothing at all must be said as ``all``."""

    job_type: str | None = None
    queue: str | None = None
    tag: str | None = None
    error: str | None = None  # a part of the last error, in any case
    died_from: dt.datetime | None = None
    died_until: dt.datetime | None = None
    all: bool = False


class Matching(Struct, frozen=True, kw_only=True):
    """How many dead letters a filter means."""

    letters: int


class Page(Struct, frozen=True, kw_only=True):
    """A page of jobs or of dead letters, newest first; no next_cursor at the end."""

    items: list[Job]
    next_cursor: str | None


Tag = Annotated[str, Meta(min_length=1, max_length=100)]


class NewJob(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program sends to enqueue one."""

    job_type: Annotated[str, Meta(min_length=1, max_length=100)]
    payload: dict[str, Any] = {}
    queue: Annotated[str, Meta(min_length=1, max_length=100)] = "default"
    priority: int = 0
    next_run_at: dt.datetime | None = None
    max_attempts: Annotated[int, Meta(ge=1, le=1000)] | None = None
    tags: Annotated[list[Tag], Meta(max_length=10)] = []
    # How long the Idempotency-Key counts: forever, pending (until its job is over), or a period such as "1 hour".
    unique: Annotated[str, Meta(min_length=1, max_length=50)] = "forever"
    partition_key: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    after: list[int] = []
    on_parent_failure: OnParentFailure = "wait"


AtOnce = Annotated[int, Meta(ge=1, le=100_000)] | None


class NewLimit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator sets in place of what the code says."""

    most_running: AtOnce = None
    most_per_key: AtOnce = None
    rate_count: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    rate_seconds: Annotated[float, Meta(ge=0.1, le=2_678_400)] | None = None
    reason: Annotated[str, Meta(max_length=500)] = ""


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an operator does it; the audit log keeps it."""

    reason: Annotated[str, Meta(max_length=500)] = ""


class ScheduleRow(Struct, frozen=True, kw_only=True):
    """A row of worker_schedules."""

    name: str
    cron: str
    timezone: str
    job_type: str
    queue: str
    missed: str
    last_tick: dt.datetime
    last_job_id: int | None
    paused_at: dt.datetime | None
    pause_reason: str | None


class ScheduleDetail(ScheduleRow, frozen=True, kw_only=True):
    """A schedule with the ticks that come next; none while it is paused, or when no clock can follow it."""

    next_ticks: list[dt.datetime]


class Queued(Struct, frozen=True, kw_only=True):
    """The job that will do what was asked for."""

    id: int
