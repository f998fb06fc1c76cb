"""Jobs for programs: enqueue, look, retry, cancel, redrive. For admins and service tokens."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.di import Provide
from litestar.params import HeaderParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED
from msgspec import structs

from rambla.auth.guards import admin
from rambla.errors import Problem
from rambla.jobs import board
from rambla.jobs.board import as_json
from rambla.jobs.types import (
    Board,
    DeadFilter,
    Enqueued,
    Filter,
    JobDetail,
    Matching,
    NewJob,
    Page,
    Queued,
    Reason,
    ScheduleDetail,
)
from rambla.kit.db import Caller, Database
from rambla.kit.etags import conditional
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")
AnyRequest = Request[Any, Any, Any]

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Cursor = Annotated[str | None, QueryParameter(max_length=120)]
Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", min_length=1, max_length=500)]
Status = Annotated[str | None, QueryParameter(pattern="^(|pending|running|completed|cancelled)$")]
Type = Annotated[str | None, QueryParameter(name="type")]
Moment = Annotated[str | None, QueryParameter(description="As ISO 8601; without a zone it is UTC.")]


def job_filter(
    status: Status = None, type_: Type = None, queue: str | None = None, tag: str | None = None
) -> Filter:
    """From the address; a field that a form sends empty is one that it leaves out."""
    return Filter(status=status or None, type=type_ or None, queue=queue or None, tag=tag or None)  # type: ignore[arg-type]  # the pattern is the literal's


def dead_filter(
    type_: Type = None,
    queue: str | None = None,
    tag: str | None = None,
    error: str | None = None,
    died_from: Moment = None,
    died_until: Moment = None,
    all_: Annotated[bool, QueryParameter(name="all")] = False,
) -> DeadFilter:
    """The same for dead letters."""
    return DeadFilter(
        job_type=type_ or None, queue=queue or None, tag=tag or None, error=error or None,
        died_from=_moment(died_from), died_until=_moment(died_until), all=all_,
    )  # fmt: skip


JOBS = {"which": Provide(job_filter, sync_to_thread=False)}
DEAD = {"which": Provide(dead_filter, sync_to_thread=False)}


@get("/v1/jobs", guards=[admin], dependencies=JOBS)
async def list_(
    request: AnyRequest, caller: Caller, db: Database, which: Filter, cursor: Cursor = None, limit: Limit = 50
) -> Response[Page | None]:
    """Jobs that wait, run or have finished, newest first."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await board.read_jobs(tx, which, cursor=cursor, limit=limit))


@post("/v1/jobs", guards=[admin])
async def enqueue(data: NewJob, caller: Caller, db: Database, key: Key = None) -> Response[Enqueued]:
    """Enqueue a job: 201 with its id, or 200 with the id of the job that has the key already."""
    async with db.transaction(caller) as tx:
        enqueued = await tx.one(Enqueued, sql.enqueue_many, jobs=_as_list(data, key))
    if enqueued.created:
        return Response(
            enqueued, status_code=HTTP_201_CREATED, headers={"Location": f"/v1/jobs/{enqueued.id}"}
        )
    return Response(enqueued, status_code=HTTP_200_OK, headers={"Idempotency-Replay": "true"})


@get("/v1/jobs/stats", guards=[admin])
async def stats(caller: Caller, db: Database) -> Board:
    """How many jobs are in which state by queue and type, who works, and what is paused."""
    async with db.transaction(caller, read_only=True) as tx:
        return await board.read_board(tx)


@get("/v1/jobs/{job_id:int}", guards=[admin])
async def show(request: AnyRequest, job_id: int, caller: Caller, db: Database) -> Response[JobDetail | None]:
    """One job, alive or dead, with its history and why it is not running."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await board.read_job(tx, job_id))


@post("/v1/jobs/{job_id:int}/retries", guards=[admin], status_code=HTTP_200_OK)
async def retry(job_id: int, caller: Caller, db: Database) -> JobDetail:
    """Run a job now: one that waits, was cancelled, or is a dead letter."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.retry, id=job_id)
        return await board.read_job(tx, job_id)


