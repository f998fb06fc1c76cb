"""A person's page: who they are, what they sell and post, and what one wants of them."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect
from msgspec import Struct

from rambla.auth import destinations, viewer as viewers
from rambla.auth.guards import signed_in
from rambla.content import listing
from rambla.content.types import Profile, Repost, ShopItem
from rambla.errors import Problem
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries

sql = Queries("rambla.content")
AnyRequest = Request[Any, Any, Any]
CursorText = Annotated[str | None, QueryParameter(max_length=200)]

_SHOWN: Final = 12
_RELATIONS: Final = {
    "follows": (sql.follow, sql.unfollow),
    "mutes": (sql.mute, sql.unmute),
    "blocks": (sql.block, sql.unblock),
}


class Person(Struct, frozen=True):
    id: UUID


@get("/people/{handle:str}", include_in_schema=False)
async def show(
    request: AnyRequest, handle: str, caller: Caller, db: Database, pages: Pages, cursor: CursorText = None
) -> Response[bytes]:
    """A person with the newest of what they sell, post and repost, as far as one may see it."""
    query = sql.profile if caller.user_id else sql.profile_for_visitor
    async with db.transaction(caller, read_only=True) as tx:
        person = await tx.one(Profile, query, handle=handle)
        items = await tx.all(ShopItem, sql.shop_items_of, id=person.id, limit=_SHOWN)
        listed = await listing.posts_of(tx, person.id, cursor=cursor)
        reposts = await tx.all(Repost, sql.reposts_of, id=person.id, limit=_SHOWN)
        viewer = await viewers.load(tx)
    return pages.render(
        request, "content/person.html", viewer=viewer, block="person",
        person=person, items=items, listed=listed, cursor=cursor, reposts=reposts,
    )  # fmt: skip


@post("/people/{user_id:uuid}/{relation:str}", guards=[signed_in], include_in_schema=False)
async def relate(user_id: UUID, relation: str, request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Follow, mute or block, or with `undo` the contrary."""
    if relation not in _RELATIONS:
        raise Problem("not_found")
    form = await request.form()
    begin, end = _RELATIONS[relation]
    async with db.transaction(caller) as tx:
        await tx.one(Person, sql.person, id=user_id)
        await tx.run(end if "undo" in form else begin, id=user_id)
    return Redirect(destinations.local(str(form.get("next"))), status_code=303)


HANDLERS = [show, relate]
