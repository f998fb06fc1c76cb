"""Who looks at the page."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from rambla.kit.db import Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.auth")


class Viewer(Struct, frozen=True, kw_only=True):
    """What the frame of every page shows: the person, the bell, the cart."""

    id: UUID
    name: str
    handle: str
    avatar_url: str | None
    is_admin: bool
    unread: int
    timezone: str
    locale: str
    cart_count: int


async def load(tx: Transaction) -> Viewer | None:
    """The caller in one query; None for a visitor."""
    return await tx.first(Viewer, sql.viewer)
