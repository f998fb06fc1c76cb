"""A source and a scorer of one's own: editors pick posts for everybody, and what is about clay comes sooner."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from rambla.feed import reading, slates
from rambla.feed.extending import FEED, Asking, Candidate, Nudge, Offer
from rambla.kit import log
from rambla.kit.db import SERVICE, Caller, Database
from rambla.kit.queries import Query

ALICE, BOB = UUID("0199aaaa-0000-7000-8000-00000000000a"), UUID("0199aaaa-0000-7000-8000-00000000000b")
WRITE = Query("insert into public.posts (author_id, body, tags) values (auth.uid(), %(body)s, %(tags)s)")
PICKED = Query("select p.id from public.posts p where p.body like '%%kiln%%' and p.state = 'published'")
WHY = Query("select e.words from public.feed_explain(%(item_id)s) e where e.term in ('source', 'scorer')")


class Picked(Struct, frozen=True):
    id: UUID


class Words(Struct, frozen=True):
    words: str


@FEED.source("editors", timeout=2)
async def editors(asking: Asking) -> list[Offer]:
    async with asking.database.transaction(SERVICE, read_only=True) as tx:
        picked = await tx.all(Picked, PICKED)
    return [Offer(item_id=one.id, words="Picked by the editors", boost=2.5) for one in picked]


@FEED.scorer("clay", timeout=2)
async def clay(_: Asking, candidates: Sequence[Candidate]) -> list[Nudge]:
    return [
        Nudge(item_id=c.item_id, boost=0.7, words="It is about clay") for c in candidates if "clay" in c.tags
    ]


async def main() -> None:
    async with Database.opened(os.environ["DATABASE_URL"], size=1) as db:
        async with db.transaction(Caller.user(ALICE)) as tx:
            for body, tags in (("A kiln is built", []), ("Clay is dug", ["clay"]), ("A walk", [])):
                await tx.run(WRITE, body=body, tags=tags)
        await slates.refresh(db, Caller.user(BOB), "for_you")
        async with db.transaction(Caller.user(BOB), read_only=True) as tx:
            for row in sorted(await reading.read_rows(tx, mode="for_you"), key=lambda row: row.body):
                said = [why.words for why in await tx.all(Words, WHY, item_id=row.item_id)]
                print(f"{row.body}: {'; '.join(said) or 'nobody spoke for it'}")


if __name__ == "__main__":
    log.configure(style="console", level="warning")
    asyncio.run(main())
