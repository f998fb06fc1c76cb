"""Acts of the story, done through the product's own functions by whoever does them, each at its own time."""

from __future__ import annotations

import datetime as dt
from functools import singledispatchmethod
from uuid import UUID

from rambla.kit.db import OWNER, SERVICE, Caller, Database
from rambla.kit.queries import Queries
from rambla.seeds.person import Person, item_id, person_id
from rambla.seeds.story import AnyAct, Cart, Credit, Follow, Hide, Order, Read, Settle, Tell

sql = Queries("rambla.seeds", "stage.sql")


class Stage:
    """Time is counted back from ``as_of``, the moment at which nothing of the story had been done yet."""

    def __init__(self, db: Database, people: list[Person], as_of: dt.datetime) -> None:
        self._db = db
        self._people = [person.id for person in people]
        self._as_of = as_of

    async def play(self, act: AnyAct) -> None:
        """Again is fine: what has been done is found by its key."""
        at = self._as_of - dt.timedelta(hours=act.hours)
        await self.mature(at)
        await self._do(act, at)
        async with self._db.transaction(OWNER) as tx:
            await tx.run(sql.date_notifications, at=at, since=self._as_of, people=self._people)

    async def mature(self, at: dt.datetime) -> None:
        """As the schedule does, which was not there to do it."""
        async with self._db.transaction(SERVICE) as tx:
            await tx.run(sql.mature, at=at)

    @singledispatchmethod
    async def _do(self, act: AnyAct, _at: dt.datetime) -> None:
        raise TypeError(act)

    @_do.register
    async def _(self, act: Follow, at: dt.datetime) -> None:
        who, whom = person_id(act.who), person_id(act.whom)
        async with self._db.transaction(Caller.user(who)) as tx:
            await tx.run(sql.follow, who=who, whom=whom)
        async with self._db.transaction(OWNER) as tx:
            await tx.run(sql.date_follow, who=who, whom=whom, at=at)

    @_do.register
    async def _(self, act: Order, at: dt.datetime) -> None:
        who, key = person_id(act.who), f"story:{act.hours}"
        async with self._db.transaction(OWNER) as tx:
            if await tx.value(bool, sql.was_ordered, who=who, key=key, paid=act.paid):
                return
        await self._put_in_cart(who, act.items)
        async with self._db.transaction(Caller.user(who)) as tx:
            order_id = await tx.value(UUID, sql.place, key=key, item=item_id(next(iter(act.items))))
        if act.paid:
            async with self._db.transaction(
                SERVICE
            ) as tx:  # only the service pays at another moment than now
                await tx.run(sql.pay, order_id=order_id, at=at)
        async with self._db.transaction(OWNER) as tx:
            await tx.run(sql.date_orders, who=who, since=self._as_of, at=at)
            await tx.run(sql.date_cart, who=who, since=self._as_of, at=at)

    @_do.register
    async def _(self, act: Cart, at: dt.datetime) -> None:
        who = person_id(act.who)
        await self._put_in_cart(who, act.items)
        async with self._db.transaction(OWNER) as tx:
            await tx.run(sql.date_cart, who=who, since=self._as_of, at=at)

    @_do.register
    async def _(self, act: Credit, at: dt.datetime) -> None:
        async with self._db.transaction(SERVICE) as tx:
            await tx.run(
                sql.credit,
                who=person_id(act.who),
                key=act.key,
                source=act.source,
                reason=act.reason,
                amount=act.amount,
                currency=act.currency,
                at=at,
                matures_at=at + dt.timedelta(days=act.days),
            )

    @_do.register
    async def _(self, act: Settle, at: dt.datetime) -> None:
        async with self._db.transaction(SERVICE) as tx:
            await tx.value(
                UUID,
                sql.settle,
                seller=person_id(act.seller),
                buyer=person_id(act.buyer),
                item=item_id(act.item),
                key=act.key,
                to=act.to,
                amount=act.amount,
                reason=act.reason,
                settlement=f"story:{act.hours}",
                at=at,
            )

    @_do.register
    async def _(self, act: Tell, at: dt.datetime) -> None:
        async with self._db.transaction(SERVICE) as tx:
            for handle in act.whom:
                await tx.run(
                    sql.tell,
                    whom=person_id(handle),
                    type=act.type,
                    title=act.title,
                    body=act.body,
                    key=f"story:{act.hours}",
                    at=at,
                )

    @_do.register
    async def _(self, act: Read, at: dt.datetime) -> None:
        async with self._db.transaction(Caller.user(person_id(act.who))) as tx:
            await tx.run(sql.read, at=at)

    @_do.register
    async def _(self, act: Hide, _at: dt.datetime) -> None:
        who = person_id(act.who)
        async with self._db.transaction(Caller.user(who)) as tx:
            await tx.run(sql.hide, who=who, item=item_id(act.item), reason=act.reason)

    async def _put_in_cart(self, who: UUID, items: dict[str, int]) -> None:
        async with self._db.transaction(Caller.user(who)) as tx:
            for slug, quantity in items.items():
                await tx.run(sql.cart, who=who, item=item_id(slug), quantity=quantity)
