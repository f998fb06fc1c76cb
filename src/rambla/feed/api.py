"""The feed for programs: pages, refreshes, events, reactions, news, the reader's place, and why."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.openapi import ResponseSpec
from litestar.params import Body, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from msgspec import Meta

from rambla.auth.guards import signed_in
from rambla.feed import cursor as cursors, slates
from rambla.feed.serving import PATH, Ask, FeedPages
from rambla.feed.types import (
    LONGEST_CURSOR,
    MOST,
    PAGE,
    Event,
    Kept,
    Mode,
    News,
    Page,
    Place,
    PlaceToKeep,
    Reaction,
    Recorded,
    Refresh,
    Refreshed,
    Term,
)
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")
AnyRequest = Request[Any, Any, Any]

Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
CursorText = Annotated[str | None, QueryParameter(name="cursor", max_length=LONGEST_CURSOR)]
Since = Annotated[str | None, QueryParameter(max_length=LONGEST_CURSOR)]
Events = Annotated[list[Event], Meta(min_length=1, max_length=500)]
_PAGE: Final = {HTTP_200_OK: ResponseSpec(Page, description="A page of the caller's feed.")}


@get(PATH, responses=_PAGE)
async def read(
    request: AnyRequest,
    caller: Caller,
    feed_pages: FeedPages,
    mode: Mode = "for_you",
    after: CursorText = None,
    limit: Limit = PAGE,
) -> Response[bytes]:
    """A page of the home feed; visitors read what is trending.

    The first page stays the same until a refresh, half an hour, or an act of the viewer. `next_cursor` leads on and
    is null at the end; 410 `cursor_expired` means that three newer feeds were begun since.
    """
    reply = await feed_pages.read(caller, Ask(mode, after, limit), request.scope["state"]["headers"])
    return reply.response()


@post("/v1/feed/refreshes", guards=[signed_in])
async def refresh(data: Refresh, caller: Caller, db: Database) -> Refreshed:
    """Begin a new feed; cursors of the two before it still work."""
    return Refreshed(mode=data.mode, epoch=await slates.refresh(db, caller, data.mode))


@post("/v1/feed/events", guards=[signed_in], status_code=HTTP_200_OK)
async def record(data: Annotated[Events, Body()], caller: Caller, db: Database) -> Recorded:
    """Say what was seen and done. A batch may be sent again; each `event_id` counts once.

    Make `event_id` a uuid of version 7, the moment of the act in it: it counts once for good, and one from before
    `feed_event_days` is dropped. Ids of other versions count once for so many days. A like or save is the reaction
    itself, so telling of it here too, or only here, counts once; an add_to_cart counts once with the cart row.
    """
    events = msgspec.json.encode(data).decode()
    async with db.transaction(caller) as tx:
        return Recorded(recorded=await tx.value(int, sql.record, events=events))


@put("/v1/feed/reactions/{item_id:uuid}/{kind:str}", guards=[signed_in], status_code=HTTP_204_NO_CONTENT)
async def react(item_id: UUID, kind: Reaction, caller: Caller, db: Database) -> None:
    """Like or save an item; twice is once."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.react, item_id=item_id, kind=kind)


@delete("/v1/feed/reactions/{item_id:uuid}/{kind:str}", guards=[signed_in])
async def unreact(item_id: UUID, kind: Reaction, caller: Caller, db: Database) -> None:
    """Take a like or a save back."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.unreact, item_id=item_id, kind=kind)


@put("/v1/feed/reposts/{item_id:uuid}", guards=[signed_in], status_code=HTTP_204_NO_CONTENT)
async def repost(item_id: UUID, caller: Caller, db: Database) -> None:
    """Show an item of somebody else's to the caller's followers; twice is once."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.repost, item_id=item_id)


@delete("/v1/feed/reposts/{item_id:uuid}", guards=[signed_in])
async def unrepost(item_id: UUID, caller: Caller, db: Database) -> None:
    """Take a repost back."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.unrepost, item_id=item_id)


@get("/v1/feed/news")
async def count_news(caller: Caller, db: Database, mode: Mode = "for_you", since: Since = None) -> News:
    """How many posts a refresh would add since the feed that the cursor `since` is of, or since the newest one."""
    after = cursors.decode(since)
    async with db.transaction(caller, read_only=True) as tx:
        return News(count=await tx.value(int, sql.new_count, mode=mode, since=after.score))


@get("/v1/feed/place", guards=[signed_in])
async def show_place(caller: Caller, db: Database, mode: Mode = "for_you") -> Place:
    """Where the caller stopped reading, on whichever device."""
    async with db.transaction(caller, read_only=True) as tx:
        kept = await tx.first(Kept, sql.place, mode=mode)
    if kept is None:
        return Place(cursor=None)
    return Place(cursor=cursors.encode(kept.score, kept.item_id), passed=kept.passed, kept_at=kept.kept_at)


@put("/v1/feed/place", guards=[signed_in], status_code=HTTP_204_NO_CONTENT)
async def keep_place(data: PlaceToKeep, caller: Caller, db: Database) -> None:
    """Remember how far the caller has read."""
    last = cursors.decode(data.cursor)
    async with db.transaction(caller) as tx:
        await tx.run(sql.place_keep, mode=data.mode, score=last.score, item_id=last.item_id)


@get("/v1/feed/items/{item_id:uuid}/explanation", guards=[signed_in])
async def explain(item_id: UUID, caller: Caller, db: Database, mode: Mode = "for_you") -> list[Term]:
    """Why the caller sees an item: each term of its score in words."""
    async with db.transaction(caller, read_only=True) as tx:
        return await tx.all(Term, sql.explain, item_id=item_id, mode=mode)


HANDLERS = [
    read, refresh, record, react, unreact, repost, unrepost, count_news, show_place, keep_place, explain
]  # fmt: skip
