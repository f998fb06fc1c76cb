"""The home page: the feed, and the small things one does to an item in it. Every form works without JavaScript."""

from __future__ import annotations

import contextlib
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_204_NO_CONTENT

from rambla.auth import destinations, viewer as viewers
from rambla.auth.guards import signed_in
from rambla.auth.viewer import Viewer
from rambla.errors import Problem
from rambla.feed import cursor as cursors, reading, slates
from rambla.feed.screen import cut
from rambla.feed.types import MODES, HideReason, Kept, Mode, News, Reaction, Row, Term
from rambla.kit.db import Caller, Database, Transaction
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")
AnyRequest = Request[Any, Any, Any]

CursorText = Annotated[str | None, QueryParameter(max_length=40)]
Score = Annotated[int, QueryParameter(ge=2**21, lt=2**53)]

_PAGE: Final = 20
_FAR: Final = 5  # who has read less finds the place without a link
_HIDES: Final[dict[str, HideReason]] = {"hides": "hidden", "not-interested": "not_interested"}
_REACTIONS: Final[dict[str, Reaction]] = {"likes": "like", "saves": "save"}


@get("/", include_in_schema=False)
async def show(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    pages: Pages,
    mode: Mode = "for_you",
    cursor: CursorText = None,
    at: Annotated[int, QueryParameter(ge=0, le=100_000)] = 0,
    again: bool = False,
) -> Response[Any]:
    """A page of the feed; `at` is how many items stand before it, `again` shows what was seen before."""
    after = cursors.decode(cursor)
    try:
        async with reading.reading(db, caller, mode=mode, after=after, limit=_PAGE) as tx:
            rows = await reading.read_rows(tx, mode=mode, after=after, limit=_PAGE)
            viewer = await viewers.load(tx)
            news, kept = await _on_top(tx, viewer, rows, mode) if cursor is None else (None, None)
    except Problem as problem:
        if problem.code != "cursor_expired":
            raise
        return Redirect(_address(mode))  # a tab from yesterday: the feed of today
    screen = cut(rows, after=after, full=_PAGE, again=again)
    return pages.render(
        request, "feed/home.html", viewer=viewer, block="page", screen=screen, mode=mode, at=at, after=cursor,
        said=request.query_params.get("said"), news=news, kept=kept, again=again,
        place=cursors.encode, address=_address, here=_address(mode, cursor=cursor, at=at or None, again=_flag(again)),
    )  # fmt: skip


async def _on_top(
    tx: Transaction, viewer: Viewer | None, rows: list[Row], mode: Mode
) -> tuple[News | None, Kept | None]:
    """What is new since this feed was begun, and where its reader stopped."""
    if viewer is None or not rows:
        return None, None
    count = await tx.value(int, sql.new_count, mode=mode, since=rows[0].score)
    kept = await tx.first(Kept, sql.place, mode=mode)
    return News(count=count), kept if kept and kept.passed >= _FAR else None


@get("/feed/news", guards=[signed_in], include_in_schema=False)
async def show_news(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, mode: Mode, since: Score
) -> Response[bytes]:
    """How many posts are new, as the part of the page that asks for itself."""
    async with db.transaction(caller, read_only=True) as tx:
        count = await tx.value(int, sql.new_count, mode=mode, since=since)
    return pages.render(
        request, "feed/news.html", viewer=None, news=News(count=count), mode=mode, since=since
    )


@get("/feed/newest", guards=[signed_in], include_in_schema=False)
async def show_newest(caller: Caller, db: Database, mode: Mode, since: Score) -> Redirect:
    """To a feed that is newer than the row `since`: a link, because following it twice does no more than once."""
    async with db.transaction(caller, read_only=True) as tx:
        stale = await tx.value(bool, sql.is_newest, mode=mode, score=since)
    if stale:
        await slates.refresh(db, caller, mode)
    return Redirect(_address(mode), status_code=303)


@get("/feed/{item_id:uuid}/why", guards=[signed_in], include_in_schema=False)
async def explain(
    request: AnyRequest, item_id: UUID, caller: Caller, db: Database, pages: Pages, mode: Mode = "for_you"
) -> Response[bytes]:
    """Why one sees an item."""
    async with db.transaction(caller, read_only=True) as tx:
        terms = await tx.all(Term, sql.explain, item_id=item_id, mode=mode)
        name = await tx.value(str | None, sql.item_name, item_id=item_id)
        viewer = await viewers.load(tx)
    return pages.render(
        request,
        "feed/why.html",
        viewer=viewer,
        block="why",
        terms=terms,
        name=name or "",
        back=_address(mode),
    )


@post("/feed/place", guards=[signed_in], include_in_schema=False, status_code=HTTP_204_NO_CONTENT)
async def keep_place(request: AnyRequest, caller: Caller, db: Database) -> None:
    """Remember how far one has read; the page says it when it is left, so there is nobody to hear of a failure."""
    form = await request.form()
    last = cursors.decode(str(form.get("cursor", "")))
    with contextlib.suppress(Problem):
        async with db.transaction(caller) as tx:
            await tx.run(sql.place_keep, mode=str(form.get("mode")), score=last.score, item_id=last.item_id)


@post("/feed/refreshes", guards=[signed_in], include_in_schema=False)
async def refresh(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Begin a new feed."""
    form = await request.form()
    mode = next((mode for mode in MODES if mode == form.get("mode")), None)
    if mode is None:
        raise Problem("unknown_mode")
    await slates.refresh(db, caller, mode)
    return Redirect(_address(mode), status_code=303)


@post("/feed/{item_id:uuid}/{act:str}", guards=[signed_in], include_in_schema=False)
async def do(item_id: UUID, act: str, request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Like, save, repost, hide or say that one is not interested."""
    form = await request.form()
    async with db.transaction(caller) as tx:
        if act in _HIDES:
            await tx.run(sql.hide, item_id=item_id, reason=_HIDES[act])
        elif act in _REACTIONS:
            query = sql.unreact if "undo" in form else sql.react
            await tx.run(query, item_id=item_id, kind=_REACTIONS[act])
        elif act == "reposts":
            await tx.run(sql.unrepost if "undo" in form else sql.repost, item_id=item_id)
        else:
            raise Problem("not_found")
    return Redirect(destinations.local(str(form.get("next"))), status_code=303)


def _address(mode: str, **query: str | int | None) -> str:
    chosen = {name: value for name, value in {"mode": mode, **query}.items() if value is not None}
    return f"/?{urlencode(chosen)}"


def _flag(on: bool) -> str | None:
    return "1" if on else None


HANDLERS = [show, show_news, show_newest, explain, keep_place, refresh, do]
