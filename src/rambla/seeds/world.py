"""A large world for load tests and plans: any number of viewers, items and follows, loaded by COPY."""

from __future__ import annotations

import asyncio
import datetime as dt
import time

import msgspec
from msgspec import Struct

from rambla.errors import Problem
from rambla.kit.db import OWNER, Database
from rambla.kit.queries import Queries
from rambla.seeds.bulk import Bulk
from rambla.seeds.crowd import Crowd, Plan
from rambla.seeds.strangers import refuse_strangers
from rambla.seeds.summary import Say, Summary, counted

sql = Queries("rambla.seeds")

ACTION = "seed.world"


class Made(Struct, frozen=True, kw_only=True):
    viewers: int
    items: int
    follows: int
    seed: int


def seed_world(
    owner_url: str,
    *,
    viewers: int,
    items: int,
    follows: int,
    seed: int = 1,
    as_of: dt.datetime | None = None,
    say: Say = print,
) -> Summary:
    """The same numbers and the same seed give the same world, up to the moment that it is counted back from."""
    plan = Plan(
        viewers=viewers, items=items, follows=follows, seed=seed, as_of=as_of or dt.datetime.now(dt.UTC)
    )
    return asyncio.run(_seed(owner_url, plan, say))


async def _seed(owner_url: str, plan: Plan, say: Say) -> Summary:
    started = time.monotonic()
    most = plan.viewers * (plan.authors - 1)
    if plan.viewers < 1 or plan.items < 1 or not 0 <= plan.follows <= most:
        raise Problem(
            "invalid_value", f"{plan.viewers} viewers can follow {plan.authors} authors at most {most} times."
        )
    name = f"The world of {plan.viewers:,} viewers, {plan.items:,} items and {plan.follows:,} follows"
    async with Database.opened(owner_url, size=1) as db:
        already = await _found(db, plan)
        if not already:
            await refuse_strangers(db)
            await _load(db, plan, say)
        summary = await counted(db, name, domain=plan.domain)
    summary = msgspec.structs.replace(summary, already=already, seconds=time.monotonic() - started)
    summary.tell(say)
    return summary


async def _found(db: Database, plan: Plan) -> bool:
    wanted = Made(viewers=plan.viewers, items=plan.items, follows=plan.follows, seed=plan.seed)
    async with db.transaction(OWNER, read_only=True) as tx:
        made = await tx.all(Made, sql.worlds, action=ACTION, seed=plan.seed)
    if made and made[0] != wanted:
        raise Problem(
            "conflict", f"Seed {plan.seed} has made another world here: {made[0]}. Take another --seed."
        )
    return bool(made)


async def _load(db: Database, plan: Plan, say: Say) -> None:
    crowd = Crowd(plan)
    async with db.transaction(OWNER) as tx:
        bulk = Bulk(tx, say)
        async with bulk.loading():
            await bulk.copy("people", sql.copy_users, crowd.users())
            await bulk.copy("profiles", sql.copy_profiles, crowd.profiles())
            await bulk.copy("posts", sql.copy_posts, crowd.posts())
            await bulk.copy("shop items", sql.copy_shop_items, crowd.shop_items())
            await bulk.copy("follows", sql.copy_follows, crowd.follows())
            await bulk.copy("counters", sql.copy_counters, crowd.counters())
        await tx.run(sql.mark, action=ACTION, details=msgspec.json.encode(plan).decode())
        await bulk.run("statistics", sql.analyze)
