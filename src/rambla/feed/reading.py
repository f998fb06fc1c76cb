"""Reading a page without writing: who has no slate yet gets one first, in a transaction of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rambla.errors import Problem
from rambla.feed.cursor import START, Cursor
from rambla.feed.types import PAGE, Mode, Row
from rambla.kit.db import Caller, Database, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")


async def read_json(
    db: Database, caller: Caller, *, mode: Mode, after: Cursor = START, limit: int = PAGE
) -> bytes:
    """A page as the bytes that PostgreSQL wrote, in one round trip."""
    place = {"mode": mode, "score": after.score, "item_id": after.item_id, "limit": limit}
    page = await db.direct(str, sql.page_json, caller, **place)
    if page is None:
        await _fill(db, caller, mode)
        page = await db.direct(str, sql.page_json, caller, **place)
    if page is None:
        raise Problem("unavailable")
    return page.encode()


@asynccontextmanager
async def reading(
    db: Database, caller: Caller, *, mode: Mode, after: Cursor = START
) -> AsyncIterator[Transaction]:
    """A read-only transaction in which a page can be read that the next page follows."""
    async with db.transaction(caller, read_only=True) as tx:
        if after is not START or await tx.value(int | None, sql.epoch, mode=mode) is not None:
            yield tx
            return
    await _fill(db, caller, mode)
    async with db.transaction(caller, read_only=True) as tx:
        yield tx


async def read_rows(tx: Transaction, *, mode: Mode, after: Cursor = START, limit: int = PAGE) -> list[Row]:
    """A page as values."""
    return await tx.all(Row, sql.page, mode=mode, score=after.score, item_id=after.item_id, limit=limit)


async def _fill(db: Database, caller: Caller, mode: Mode) -> None:
    """Calls that arrive together wait in PostgreSQL for the first one, and find what it stored."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.fill, mode=mode)
