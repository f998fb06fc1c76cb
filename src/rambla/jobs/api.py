"""Jobs for programs: enqueue, look, retry, cancel, redrive. For admins and service tokens."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import HeaderParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from msgspec import structs

from rambla.auth.guards import admin
from rambla.jobs import board
from rambla.jobs.types import Board, Enqueued, Filter, JobDetail, NewJob, Page, Reason
from rambla.kit.db import Caller, Database
from rambla.kit.etags import conditional
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")
AnyRequest = Request[Any, Any, Any]

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Cursor = Annotated[str | None, QueryParameter(max_length=120)]
Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", min_length=1, max_length=500)]
Status = Annotated[str | None, QueryParameter(pattern="^(pending|running|completed|cancelled)$")]


@get("/v1/jobs", guards=[admin])
async def list_(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    status: Status = None,
    type_: Annotated[str | None, QueryParameter(name="type")] = None,
    queue: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page | None]:
    """Jobs that wait, run or have finished, newest first."""
    which = Filter(status=status, type=type_, queue=queue)  # type: ignore[arg-type]  # the pattern is the literal's
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


@get("/v1/dead-letters", guards=[admin])
async def dead_letters(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    type_: Annotated[str | None, QueryParameter(name="type")] = None,
    queue: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page | None]:
    """Jobs whose attempts are used up, the newest death first."""
    which = Filter(type=type_, queue=queue)
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await board.read_dead_letters(tx, which, cursor=cursor, limit=limit))


@post("/v1/dead-letters/{job_id:int}/redrives", guards=[admin], status_code=HTTP_200_OK)
async def redrive(job_id: int, caller: Caller, db: Database) -> JobDetail:
    """Put a dead letter back into the queue, under its own id and with its history."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.redrive, id=job_id)
        return await board.read_job(tx, job_id)


def _as_list(job: NewJob, key: str | None) -> str:
    return msgspec.json.encode([{**structs.asdict(job), "idempotency_key": key}]).decode()


HANDLERS = [list_, enqueue, stats, show, retry, cancel, dead_letters, redrive]
