"""The moderators' page: what is removed and why, with a form to remove and one to restore."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.response import Redirect

from rambla.auth import destinations, viewer as viewers
from rambla.auth.guards import admin, signed_in
from rambla.content.types import Named, Removal
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries

sql = Queries("rambla.content")
AnyRequest = Request[Any, Any, Any]


@get("/moderation", guards=[admin], include_in_schema=False)
async def show(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, item: UUID | None = None
) -> Response[bytes]:
    """What is removed; with `item`, what is to be removed now."""
    async with db.transaction(caller, read_only=True) as tx:
        removals = await tx.all(Removal, sql.removals)
        named = await tx.first(Named, sql.named, id=item) if item else None
        viewer = await viewers.load(tx)
    return pages.render(request, "content/moderation.html", viewer=viewer, removals=removals, named=named)


@post("/moderation/{item_id:uuid}", guards=[admin], include_in_schema=False)
async def moderate(item_id: UUID, request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Remove for a reason, or with `undo` restore for one."""
    form = await request.form()
    async with db.transaction(caller) as tx:
        query = sql.restore if "undo" in form else sql.remove
        await tx.run(query, item_id=item_id, reason=str(form.get("reason", "")))
    return Redirect("/moderation", status_code=303)


@post("/age-confirmation", guards=[signed_in], include_in_schema=False)
async def confirm_age(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Say that one is of age, or with `undo` take it back."""
    form = await request.form()
    async with db.transaction(caller) as tx:
        await tx.run(sql.age_confirm, of_age="undo" not in form)
    return Redirect(destinations.local(str(form.get("next"))), status_code=303)


HANDLERS = [show, moderate, confirm_age]
