"""Load many rows at once: what costs a little for each row is taken away first and put back for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from rambla.kit.db import Transaction
from rambla.kit.queries import Queries, Query
from rambla.seeds.summary import Say, timed

sql = Queries("rambla.seeds")

TABLES: Final = [
    "public.profiles",
    "public.posts",
    "public.shop_items",
    "public.follows",
    "internal.feed_item_json",
    "public.feed_items",
    "public.feed_item_tags",
    "public.feed_authors",
    "public.feed_counters",
    "public.feed_reactions",
    "public.feed_events",
    "public.feed_firsts",
    "public.feed_affinities",
]


class Bulk:
    """A load within the owner's transaction that says how long each step took."""

    def __init__(self, tx: Transaction, say: Say) -> None:
        self._tx = tx
        self._say = say

    @asynccontextmanager
    async def loading(self) -> AsyncIterator[None]:
        """No triggers, foreign keys and indexes while the block copies; then the feed's rows are made of it.

        Nobody else ever sees the tables like that: they are locked, against readers too, until the transaction
        ends, and a failure leaves nothing behind.
        """
        await self._tx.run(sql.note_bindings, tables=TABLES)
        await self._tx.run(sql.unbind)
        yield
        await self.run("what was seen and used", sql.fill_firsts)
        await self.run("counters of engagement", sql.fill_counters)
        await self.run("JSON of items", sql.fill_json)
        await self.run("feed items", sql.fill_items)
        await self.run("tags", sql.fill_tags)
        await self.run("authors", sql.fill_authors)
        await self.run("indexes, keys and triggers", sql.rebind)
        await self.run("affinities", sql.fill_affinities)
        await self.run("what is liked together, for the job that looks", sql.fill_unrelated)

    async def copy(self, what: str, query: Query, rows: Iterable[Sequence[Any]]) -> None:
        with timed(self._say, what):
            await self._tx.copy(query, rows)

    async def run(self, what: str, query: Query) -> None:
        with timed(self._say, what):
            await self._tx.run(query)
