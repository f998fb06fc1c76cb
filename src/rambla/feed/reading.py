"""Reading a page without writing: a slate that it takes is made first, in a transaction of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from msgspec import Struct

from rambla.feed import slates
from rambla.feed.cursor import START, Cursor
from rambla.feed.types import PAGE, Mode, Row
from rambla.kit.db import Caller, Database, Transaction
from rambla.kit.queries import Queries
from rambla.kit.replica import Replica

sql = Queries("rambla.feed")


class Dated(Struct, frozen=True):
    """A page as PostgreSQL wrote it, for how long a first page stays that, and which transactions it sees."""

    page: str | None
    rests_on: str | None  # what makes it out of date, as internal.touch() names it, with spaces between
    seconds: float | None
    snapshot: str


async def read_dated(
    reads: Database, db: Database, caller: Caller, *, mode: Mode, after: Cursor = START, limit: int = PAGE
) -> Dated:
    """In one round trip of ``reads``, or three where the slate is not made yet, or not so far: ``db`` makes it."""
    place = _place(mode, after, limit)
    found = await reads.direct_row(Dated, sql.page_dated, caller, **place)
    if found.page is None:
        await slates.fill(db, caller, mode, after=after, limit=limit)
        found = await reads.direct_row(Dated, sql.page_dated, caller, **place)
    return found


async def read_replica(
    replica: Replica, caller: Caller, *, mode: Mode, after: Cursor = START, limit: int = PAGE
) -> Dated | None:
    """From a standby, which may be behind; None where it has nothing."""
    found = await replica.direct_row(Dated, sql.page_dated, caller, **_place(mode, after, limit))
    return found if found and found.page is not None else None


@asynccontextmanager
async def reading(
    db: Database, caller: Caller, *, mode: Mode, after: Cursor = START, limit: int = PAGE
) -> AsyncIterator[Transaction]:
    """A transaction in which a page can be read that the next page follows: its slate is stored as far as that."""
    async with db.transaction(caller, read_only=True) as tx:
        if await tx.value(bool, sql.ready, **_place(mode, after, limit)):
            yield tx
            return
    await slates.fill(db, caller, mode, after=after, limit=limit)
    async with db.transaction(caller, read_only=True) as tx:
        yield tx


async def read_rows(tx: Transaction, *, mode: Mode, after: Cursor = START, limit: int = PAGE) -> list[Row]:
    """A page as values."""
    return await tx.all(Row, sql.page, **_place(mode, after, limit))


def _place(mode: Mode, after: Cursor, limit: int) -> dict[str, Any]:
    return {"mode": mode, "score": after.score, "item_id": after.item_id, "limit": limit}
