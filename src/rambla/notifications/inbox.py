"""The inbox as it is read: pages of it, and what is unread in each lane."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from rambla.kit import cursors
from rambla.kit.db import Transaction
from rambla.kit.queries import Queries
from rambla.notifications.types import LANES, Lane, LaneCount, Notification, Page, UnreadCount

sql = Queries("rambla.notifications")

_NEWEST: Final = 2**63 - 1


class Before(Struct, frozen=True, array_like=True, tag="notifications"):
    """The number that the next page stays below."""

    seq: Annotated[int, Meta(gt=0, le=_NEWEST)]


async def read_page(
    tx: Transaction,
    *,
    lane: Lane | None = None,
    unread: bool = False,
    cursor: str | None = None,
    after: int = 0,
    limit: int = 20,
) -> Page:
    """One more row than asked for is read, to know whether there are older ones.

    Nothing newer than ``seq`` is shown, or it would come twice to a reader who goes on after that number.
    """
    before = cursors.decode(cursor, Before) or Before(_NEWEST)
    seq = await tx.value(int, sql.newest)
    found = await tx.all(
        Notification,
        sql.unread if unread else sql.inbox,
        lanes=[lane] if lane else list(LANES),
        before=min(before.seq, seq + 1),
        after=after,
        limit=limit + 1,
    )
    items = found[:limit]
    return Page(
        items=items,
        next_cursor=cursors.encode(Before(items[-1].seq)) if len(found) > limit else None,
        unread=await tx.value(int, sql.unread_count),
        seq=seq,
    )


async def read_count(tx: Transaction) -> UnreadCount:
    return UnreadCount(unread=await tx.value(int, sql.unread_count))


async def count_lanes(tx: Transaction) -> dict[Lane, int]:
    """Unread in each lane; a hundred stands for a hundred or more."""
    counts = await tx.all(LaneCount, sql.lanes, lanes=list(LANES))
    return {count.lane: count.unread for count in counts}
