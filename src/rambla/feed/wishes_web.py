"""The page of what a viewer does not want to see, and the forms that say so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect

from rambla.auth import destinations, viewer as viewers
from rambla.auth.guards import signed_in
from rambla.feed.types import Wish
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries, Query

sql = Queries("rambla.feed")
AnyRequest = Request[Any, Any, Any]


@get("/feed/wishes", guards=[signed_in], include_in_schema=False)
async def show(request: AnyRequest, caller: Caller, db: Database, pages: Pages) -> Response[bytes]:
    """Muted words, authors and tags of which fewer, and hidden items, each with its way back."""
    async with db.transaction(caller, read_only=True) as tx:
        wishes = await tx.all(Wish, sql.wishes)
        of_age = await tx.value(bool, sql.is_adult)
        viewer = await viewers.load(tx)
    return pages.render(
        request, "feed/wishes.html", viewer=viewer, wishes=wishes, of_age=of_age, now=dt.datetime.now(dt.UTC)
    )


@post("/feed/fewer", guards=[signed_in], include_in_schema=False)
async def see_fewer(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """See fewer of an author or a tag, or with `undo` as before."""
    return await _do(request, caller, db, sql.see_fewer, sql.see_again, "subject_type", "subject")


@post("/feed/muted-words", guards=[signed_in], include_in_schema=False)
async def mute_word(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Mute a word, or with `undo` hear of it again."""
    return await _do(request, caller, db, sql.mute_word, sql.unmute_word, "word")


@post("/feed/hides", guards=[signed_in], include_in_schema=False)
async def show_again(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Let a hidden item be shown again."""
    return await _do(request, caller, db, sql.unhide, sql.unhide, "item_id")


async def _do(
    request: AnyRequest, caller: Caller, db: Database, begin: Query, end: Query, *fields: str
) -> Redirect:
    form = await request.form()
    values = {field: str(form.get(field, "")) for field in fields}
    async with db.transaction(caller) as tx:
        await tx.run(end if "undo" in form else begin, **values)
    return Redirect(destinations.local(str(form.get("next"))), status_code=303)


HANDLERS = [show, see_fewer, mute_word, show_again]
