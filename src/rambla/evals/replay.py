"""A world played into a database of its own, act by act, and asked at the right moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from rambla.evals.world import Act, Question, World
from rambla.kit.db import OWNER, SERVICE, Caller, Database, Transaction
from rambla.kit.queries import Queries, Query

sql = Queries("rambla.evals")

Contestant = Literal["for_you", "trending", "popularity", "recency", "random"]
CONTESTANTS: Final[tuple[Contestant, ...]] = ("for_you", "trending", "popularity", "recency", "random")
Weights = dict[str, float]


class Found(Struct, frozen=True):
    id: UUID


class Replay:
    """What has happened so far is in the database, and nothing of what comes."""

    def __init__(
        self, db: Database, world: World, *, relate_every: dt.timedelta = dt.timedelta(days=1)
    ) -> None:
        self._db = db
        self._world = world
        self._relate_every = relate_every
        self._related: dt.datetime | None = None
        self._acts = self._items = self._follows = 0

    async def begin(self) -> None:
        born = min(item.at for item in self._world.items) - dt.timedelta(days=1)
        async with self._db.transaction(OWNER) as tx:
            await tx.copy(sql.users, ((p, f"{p}@eval.example.org", born) for p in self._world.people))
            await tx.copy(
                sql.profiles, ((p, f"p{n}", f"P {n}", born) for n, p in enumerate(self._world.people))
            )
            await tx.run(sql.remember)

    async def advance(self, question: Question) -> None:
        """Everything until the question has happened, and jobs have run as they would have."""
        due = self._related is None or question.at >= self._related + self._relate_every
        async with self._db.transaction(OWNER) as tx:
            await self._appear(tx, question.at)
            await self._follow(tx, question.after)
            await self._act(tx, self._world.acts[self._acts : question.after])
            self._acts = question.after
            if due:
                await tx.run(sql.analyze)
        if due:
            await self._relate()
            self._related = question.at

    async def ask(self, question: Question, contestant: Contestant) -> list[UUID]:
        if contestant in ("for_you", "trending"):
            async with self._db.transaction(Caller.user(question.viewer), read_only=True) as tx:
                return await _items(tx, sql.for_you, mode=contestant, at=question.at)
        query = {"popularity": sql.popularity, "recency": sql.recency, "random": sql.chance}[contestant]
        moment = {"at": question.at} if contestant == "random" else {}
        async with self._db.transaction(OWNER, read_only=True) as tx:
            return await _items(tx, query, viewer=question.viewer, **moment)

    async def try_weights(self, question: Question, weights: Weights) -> list[UUID]:
        """The page as it would be with other weights; nothing of it stays."""
        async with self._db.rehearsal(SERVICE) as tx:
            await _weigh(tx, weights)
            await tx.become(Caller.user(question.viewer))
            return await _items(tx, sql.for_you, mode="for_you", at=question.at)

    async def publish(self, weights: Weights) -> None:
        async with self._db.transaction(SERVICE) as tx:
            await _weigh(tx, weights)

    async def new_authors(self, at: dt.datetime) -> frozenset[UUID]:
        async with self._db.transaction(OWNER, read_only=True) as tx:
            return frozenset(await _items(tx, sql.new_authors, at=at))

    async def leaks(self, question: Question, page: Sequence[UUID]) -> set[UUID]:
        """What is still on the page after the viewer has put all that it offers into the cart."""
        async with self._db.rehearsal(Caller.user(question.viewer)) as tx:
            await tx.run(sql.fill_cart, viewer=question.viewer, items=list(page))
            in_cart = set(await _items(tx, sql.cart))
            return in_cart & set(await _items(tx, sql.for_you, mode="for_you", at=question.at))

    async def _appear(self, tx: Transaction, at: dt.datetime) -> None:
        items = self._world.items
        start = self._items
        while self._items < len(items) and items[self._items].at <= at:
            self._items += 1
        for sold, query in ((False, sql.publish_posts), (True, sql.offer)):
            rows = [(i.id, i.author, i.tags, i.at) for i in items[start : self._items] if i.sold == sold]
            if rows:
                await tx.run(query, items=msgspec.json.encode(rows).decode())

    async def _follow(self, tx: Transaction, after: int) -> None:
        follows = self._world.follows
        start = self._follows
        while self._follows < len(follows) and follows[self._follows].after <= after:
            self._follows += 1
        if came := follows[start : self._follows]:
            await tx.run(
                sql.follow,
                followers=[f.follower for f in came],
                followees=[f.followee for f in came],
                ats=[f.at for f in came],
            )

    async def _act(self, tx: Transaction, acts: Sequence[Act]) -> None:
        if not acts:
            return
        columns: dict[str, list[Any]] = {
            "viewers": [act.viewer for act in acts],
            "items": [act.item for act in acts],
            "ats": [act.at for act in acts],
        }
        await tx.run(sql.see, **columns)
        gains = [act.gain for act in acts]
        await tx.run(sql.react, **columns, gains=gains)
        await tx.run(sql.warm, **columns, gains=gains)

    async def _relate(self) -> None:
        looked_at = 1
        while looked_at:
            async with self._db.transaction(SERVICE) as tx:
                looked_at = await tx.value(int, sql.relate)


async def _weigh(tx: Transaction, weights: Weights) -> None:
    await tx.run(sql.weigh, changes=msgspec.json.encode(weights).decode())


async def _items(tx: Transaction, query: Query, **params: Any) -> list[UUID]:
    return [row.id for row in await tx.all(Found, query, **params)]
