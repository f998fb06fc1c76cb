"""Limits and pauses of queues and job types, for operators: forms of the dashboard."""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Request, post
from litestar.response import Redirect
from msgspec import Meta, Struct, structs

from rambla.auth.guards import admin
from rambla.errors import Problem
from rambla.jobs.types import NewLimit, Scope
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")
AnyRequest = Request[Any, Any, Any]
T = TypeVar("T")

BOARD: Final = "/admin/jobs"


class Which(Struct, frozen=True, kw_only=True):
    """A queue or a job type. In the form and not in the address, because a name may hold anything."""

    scope: Scope
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    reason: Annotated[str, Meta(max_length=500)] = ""


@post("/admin/jobs/pauses", guards=[admin], include_in_schema=False)
async def pause(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Start nothing more of a queue or a type."""
    which = _read(await _fields(request), Which)
    reason = which.reason or "paused on the dashboard"
    async with db.transaction(caller) as tx:
        await tx.run(sql.pause, scope=which.scope, name=which.name, reason=reason)
    return _back("queues")


@post("/admin/jobs/resumptions", guards=[admin], include_in_schema=False)
async def resume(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Go on with a queue or a type."""
    which = _read(await _fields(request), Which)
    async with db.transaction(caller) as tx:
        await tx.run(sql.resume, scope=which.scope, name=which.name)
    return _back("queues")


@post("/admin/jobs/limits", guards=[admin], include_in_schema=False)
async def limit(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Set the limit of a queue or a type; an empty field is no limit."""
    fields = await _fields(request)
    which = _read(fields, Which)
    numbers = _read(
        {name: value for name, value in fields.items() if name not in ("scope", "name")}, NewLimit
    )
    async with db.transaction(caller) as tx:
        await tx.run(sql.limit, scope=which.scope, name=which.name, **structs.asdict(numbers))
    return _back("limits")


@post("/admin/jobs/limits/clearance", guards=[admin], include_in_schema=False)
async def clear(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Take back what was set; what the code says holds again."""
    which = _read(await _fields(request), Which)
    async with db.transaction(caller) as tx:
        await tx.run(sql.clear_limit, scope=which.scope, name=which.name)
    return _back("limits")


async def _fields(request: AnyRequest) -> dict[str, str]:
    """What was filled in."""
    return {name: text for name, value in (await request.form()).items() if (text := str(value).strip())}


def _read(fields: dict[str, str], of: type[T]) -> T:
    try:
        return msgspec.convert(fields, of, strict=False)
    except msgspec.ValidationError as error:
        raise Problem("invalid_input", details=str(error)) from None


def _back(part: str) -> Redirect:
    return Redirect(f"{BOARD}#{part}", status_code=303)


HANDLERS = [pause, resume, limit, clear]
