"""Limits and pauses of queues and job types, for programs."""

from __future__ import annotations

from litestar import delete, put
from litestar.status_codes import HTTP_200_OK
from msgspec import structs

from rambla.auth.guards import admin
from rambla.jobs.types import Limit, NewLimit, Pause, Reason, Scope
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")


@put("/v1/queues/{queue:str}/pause", guards=[admin])
async def pause_queue(queue: str, caller: Caller, db: Database, data: Reason | None = None) -> list[Pause]:
    """Stop claims from a queue; what runs goes on. Answers with every pause."""
    return await _pause(caller, db, "queue", queue, data)


@delete("/v1/queues/{queue:str}/pause", guards=[admin], status_code=HTTP_200_OK)
async def resume_queue(queue: str, caller: Caller, db: Database) -> list[Pause]:
    """Let workers claim from a queue again. Answers with the pauses that are left."""
    return await _resume(caller, db, "queue", queue)


@put("/v1/job-types/{job_type:str}/pause", guards=[admin])
async def pause_type(job_type: str, caller: Caller, db: Database, data: Reason | None = None) -> list[Pause]:
    """Start no job of a type, in whatever queue; what runs goes on. Answers with every pause."""
    return await _pause(caller, db, "type", job_type, data)


@delete("/v1/job-types/{job_type:str}/pause", guards=[admin], status_code=HTTP_200_OK)
async def resume_type(job_type: str, caller: Caller, db: Database) -> list[Pause]:
    """Let workers start jobs of a type again. Answers with the pauses that are left."""
    return await _resume(caller, db, "type", job_type)


@put("/v1/queues/{queue:str}/limit", guards=[admin])
async def limit_queue(queue: str, caller: Caller, db: Database, data: NewLimit) -> list[Limit]:
    """Let so many jobs of a queue run at once. Answers with every limit."""
    return await _limit(caller, db, "queue", queue, data)


@delete("/v1/queues/{queue:str}/limit", guards=[admin], status_code=HTTP_200_OK)
async def clear_queue(queue: str, caller: Caller, db: Database) -> list[Limit]:
    """Take back the limit of a queue. Answers with the limits that are left."""
    return await _clear(caller, db, "queue", queue)


@put("/v1/job-types/{job_type:str}/limit", guards=[admin])
async def limit_type(job_type: str, caller: Caller, db: Database, data: NewLimit) -> list[Limit]:
    """Let so many jobs of a type, or of each of its keys, run at once or start in a period, whatever the code says."""
    return await _limit(caller, db, "type", job_type, data)


@delete("/v1/job-types/{job_type:str}/limit", guards=[admin], status_code=HTTP_200_OK)
async def clear_type(job_type: str, caller: Caller, db: Database) -> list[Limit]:
    """Take back what was set for a type: what the code says holds again. Answers with the limits that are left."""
    return await _clear(caller, db, "type", job_type)


async def _pause(caller: Caller, db: Database, scope: Scope, name: str, data: Reason | None) -> list[Pause]:
    async with db.transaction(caller) as tx:
        await tx.run(sql.pause, scope=scope, name=name, reason=data.reason if data else "")
        return await tx.all(Pause, sql.pauses)


async def _resume(caller: Caller, db: Database, scope: Scope, name: str) -> list[Pause]:
    async with db.transaction(caller) as tx:
        await tx.run(sql.resume, scope=scope, name=name)
        return await tx.all(Pause, sql.pauses)


async def _limit(caller: Caller, db: Database, scope: Scope, name: str, limit: NewLimit) -> list[Limit]:
    async with db.transaction(caller) as tx:
        await tx.run(sql.limit, scope=scope, name=name, **structs.asdict(limit))
        return await tx.all(Limit, sql.limits)


async def _clear(caller: Caller, db: Database, scope: Scope, name: str) -> list[Limit]:
    async with db.transaction(caller) as tx:
        await tx.run(sql.clear_limit, scope=scope, name=name)
        return await tx.all(Limit, sql.limits)


HANDLERS = [
    pause_queue, resume_queue, pause_type, resume_type, limit_queue, clear_queue, limit_type, clear_type,
]  # fmt: skip
