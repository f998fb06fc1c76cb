"""Earnings for people: four numbers, what happened, and the proof that both agree."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from rambla.auth import viewer as viewers
from rambla.auth.guards import signed_in
from rambla.earnings import timeline
from rambla.earnings.types import Recomputed, Summary
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages, is_fragment
from rambla.kit.queries import Queries

sql = Queries("rambla.earnings")
AnyRequest = Request[Any, Any, Any]

_PAGE: Final = 20


@get("/earnings", guards=[signed_in], include_in_schema=False)
async def show(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    pages: Pages,
    cursor: Annotated[str | None, QueryParameter(max_length=120)] = None,
    verified: Annotated[int | None, QueryParameter(ge=0)] = None,
) -> Response[bytes]:
    """Totals per currency and the timeline."""
    async with db.transaction(caller, read_only=True) as tx:
        summaries = await tx.all(Summary, sql.summary)
        page = await timeline.read_page(tx, currency=None, cursor=cursor, limit=_PAGE)
        viewer = await viewers.load(tx)
    return pages.render(
        request, "earnings/earnings.html", viewer=viewer, block="timeline",
        summaries=summaries, page=page, verified=verified, recomputed=None, first=cursor is None,
    )  # fmt: skip


@post("/earnings/recomputes", guards=[signed_in], include_in_schema=False)
async def recompute(request: AnyRequest, caller: Caller, db: Database, pages: Pages) -> Response[Any]:
    """The button: sum every event anew and say what came of it."""
    async with db.transaction(caller) as tx:
        rows = await tx.all(Recomputed, sql.recompute)
        summaries = await tx.all(Summary, sql.summary)
        viewer = await viewers.load(tx)
    if not is_fragment(request):
        return Redirect(f"/earnings?verified={sum(row.drift for row in rows)}", status_code=303)
    return pages.render(
        request, "earnings/totals.html", viewer=viewer, block="totals",
        summaries=summaries, verified=sum(row.drift for row in rows), recomputed=rows,
    )  # fmt: skip


HANDLERS = [show, recompute]