@post("/v1/jobs/{job_id:int}/cancellation", guards=[admin], status_code=HTTP_200_OK)
async def cancel(job_id: int, caller: Caller, db: Database, data: Reason | None = None) -> JobDetail:
    """Cancel a job that waits or runs; its worker notices at its next heartbeat."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.cancel, id=job_id, reason=data.reason if data else "")
        return await board.read_job(tx, job_id)


@get("/v1/dead-letters", guards=[admin], dependencies=DEAD)
async def dead_letters(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    which: DeadFilter,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page | None]:
    """Jobs whose attempts are used up, the newest death first."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await board.read_dead_letters(tx, which, cursor=cursor, limit=limit))


@post("/v1/dead-letters/counts", guards=[admin], status_code=HTTP_200_OK)
async def count_letters(data: DeadFilter, caller: Caller, db: Database) -> Matching:
    """How many dead letters a filter means: what a redrive of it would move."""
    async with db.transaction(caller, read_only=True) as tx:
        return await tx.one(Matching, sql.redrive_count, filter=as_json(data))


@post("/v1/dead-letters/redrives", guards=[admin], status_code=HTTP_202_ACCEPTED)
async def redrive_all(data: DeadFilter, caller: Caller, db: Database) -> Response[Queued]:
    """Move every dead letter of a filter back into the queue, by a job whose row says how far it is."""
    async with db.transaction(caller) as tx:
        queued = await tx.one(Queued, sql.redrive_all, filter=as_json(data))
    return Response(queued, headers={"Location": f"/v1/jobs/{queued.id}"})


@post("/v1/dead-letters/{job_id:int}/redrives", guards=[admin], status_code=HTTP_200_OK)
async def redrive(job_id: int, caller: Caller, db: Database) -> JobDetail:
    """Put a dead letter back into the queue, under its own id and with its history."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.redrive, id=job_id)
        return await board.read_job(tx, job_id)


@get("/v1/schedules", guards=[admin])
async def schedules(caller: Caller, db: Database) -> list[ScheduleDetail]:
    """Jobs that come by the clock, with their next ticks."""
    async with db.transaction(caller, read_only=True) as tx:
        return await board.read_schedules(tx)


@post("/v1/schedules/{name:str}/runs", guards=[admin])
async def run_schedule(name: str, caller: Caller, db: Database) -> Response[Queued]:
    """Enqueue the job of a schedule now, besides its ticks."""
    async with db.transaction(caller) as tx:
        queued = await tx.one(Queued, sql.schedule_run, name=name)
    return Response(queued, status_code=HTTP_201_CREATED, headers={"Location": f"/v1/jobs/{queued.id}"})


@put("/v1/schedules/{name:str}/pause", guards=[admin])
async def pause_schedule(
    name: str, caller: Caller, db: Database, data: Reason | None = None
) -> list[ScheduleDetail]:
    """Stop the ticks of a schedule. Answers with every schedule."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.schedule_pause, name=name, reason=data.reason if data else "")
        return await board.read_schedules(tx)


@delete("/v1/schedules/{name:str}/pause", guards=[admin], status_code=HTTP_200_OK)
async def resume_schedule(name: str, caller: Caller, db: Database) -> list[ScheduleDetail]:
    """Let a schedule tick again, from now on. Answers with every schedule."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.schedule_resume, name=name)
        return await board.read_schedules(tx)


def _moment(text: str | None) -> dt.datetime | None:
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Problem("invalid_input", f"{text!r} is no moment of ISO 8601.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _as_list(job: NewJob, key: str | None) -> str:
    row = structs.asdict(job) | {"idempotency_key": key}
    if job.unique == "forever":  # which is what leaving it out means, and quicker
        del row["unique"]
    return msgspec.json.encode([row]).decode()


HANDLERS = [
    list_, enqueue, stats, show, retry, cancel, dead_letters, count_letters, redrive, redrive_all, schedules,
    run_schedule, pause_schedule, resume_schedule,
]  # fmt: skip
