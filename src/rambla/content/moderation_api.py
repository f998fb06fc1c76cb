"""Moderation for programs: what is removed and restored, and who is of age."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, put
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from rambla.auth.guards import admin, signed_in
from rambla.content.types import Moderated, NewRemoval, Removal
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.content")

Reason = Annotated[str, QueryParameter(min_length=1, max_length=500)]


@get("/v1/removals", guards=[admin])
async def list_removals(caller: Caller, db: Database) -> list[Removal]:
    """What moderators have removed and not restored."""
    async with db.transaction(caller, read_only=True) as tx:
        return await tx.all(Removal, sql.removals)


@put("/v1/removals/{item_id:uuid}", guards=[admin], status_code=HTTP_200_OK)
async def remove(item_id: UUID, data: NewRemoval, caller: Caller, db: Database) -> Moderated:
    """Remove a post or shop item: nobody but its author sees it from now on, who reads the reason."""
    async with db.transaction(caller) as tx:
        return Moderated(changed=await tx.value(bool, sql.remove, item_id=item_id, reason=data.reason))


@delete("/v1/removals/{item_id:uuid}", guards=[admin], status_code=HTTP_200_OK)
async def restore(item_id: UUID, reason: Reason, caller: Caller, db: Database) -> Moderated:
    """Take a removal back."""
    async with db.transaction(caller) as tx:
        return Moderated(changed=await tx.value(bool, sql.restore, item_id=item_id, reason=reason))


@put("/v1/me/age-confirmation", guards=[signed_in], status_code=HTTP_204_NO_CONTENT)
async def confirm_age(caller: Caller, db: Database) -> None:
    """Say that the caller is of age, and may see what is age-limited."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.age_confirm, of_age=True)


@delete("/v1/me/age-confirmation", guards=[signed_in])
async def withdraw_age(caller: Caller, db: Database) -> None:
    """Take it back."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.age_confirm, of_age=False)


HANDLERS = [list_removals, remove, restore, confirm_age, withdraw_age]
