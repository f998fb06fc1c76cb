"""Enqueue from Python, in the caller's own transaction: the job exists when that commits, not before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from rambla.errors import Problem
from rambla.jobs.registry import job_type_of
from rambla.jobs.types import Enqueued, OnParentFailure
from rambla.kit.db import Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")


class Request(Struct, frozen=True, kw_only=True):
    """A job to enqueue. The same ``key`` gives the same job, also when that has finished or died.

    Jobs of one type and ``partition_key`` run one at a time. ``after`` holds ids of jobs that must complete first;
    when one of them dies or is cancelled, this job goes on waiting, or is cancelled too.
    """

    payload: Struct
    key: str | None = None
    run_at: dt.datetime | None = None
    priority: int | None = None
    partition_key: str | None = None
    after: Sequence[int] = ()
    on_parent_failure: OnParentFailure = "wait"


async def enqueue(
    tx: Transaction,
    payload: Struct,
    *,
    key: str | None = None,
    run_at: dt.datetime | None = None,
    partition_key: str | None = None,
    after: Sequence[int] = (),
    on_parent_failure: OnParentFailure = "wait",
) -> Enqueued:
    """Enqueue one job of the type that ``payload`` belongs to."""
    request = Request(
        payload=payload, key=key, run_at=run_at, partition_key=partition_key, after=after,
        on_parent_failure=on_parent_failure,
    )  # fmt: skip
    (enqueued,) = await enqueue_many(tx, [request])
    return enqueued


async def enqueue_many(tx: Transaction, requests: Iterable[Request]) -> list[Enqueued]:
    """Enqueue any number of jobs in one statement; the answers are in the order of the requests."""
    jobs = msgspec.json.encode([_row(request) for request in requests]).decode()
    return await tx.all(Enqueued, sql.enqueue_many, jobs=jobs)


def _row(request: Request) -> dict[str, object]:
    job_type = job_type_of(request.payload)
    return {
        "job_type": job_type.name,
        "payload": _checked(request.payload),
        "idempotency_key": request.key,
        "queue": job_type.queue,
        "priority": job_type.priority if request.priority is None else request.priority,
        "next_run_at": request.run_at,
        "max_attempts": job_type.max_attempts,
        "partition_key": request.partition_key,
        "after": request.after,
        "on_parent_failure": request.on_parent_failure,
    }


def _checked(payload: Struct) -> object:
    """A struct's own constructor checks no types; better to refuse here than at every attempt."""
    plain = msgspec.to_builtins(payload)
    try:
        msgspec.convert(plain, type(payload))
    except msgspec.ValidationError as error:
        raise Problem("invalid_input", f"{type(payload).__name__}: {error}") from None
    return plain
