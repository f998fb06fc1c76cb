"""Which handler runs which job type. Each slice has one registry in its ``tasks.py``; the worker joins them.

TASKS = Registry()

class SendReceipt(Struct, frozen=True, kw_only=True):
    order_id: UUID

@TASKS.job("send_receipt", max_attempts=8, timeout=30)
async def send_receipt(job: JobContext, receipt: SendReceipt) -> None: ...
"""

from __future__ import annotations

import datetime as dt
import inspect
import typing
from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from rambla.jobs.context import JobContext

P = TypeVar("P", bound=Struct)
# An async handler runs on the worker's loop, a plain function in a thread of its own.
Handler = Callable[[JobContext, P], Awaitable[object] | object]
_ATTRIBUTE = "__job_type__"


class Backoff(Struct, frozen=True, kw_only=True):
    """Seconds before attempt n + 1: ``base * factor ** (n - 1)``, at most ``cap``, plus up to ``jitter`` of it."""

    base: float = 60
    factor: float = 2
    cap: float = 30 * 24 * 3600
    jitter: float = 0


class Keep(Struct, frozen=True, kw_only=True):
    """How long a job stays readable once it is over; None leaves that to the settings jobs_keep_..."""

    completed: dt.timedelta | None = None
    cancelled: dt.timedelta | None = None
    dead: dt.timedelta | None = None


class Rate(Struct, frozen=True):
    """At most ``count`` starts in any ``per`` seconds, of all workers together."""

    count: int
    per: float


class JobType(Struct, frozen=True, kw_only=True):
    """What the code says about a job type; a worker writes it into worker_job_types when it starts."""

    name: str
    payload: type[Struct]
    handler: Handler[Any]
    is_async: bool
    queue: str
    priority: int
    max_attempts: int
    timeout: float
    backoff: Backoff
    no_retry: tuple[type[Exception], ...]
    keep: Keep
    most_running: int | None
    most_per_key: int | None
    rate: Rate | None


class Schedule(Struct, frozen=True, kw_only=True):
    """A job enqueued at each tick of a cron expression, read in ``timezone``."""

    name: str
    cron: str
    payload: Struct
    timezone: str = "UTC"
    # What to do about ticks that no worker was there for: none, the last, or each of them.
    missed: Literal["skip", "once", "all"] = "once"


class Registry:
    """Job types and schedules by name."""

    def __init__(self, *parts: Registry) -> None:
        self.types: dict[str, JobType] = {}
        self.schedules: dict[str, Schedule] = {}
        for part in parts:
            for job_type in part.types.values():
                self._add(job_type)
            for schedule in part.schedules.values():
                self.schedule(schedule)

    def job(  # noqa: PLR0913 - a declaration, in which every word is named and most are left out
        self,
        name: str,
        *,
        queue: str = "default",
        priority: int = 0,
        max_attempts: int = 5,
        timeout: float = 300,
        backoff: Backoff = Backoff(),  # noqa: B008 - frozen
        no_retry: tuple[type[Exception], ...] = (),
        keep: Keep = Keep(),  # noqa: B008 - frozen
        most_running: int | None = None,
        most_per_key: int | None = None,
        rate: Rate | None = None,
    ) -> Callable[[Handler[P]], Handler[P]]:
        """Register a handler; the annotation of its second parameter is the payload's type.

        An error in ``no_retry`` sends the job to the dead letters at its first attempt. ``most_running`` and
        ``rate`` hold for all workers together, ``most_per_key`` for the jobs of one partition key, of which one
        runs at a time otherwise. An operator may set other limits meanwhile; those stay until they are cleared.
        """

        def register(handler: Handler[P]) -> Handler[P]:
            payload = _payload_of(handler)
            job_type = JobType(
                name=name,
                payload=payload,
                handler=handler,
                is_async=inspect.iscoroutinefunction(handler),
                queue=queue,
                priority=priority,
                max_attempts=max_attempts,
                timeout=timeout,
                backoff=backoff,
                no_retry=no_retry,
                keep=keep,
                most_running=most_running,
                most_per_key=most_per_key,
                rate=rate,
            )
            self._add(job_type)
            setattr(payload, _ATTRIBUTE, job_type)
            return handler

        return register

    def schedule(self, schedule: Schedule) -> None:
        if schedule.name in self.schedules:
            raise ValueError(f"The schedule {schedule.name} is registered twice.")
        self.schedules[schedule.name] = schedule

    def rows(self) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        """Types and schedules as worker_register() takes them."""
        return [_type_row(t) for t in self.types.values()], [
            _schedule_row(s) for s in self.schedules.values()
        ]

    def _add(self, job_type: JobType) -> None:
        if job_type.name in self.types:
            raise ValueError(f"The job type {job_type.name} is registered twice.")
        if any(other.payload is job_type.payload for other in self.types.values()):
            raise ValueError(f"{job_type.payload.__name__} is the payload of another job already.")
        self.types[job_type.name] = job_type


def job_type_of(payload: Struct) -> JobType:
    """The job type whose handler takes this payload."""
    found: JobType | None = getattr(payload, _ATTRIBUTE, None)
    if found is None:
        raise TypeError(f"{type(payload).__name__} is the payload of no registered job.")
    return found


def _type_row(job_type: JobType) -> dict[str, object]:
    return {
        "job_type": job_type.name,
        "queue": job_type.queue,
        "max_attempts": job_type.max_attempts,
        "timeout_seconds": job_type.timeout,
        "backoff_base": job_type.backoff.base,
        "backoff_factor": job_type.backoff.factor,
        "backoff_cap": job_type.backoff.cap,
        "jitter": job_type.backoff.jitter,
        "keep_completed": job_type.keep.completed,  # as ISO 8601, which PostgreSQL reads
        "keep_cancelled": job_type.keep.cancelled,
        "keep_dead": job_type.keep.dead,
        "most_running": job_type.most_running,
        "most_per_key": job_type.most_per_key,
        "rate_count": job_type.rate.count if job_type.rate else None,
        "rate_seconds": job_type.rate.per if job_type.rate else None,
    }


def _schedule_row(schedule: Schedule) -> dict[str, object]:
    job_type = job_type_of(schedule.payload)
    return {
        "name": schedule.name,
        "cron": schedule.cron,
        "timezone": schedule.timezone,
        "job_type": job_type.name,
        "payload": msgspec.to_builtins(schedule.payload),
        "queue": job_type.queue,
        "priority": job_type.priority,
        "max_attempts": job_type.max_attempts,
        "missed": schedule.missed,
    }


def _payload_of(handler: Handler[P]) -> type[P]:
    parameters = list(inspect.signature(handler).parameters)
    payload = typing.get_type_hints(handler).get(parameters[1]) if len(parameters) == 2 else None  # noqa: PLR2004 - (job, payload)
    if not (inspect.isclass(payload) and issubclass(payload, Struct)):
        raise TypeError(f"{handler} must be (job: JobContext, payload: a msgspec struct).")
    return payload  # type: ignore[return-value]  # what the annotation P stands for at run time
