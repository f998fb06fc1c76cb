"""Sources and scorers in Python: bounded, on time or left out, and held to what everybody's feed is held to."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from psycopg import Error

from conftest import TestDatabase
from feeding import ids, offer, page, publish
from people import ALICE, BOB, CHARLIE
from rambla.feed import slates
from rambla.feed.extending import Asking, Candidate, Extensions, Nudge, Offer
from rambla.kit.db import ANONYMOUS, Caller, Database

BOBS = Caller.user(BOB.id)


@pytest.fixture
async def db(database: TestDatabase) -> AsyncIterator[Database]:
    async with Database.opened(database.login_url, size=2) as opened:
        yield opened


def offering(*items: UUID, boost: float = 3, **options: Any) -> Extensions:
    extensions = Extensions()

    @extensions.source("editors", **options)
    async def editors(_: Asking) -> list[Offer]:
        return [Offer(item_id=item, words="Picked by the editors", boost=boost) for item in items]

    return extensions


async def made(database: TestDatabase, db: Database, extensions: Extensions) -> list[dict[str, Any]]:
    """The first page of a new feed, in a world where nobody is new."""
    with database.connect("owner") as owner:
        owner.execute("update public.feed_authors set first_live_at = '-infinity'")
    await slates.refresh(db, BOBS, "for_you", extensions=extensions)
    with database.connect(BOB) as connection:
        return page(connection)


def explained(database: TestDatabase, item: UUID, term: str) -> list[dict[str, Any]]:
    with database.connect(BOB) as connection:
        return connection.execute(
            "select value, words from public.feed_explain(%s) where term = %s", (item, term)
        ).fetchall()


def runs(kind: str, name: str, outcome: str) -> float:
    labels = {"kind": kind, "name": name, "outcome": outcome}
    return REGISTRY.get_sample_value("rambla_feed_extension_runs_total", labels) or 0


async def test_a_feed_with_extensions_goes_on_like_any_other(database: TestDatabase, db: Database) -> None:
    with database.connect("owner") as owner:
        (offered, *_) = publish(owner, ALICE, 60)
        owner.execute("update internal.settings set value = '10' where key = 'feed_slate_posts'")
    extensions = offering(offered)
    await slates.refresh(db, BOBS, "for_you", extensions=extensions)

    await slates.fill(db, BOBS, "for_you", limit=50, extensions=extensions)

    with database.connect(BOB) as connection:
        connection.execute("set default_transaction_read_only = on")
        assert connection.execute("select public.feed_ready('for_you')").fetchone() == {"feed_ready": True}
        rows = page(connection)
    assert len(rows) == 50
    assert [row["source"] for row in rows].count("offered") == 1


async def test_an_offer_stands_where_its_boost_puts_it_and_says_why(
    database: TestDatabase, db: Database
) -> None:
    with database.connect("owner") as owner:
        publish(owner, ALICE, 3)
        (old,) = publish(owner, CHARLIE, age="20 hours")

    rows = await made(database, db, offering(old))

    assert (rows[0]["item_id"], rows[0]["source"]) == (old, "offered")
    assert explained(database, old, "source") == [{"value": 3.0, "words": "Picked by the editors"}]
    assert ids(rows).count(old) == 1


async def test_offers_pass_every_filter_and_the_share_of_the_shop(
    database: TestDatabase, db: Database
) -> None:
    with database.connect("owner") as owner:
        publish(owner, ALICE, 4)
        (followers,) = publish(owner, ALICE, visibility="followers")
        (draft,) = publish(owner, ALICE, state="draft")
        (hidden,) = publish(owner, ALICE)
        (own,) = publish(owner, BOB)
        owner.execute("insert into public.feed_hides (user_id, item_id) values (%s, %s)", (BOB.id, hidden))
        sold_out, in_cart, *shop = offer(owner, ALICE, 5)
        owner.execute("update public.shop_items set stock = 0 where id = %s", (sold_out,))
        owner.execute(
            "insert into public.shopping_cart_items (user_id, item_id) values (%s, %s)", (BOB.id, in_cart)
        )
        (blocked,) = publish(owner, CHARLIE)
        owner.execute("insert into public.blocks (user_id, blocked_id) values (%s, %s)", (CHARLIE.id, BOB.id))

    unwanted = {followers, draft, hidden, own, sold_out, in_cart, blocked, UUID(int=7)}
    rows = await made(database, db, offering(*unwanted, *shop))

    assert unwanted.isdisjoint(ids(rows))
    assert [row["item_type"] for row in rows].count("shop_item") == 1, "four posts have room for one"


async def test_a_scorer_sees_the_candidates_and_moves_them(database: TestDatabase, db: Database) -> None:
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 3, tags="{clay}")
        (last,) = publish(owner, CHARLIE, age="5 hours", tags="{kiln}")
    extensions = Extensions()
    seen: list[Candidate] = []

    @extensions.scorer("kilns")
    async def kilns(_: Asking, candidates: Sequence[Candidate]) -> list[Nudge]:
        seen.extend(candidates)
        return [
            Nudge(item_id=c.item_id, boost=2, words="Kilns first") for c in candidates if "kiln" in c.tags
        ]

    rows = await made(database, db, extensions)

    assert ids(rows)[0] == last
    assert {c.item_id for c in seen} == {*posts, last}
    assert explained(database, last, "scorer") == [{"value": 2.0, "words": "Kilns first"}]
    assert explained(database, posts[0], "scorer") == []


async def wrong(_: Asking) -> list[Offer]:
    return [Offer(item_id="no uuid", words="\x00")]  # type: ignore[arg-type]  # what a struct lets pass


async def test_who_raises_hangs_or_talks_nonsense_is_counted_and_the_rest_goes_on(
    database: TestDatabase, db: Database
) -> None:
    with database.connect("owner") as owner:
        publish(owner, ALICE, 3)
        (good,) = publish(owner, CHARLIE, age="20 hours")
    extensions = offering(good, timeout=30)
    counted = [("source", "raises", "error"), ("source", "hangs", "timeout"), ("source", "nonsense", "error"),
               ("source", "cancels", "error"), ("source", "stubborn", "timeout"), ("source", "plain", "error"),
               ("scorer", "raises", "error"), ("source", "wrong", "error"), ("source", "editors", "ok")]  # fmt: skip
    before = [runs(*labels) for labels in counted]
    released = asyncio.Event()

    @extensions.source("raises", timeout=30)
    async def raises(_: Asking) -> list[Offer]:
        raise ValueError("no editors today")

    @extensions.source("hangs", timeout=0.01)
    async def hangs(_: Asking) -> list[Offer]:
        await asyncio.Event().wait()
        return []

    @extensions.source("stubborn", timeout=0.01)
    async def stubborn(_: Asking) -> list[Offer]:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue
        return []

    @extensions.source("cancels", timeout=30)
    async def cancels(_: Asking) -> list[Offer]:
        raise asyncio.CancelledError

    async def nonsense(_: Asking) -> Any:
        return 7

    def plain(_: Asking) -> Any:
        raise TypeError("not even a coroutine")

    async def scorer(_: Asking, candidates: Any) -> Any:
        return candidates.nothing

    extensions.source("nonsense", timeout=30)(nonsense)

    extensions.source("wrong", timeout=30)(wrong)
    extensions.source("plain", timeout=30)(plain)
    extensions.scorer("raises", timeout=30)(scorer)

    try:
        rows = await made(database, db, extensions)
    finally:
        released.set()

    assert ids(rows)[0] == good
    assert len(rows) == 4
    assert [runs(*labels) - n for labels, n in zip(counted, before, strict=True)] == [1] * len(counted)


async def test_numbers_are_bounded(database: TestDatabase, db: Database) -> None:
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 30, age="3 days")

    await made(database, db, offering(*posts, boost=1e9, limit=10))
    with database.connect("owner") as owner:
        slate = owner.execute("select notes from public.feed_slates").fetchone()
    assert slate
    assert [note["boost"] for note in slate["notes"].values() if "source" in note] == [3] * 10

    rows = await made(database, db, offering(posts[0], boost=math.nan))
    assert "offered" not in {row["source"] for row in rows}


async def test_only_for_you_is_extended_and_only_when_a_slate_is_made(
    database: TestDatabase, db: Database
) -> None:
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 3)
    calls = []
    extensions = Extensions()

    @extensions.source("counts")
    async def counts(asking: Asking) -> list[Offer]:
        calls.append(asking.viewer_id)
        return [Offer(item_id=posts[2], words="Here")]

    await slates.fill(db, BOBS, "following", extensions=extensions)
    await slates.fill(db, ANONYMOUS, "trending", extensions=extensions)
    assert calls == []
    await slates.fill(db, BOBS, "for_you", extensions=extensions)
    assert calls == [BOB.id]


@pytest.mark.parametrize("call", ["feed_extend(%s, 'for_you', '[]')", "feed_candidates(%s, 'for_you')"])
async def test_a_viewer_may_not_extend_a_feed(database: TestDatabase, call: str) -> None:
    with database.connect(BOB) as connection, pytest.raises(Error, match="You may not do this"):
        connection.execute(f"select * from public.{call}".encode(), (BOB.id,))
