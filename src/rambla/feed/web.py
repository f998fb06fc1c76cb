"""The home page: the feed, and the small things one does to an item in it. Every form works without JavaScript."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from rambla.auth import destinations, viewer as viewers
from rambla.auth.guards import signed_in
from rambla.errors import Problem
from rambla.feed import cursor as cursors, reading
from rambla.feed.types import MODES, HideReason, Mode, Reaction
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")
AnyRequest = Request[Any, Any, Any]

_PAGE: Final = 20
_HIDES: Final[dict[str, HideReason]] = {"hides": "hidden", "not-interested": "not_interested"}
_REACTIONS: Final[dict[str, Reaction]] = {"likes": "like", "saves": "save"}


@get("/", include_in_schema=False)
async def show(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    pages: Pages,
    mode: Mode = "for_you",
    cursor: Annotated[str | None, QueryParameter(max_length=40)] = None,
    at: Annotated[int, QueryParameter(ge=0, le=100_000)] = 0,
    said: str | None = None,
) -> Response[Any]:
    """A page of the feed; `at` is how many items stand before it, for those who hear the page."""
    after = cursors.decode(cursor)
    try:
        async with reading.reading(db, caller, mode=mode, after=after) as tx:
            rows = await reading.read_rows(tx, mode=mode, after=after, limit=_PAGE)
            viewer = await viewers.load(tx)
    except Problem as problem:
        if problem.code != "cursor_expired":
            raise
        return Redirect(_address(mode))  # a tab from yesterday: the feed of today
    more = cursors.encode(rows[-1].score, rows[-1].item_id) if len(rows) == _PAGE else None
    return pages.render(
        request, "feed/home.html", viewer=viewer, block="page", rows=rows, mode=mode, at=at, said=said,
        here=_address(mode, cursor=cursor, at=at or None), fresh=_address(mode),
        more=_address(mode, cursor=more, at=at + len(rows)) if more else None,
    )  # fmt: skip


@post("/feed/refreshes", guards=[signed_in], include_in_schema=False)
async def refresh(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Begin a new feed."""
    mode = str((await request.form()).get("mode"))
    if mode not in MODES:
        raise Problem("unknown_mode")
    async with db.transaction(caller) as tx:
        await tx.run(sql.refresh, mode=mode)
    return Redirect(_address(mode), status_code=303)


@post("/feed/{item_id:uuid}/{act:str}", guards=[signed_in], include_in_schema=False)
async def do(item_id: UUID, act: str, request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Like, save, hide or say that one is not interested."""
    form = await request.form()
    async with db.transaction(caller) as tx:
        if act in _HIDES:
            await tx.run(sql.hide, item_id=item_id, reason=_HIDES[act])
        elif act in _REACTIONS:
            query = sql.unreact if "undo" in form else sql.react
            await tx.run(query, item_id=item_id, kind=_REACTIONS[act])
        else:
            raise Problem("not_found")
    return Redirect(destinations.local(str(form.get("next"))), status_code=303)


def _address(mode: str, **query: str | int | None) -> str:
    chosen = {name: value for name, value in {"mode": mode, **query}.items() if value is not None}
    return f"/?{urlencode(chosen)}"


HANDLERS = [show, refresh, do]
