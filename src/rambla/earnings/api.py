"""Earnings for programs: totals, the timeline, one event explained, the recompute."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_200_OK

from rambla.auth.guards import signed_in
from rambla.earnings import timeline
from rambla.earnings.types import Explanation, Page, Recomputed, Summary
from rambla.kit.db import Caller, Database
from rambla.kit.etags import conditional
from rambla.kit.queries import Queries

sql = Queries("rambla.earnings")
AnyRequest = Request[Any, Any, Any]

Currency = Annotated[str | None, QueryParameter(pattern="^[A-Z]{3}$")]
Cursor = Annotated[str | None, QueryParameter(max_length=120)]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


@get("/v1/earnings", guards=[signed_in])
async def summary(request: AnyRequest, caller: Caller, db: Database) -> Response[list[Summary] | None]:
    """The caller's totals, one row a currency."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await tx.all(Summary, sql.summary))


@get("/v1/earnings/events", guards=[signed_in])
async def events(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    currency: Currency = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page | None]:
    """What happened to the caller's earnings, newest first."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(
            request, await timeline.read_page(tx, currency=currency, cursor=cursor, limit=limit)
        )


@get("/v1/earnings/events/{event_id:uuid}", guards=[signed_in])
async def explain(
    request: AnyRequest, event_id: UUID, caller: Caller, db: Database
) -> Response[Explanation | None]:
    """Where the money of one event is now, and why."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await tx.one(Explanation, sql.explain, id=event_id))


@post("/v1/earnings/recomputes", guards=[signed_in], status_code=HTTP_200_OK)
async def recompute(caller: Caller, db: Database) -> list[Recomputed]:
    """Sum the caller's events anew and prove the ledger by it."""
    async with db.transaction(caller) as tx:
        return await tx.all(Recomputed, sql.recompute)


HANDLERS = [summary, events, explain, recompute]
