"""The 100,000 ratings of MovieLens as people, posts, shop items and engagement, and all four systems run on them."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from rambla.kit.db import OWNER, SERVICE, Caller, Database
from rambla.kit.queries import Queries
from rambla.seeds.bulk import Bulk
from rambla.seeds.cinema import DOMAIN, SHOPS, Cinema, Purchase, shop_id, viewer_id
from rambla.seeds.drain import drain
from rambla.seeds.ratings import Ratings, read
from rambla.seeds.strangers import refuse_strangers
from rambla.seeds.summary import Say, Summary, counted, timed
from rambla.seeds.wheel import Wheel, fetch

sql = Queries("rambla.seeds", "movielens.sql")
bulk_sql = Queries("rambla.seeds")

ACTION: Final = "seed.movielens"
# The data is MovieLens 100k, which may not be passed on: it stays in the wheel that its publishers agreed to.
RECBOLE: Final = Wheel(
    requirement="recbole==1.2.1",
    file="recbole-1.2.1-py3-none-any.whl",
    sha256="9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407",
)
AT_ONCE: Final = 4
READERS: Final = 100

AsOf = Literal["now", "1998"]


class State(Struct, frozen=True):
    complete: bool
    newest: dt.datetime | None


class Page(Struct, frozen=True):
    items: int
    for_sale: int


def seed_movielens(
    owner_url: str, say: Say = print, *, as_of: AsOf = "now", viewers: int | None = None
) -> Summary:
    """``now`` shifts every moment by one constant, so that the newest rating is of now; 1998 leaves them alone.

    ``viewers`` takes the first so many of the 943 people.
    """
    data = read(fetch(RECBOLE))
    return asyncio.run(_seed(owner_url, data.of_first(viewers or len(data.viewers)), as_of, say))


async def _seed(owner_url: str, data: Ratings, as_of: AsOf, say: Say) -> Summary:
    started = time.monotonic()
    async with Database.opened(owner_url, size=AT_ONCE) as db:
        state = await _state(db, data)
        if not state.complete:
            await refuse_strangers(db)
            newest = state.newest or (dt.datetime.now(dt.UTC) if as_of == "now" else data.ratings[-1].at)
            cinema = Cinema(data, newest - data.ratings[-1].at)
            if state.newest is None:
                await _load(db, cinema, say)
            await _live(db, owner_url, cinema, newest, say)
        summary = await counted(db, "MovieLens", domain=DOMAIN)
    summary = msgspec.structs.replace(summary, already=state.complete, seconds=time.monotonic() - started)
    summary.tell(say)
    return summary


async def _state(db: Database, data: Ratings) -> State:
    async with db.transaction(OWNER, read_only=True) as tx:
        viewers = [viewer_id(viewer.id) for viewer in data.viewers]
        return await tx.one(State, sql.state, action=ACTION, viewers=viewers)


async def _load(db: Database, cinema: Cinema, say: Say) -> None:
    """What people did in those months, in one transaction."""
    async with db.transaction(OWNER) as tx:
        bulk = Bulk(tx, say)
        async with bulk.loading():
            await bulk.copy("people", bulk_sql.copy_users, cinema.users())
            await bulk.copy("profiles", bulk_sql.copy_profiles, cinema.profiles())
            await bulk.copy("posts", bulk_sql.copy_posts, cinema.posts())
            await bulk.copy("shop items", bulk_sql.copy_shop_items, cinema.shop_items())
            await bulk.copy("follows", bulk_sql.copy_follows, cinema.follows())
            await bulk.copy("likes and saves", bulk_sql.copy_reactions, cinema.reactions())
            await bulk.copy("impressions and clicks", bulk_sql.copy_events, cinema.events())
        await tx.run(sql.quiet_hours, authors=cinema.authors)
        await tx.run(sql.preferences, authors=cinema.authors)
        await bulk.run("statistics", bulk_sql.analyze)


async def _live(db: Database, owner_url: str, cinema: Cinema, now: dt.datetime, say: Say) -> None:
    """Each system does its own part of it, through its own functions; again is fine."""
    with timed(say, "orders"):
        await _buy(db, cinema)
    with timed(say, "notifications of followers"):
        async with db.transaction(SERVICE) as tx:
            await tx.run(sql.tell_of_followers, viewers=cinema.viewers)
    with timed(say, "earnings captured, reversed and recomputed"):
        await _settle(db, now)
    with timed(say, "jobs"):
        await drain(owner_url)
    with timed(say, f"first pages of {READERS} viewers"):
        pages = [await _read(db, viewer) for viewer in cinema.viewers[:READERS]]
    say(f"  {sum(p.items for p in pages):,} items on them, {sum(p.for_sale for p in pages):,} for sale")
    async with db.transaction(OWNER) as tx:
        await tx.run(bulk_sql.mark, action=ACTION, details="{}")


async def _buy(db: Database, cinema: Cinema) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def buy(purchase: Purchase) -> None:
        async with gate:
            async with db.transaction(Caller.user(purchase.buyer)) as tx:
                if await tx.value(bool, sql.was_paid, who=purchase.buyer):
                    return
                await tx.run(sql.fill_cart, who=purchase.buyer, items=purchase.items)
                order_id = await tx.value(UUID, sql.place)
            async with db.transaction(SERVICE) as tx:
                await tx.run(sql.pay, order_id=order_id, at=purchase.at)

    await asyncio.gather(*(buy(purchase) for purchase in cinema.purchases()))
    async with db.transaction(OWNER) as tx:
        await tx.run(sql.date_orders, viewers=cinema.viewers)
        await tx.run(sql.hesitate, carts=msgspec.json.encode(list(cinema.carts())).decode())


async def _settle(db: Database, now: dt.datetime) -> None:
    sellers = [shop_id(number) for number in range(len(SHOPS))]
    async with db.transaction(SERVICE) as tx:
        await tx.run(sql.send_back, sellers=sellers, at=now)
        while await tx.value(int, sql.mature, at=now):
            pass
        drift = await tx.value(int, sql.prove, sellers=sellers)
    assert drift == 0, "the ledger is not the sum of its events"


async def _read(db: Database, viewer: UUID) -> Page:
    async with db.transaction(Caller.user(viewer), read_only=True) as tx:
        return await tx.one(Page, sql.first_page)
