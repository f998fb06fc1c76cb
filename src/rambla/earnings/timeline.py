"""Reading a person's own timeline, page by page."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from rambla.earnings.types import Event, Page
from rambla.kit import cursors
from rambla.kit.db import Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.earnings")


class Older(Struct, frozen=True, array_like=True, tag="earnings"):
    at: dt.datetime
    seq: int


async def read_page(tx: Transaction, *, currency: str | None, cursor: str | None, limit: int) -> Page:
    after = cursors.decode(cursor, Older)
    events = await tx.all(
        Event,
        sql.timeline,
        currency=currency,
        at=after.at if after else None,
        seq=after.seq if after else None,
        limit=limit + 1,
    )
    shown = events[:limit]
    more = len(events) > limit
    return Page(
        items=shown, next_cursor=cursors.encode(Older(shown[-1].occurred_at, shown[-1].seq)) if more else None
    )
