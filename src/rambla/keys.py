"""Ways in that an operator hands out: one-time links for people, tokens for programs."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from msgspec import Struct

from rambla.auth import links, sessions
from rambla.errors import Problem
from rambla.kit.db import SERVICE, Database, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla", "keys.sql")


class ServiceToken(Struct, frozen=True, kw_only=True):
    """What is known of a token; the token itself was shown once."""

    id: UUID
    label: str
    created_at: dt.datetime
    last_used_at: dt.datetime
    expires_at: dt.datetime


async def owner_link(owner_url: str) -> str:
    """The token to put behind ``/welcome/`` for the owner of this installation; it works for half an hour."""
    async with Database.opened(owner_url, size=1) as db, db.transaction(SERVICE) as tx:
        return await links.make(tx, await _admin(tx))


async def link(owner_url: str, handle: str) -> str:
    """The same for anybody."""
    async with Database.opened(owner_url, size=1) as db, db.transaction(SERVICE) as tx:
        user_id: UUID | None = await tx.value(UUID | None, sql.person, handle=handle)
        if user_id is None:
            raise Problem("not_found", f"Nobody has the handle {handle}.")
        return await links.make(tx, user_id)


async def create(owner_url: str, label: str) -> str:
    """A token with which a program is ``service_role`` for a year."""
    async with Database.opened(owner_url, size=1) as db, db.transaction(SERVICE) as tx:
        return await sessions.start(tx, None, kind="service", label=label)


async def tokens(owner_url: str) -> list[ServiceToken]:
    async with Database.opened(owner_url, size=1) as db, db.transaction(SERVICE, read_only=True) as tx:
        return await tx.all(ServiceToken, sql.tokens)


async def revoke(owner_url: str, token_id: UUID) -> None:
    async with Database.opened(owner_url, size=1) as db, db.transaction(SERVICE) as tx:
        await tx.run(sql.revoke, id=token_id)


async def _admin(tx: Transaction) -> UUID:
    """Whoever has been admin for longest; on a database with nobody in it, a new person with the handle owner."""
    found: UUID | None = await tx.value(UUID | None, sql.admin)
    if found:
        return found
    owner = await tx.value(UUID, sql.register)
    await tx.run(sql.grant, id=owner)
    return owner
