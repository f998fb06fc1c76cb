"""The operator's first page: what runs, what waits, what went wrong, and who did what."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, Response, get
from litestar.params import QueryParameter

from rambla import __version__
from rambla.admin.types import Deed, Facts, Figures
from rambla.auth import viewer as viewers
from rambla.auth.guards import admin
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries

sql = Queries("rambla.admin")
AnyRequest = Request[Any, Any, Any]

_DEEDS: Final = 50


@get("/admin", guards=[admin], include_in_schema=False)
async def overview(request: AnyRequest, caller: Caller, db: Database, pages: Pages) -> Response[bytes]:
    """Figures of every system, the database, and the latest deeds."""
    async with db.transaction(caller, read_only=True) as tx:
        figures = await tx.one(Figures, sql.figures)
        facts = await tx.one(Facts, sql.facts)
        deeds = await tx.all(Deed, sql.deeds, before=None, limit=8)
        viewer = await viewers.load(tx)
    return pages.render(
        request, "admin/overview.html", viewer=viewer, block="figures",
        figures=figures, facts=facts, deeds=deeds, version=__version__,
    )  # fmt: skip


@get("/admin/audit", guards=[admin], include_in_schema=False)
async def audit(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    pages: Pages,
    before: Annotated[int | None, QueryParameter(ge=1)] = None,
) -> Response[bytes]:
    """The audit log, newest first."""
    async with db.transaction(caller, read_only=True) as tx:
        deeds = await tx.all(Deed, sql.deeds, before=before, limit=_DEEDS + 1)
        viewer = await viewers.load(tx)
    more = deeds[_DEEDS - 1].id if len(deeds) > _DEEDS else None
    return pages.render(
        request,
        "admin/audit.html",
        viewer=viewer,
        block="log",
        deeds=deeds[:_DEEDS],
        more=more,
        first=before is None,
    )


HANDLERS = [overview, audit]
