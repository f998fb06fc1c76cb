"""Enqueue from Python: in the caller's own transaction, where the job exists when that commits, or in none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal, TypedDict, Unpack

import msgspec
from msgspec import Struct

from rambla.errors import Problem
from rambla.jobs.registry import job_type_of
from rambla.jobs.types import Enqueued, OnParentFailure
from rambla.kit.db import SERVICE, Caller, Database, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")
# How long a key means the same job: for good, until that job is over, or for so long from its enqueueing.
Unique = Literal["forever", "pending"] | dt.timedelta


class Request(Struct, frozen=True, kw_only=True):
    """A job to enqueue. The same ``key`` gives the same job for as long as ``unique`` says.

    Jobs of one type and ``partition_key`` run one at a time. ``after`` holds ids of jobs that must complete first;
    when one of them dies or is cancelled, this job goes on waiting, or is cancelled too.
    """

    payload: Struct
    key: str | None = None
    unique: Unique = "forever"
    run_at: dt.datetime | None = None
    priority: int | None = None
    tags: Sequence[str] = ()
    partition_key: str | None = None
    after: Sequence[int] = ()
    on_parent_failure: OnParentFailure = "wait"


class _Made(Struct, frozen=True):
    id: int


class Wish(TypedDict, total=False):
    """What ``Request`` has besides the payload."""

    key: str | None
    unique: Unique
    run_at: dt.datetime | None
    priority: int | None
    tags: Sequence[str]
    partition_key: str | None
    after: Sequence[int]
    on_parent_failure: OnParentFailure


async def enqueue(tx: Transaction, payload: Struct, **wish: Unpack[Wish]) -> Enqueued:
    """Enqueue one job of the type that ``payload`` belongs to."""
    (enqueued,) = await enqueue_many(tx, [Request(payload=payload, **wish)])
    return enqueued


async def enqueue_many(tx: Transaction, requests: Iterable[Request]) -> list[Enqueued]:
    """Enqueue any number of jobs in one statement; the answers are in the order of the requests."""
    return await tx.all(Enqueued, sql.enqueue_many, jobs=_json([*map(_row, requests)]))


async def enqueue_apart(db: Database, payload: Struct, caller: Caller = SERVICE, **wish: Unpack[Wish]) -> int:
    """Enqueue one job that belongs to no transaction, in one round trip: it exists when its id is here."""
    request = Request(payload=payload, **wish)
    row = _row(request) | {
        "payload": _json(_checked(payload)),
        "after": list(request.after),
        "tags": list(request.tags),
        "unique": request.unique,
    }
    return (await db.direct_row(_Made, sql.enqueue_apart, caller, **row)).id


def _json(plain: object) -> str:
    return msgspec.json.encode(plain).decode()


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
        "tags": request.tags,
        "partition_key": request.partition_key,
        "after": request.after,
        "on_parent_failure": request.on_parent_failure,
    } | ({} if request.unique == "forever" else {"unique": request.unique})


def _checked(payload: Struct) -> object:
    """A struct's own constructor checks no types; better to refuse here than at every attempt."""
    plain = msgspec.to_builtins(payload)
    try:
        msgspec.convert(plain, type(payload))
    except msgspec.ValidationError as error:
        raise Problem("invalid_input", f"{type(payload).__name__}: {error}") from None
    return plain
