"""The first way in: a link that signs the owner of this installation in, once."""

from __future__ import annotations

import asyncio
from uuid import UUID

from rambla.auth import links
from rambla.kit.db import SERVICE, Database, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla", "owner.sql")


def link(owner_url: str) -> str:
    """The token to put behind ``/welcome/``; it works for half an hour."""
    return asyncio.run(_link(owner_url))


async def _link(owner_url: str) -> str:
    db = Database.at(owner_url, size=1)
    await db.open()
    try:
        async with db.transaction(SERVICE) as tx:
            return await links.make(tx, await _admin(tx))
    finally:
        await db.close()


async def _admin(tx: Transaction) -> UUID:
    """Whoever has been admin for longest; on a database with nobody in it, a new person with the handle owner."""
    found: UUID | None = await tx.value(UUID | None, sql.admin)
    if found:
        return found
    owner = await tx.value(UUID, sql.register)
    await tx.run(sql.grant, id=owner)
    return owner
