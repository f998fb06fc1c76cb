"""A small world of creators and a shop, fit to be looked at: people with faces, posts, orders, earnings, a queue."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import Final

import msgspec
from msgspec import Struct

from rambla.errors import Problem
from rambla.kit.db import OWNER, SERVICE, Caller, Database
from rambla.kit.queries import Queries
from rambla.seeds.audience import Audience
from rambla.seeds.bulk import Bulk
from rambla.seeds.neighbours import neighbours
from rambla.seeds.person import people, person_id
from rambla.seeds.sign_in import NAMES, PASSWORD, let_in
from rambla.seeds.stage import Stage
from rambla.seeds.story import story
from rambla.seeds.strangers import refuse_strangers
from rambla.seeds.summary import Say, Summary, counted
from rambla.seeds.village import DOMAIN, Village

sql = Queries("rambla.seeds", "demo.sql")
bulk_sql = Queries("rambla.seeds")

ACTION: Final = "seed.demo"


class Taken(Struct, frozen=True):
    handle: str


def seed_demo(owner_url: str, say: Say = print) -> Summary:
    """Again is fine: an attempt that was interrupted is completed, a complete one is left as it is."""
    return asyncio.run(_seed(owner_url, say))


def seed_if_empty(owner_url: str, say: Say = print) -> None:
    """For the first start."""
    if asyncio.run(_is_empty(owner_url)):
        seed_demo(owner_url, say)


async def _is_empty(owner_url: str) -> bool:
    async with Database.opened(owner_url, size=1) as db, db.transaction(OWNER, read_only=True) as tx:
        return await tx.value(bool, sql.is_empty)


async def _seed(owner_url: str, say: Say) -> Summary:
    started = time.monotonic()
    as_of = dt.datetime.now(dt.UTC)
    async with Database.opened(owner_url, size=2) as db:
        already = await _stage_of(db) == "complete"
        if not already:
            await refuse_strangers(db)
            await _move_in(db, as_of)
            await let_in(db)
            await _play(db, as_of)
            await _settle_in(db, as_of)
        summary = await counted(db, "The demo world", domain=DOMAIN)
    summary = msgspec.structs.replace(summary, already=already, seconds=time.monotonic() - started)
    summary.tell(say)
    say(f"Sign in as {', '.join(NAMES[:-1])} or {NAMES[-1]} (the admin); the password is {PASSWORD}.")
    return summary


async def _stage_of(db: Database) -> str:
    async with db.transaction(OWNER, read_only=True) as tx:
        return await tx.value(str, sql.stage, action=ACTION, alice=person_id("alice"))


async def _move_in(db: Database, as_of: dt.datetime) -> None:
    """People, what they wrote and what they like, in one transaction."""
    if await _stage_of(db) != "empty":
        return
    everybody = [*people(), *neighbours()]
    village, audience = Village(everybody, story(), as_of), Audience(everybody, story(), as_of)
    async with db.transaction(OWNER) as tx:
        taken = await tx.all(Taken, sql.taken, handles=[person.handle for person in everybody])
        if taken:
            raise Problem(
                "conflict",
                f"Somebody else is called {taken[0].handle} here. Give the demo world its own database.",
            )
        bulk = Bulk(tx, lambda _: None)
        async with bulk.loading():
            await bulk.copy("people", bulk_sql.copy_users, village.users())
            await bulk.copy("profiles", bulk_sql.copy_profiles, village.profiles())
            await bulk.copy("posts", bulk_sql.copy_posts, village.posts())
            await bulk.copy("shop items", bulk_sql.copy_shop_items, village.shop_items())
            await bulk.copy("follows", bulk_sql.copy_follows, audience.follows())
            await bulk.copy("reactions", bulk_sql.copy_reactions, audience.reactions())
            await bulk.copy("events", bulk_sql.copy_events, audience.events())


async def _play(db: Database, as_of: dt.datetime) -> None:
    stage = Stage(db, people(), as_of)
    for act in story().acts:
        await stage.play(act)
    await stage.mature(as_of)


async def _settle_in(db: Database, as_of: dt.datetime) -> None:
    """What people prefer and what the queue holds; with it the world is complete."""
    async with db.transaction(Caller.user(person_id("alice"))) as tx:
        await tx.run(sql.quiet_hours)
    async with db.transaction(Caller.user(person_id("bob"))) as tx:
        await tx.run(sql.preferences)
    async with db.transaction(SERVICE) as tx:
        await tx.run(sql.wait, at=as_of)
        await tx.run(sql.die_of_poison, at=as_of - dt.timedelta(hours=9))
        await tx.run(sql.die_of_mail, who=person_id("charlie"), at=as_of - dt.timedelta(hours=9))
    async with db.transaction(OWNER) as tx:
        await tx.run(sql.hold_back, who=person_id("bob"), at=as_of - dt.timedelta(hours=5))
        await tx.run(bulk_sql.mark, action=ACTION, details="{}")
