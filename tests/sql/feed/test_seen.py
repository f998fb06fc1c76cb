"""What Bob has seen stands behind what he has not, and who has seen everything reads it again."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

import msgspec
import pytest

from conftest import Session
from feeding import Row, ids, move_in, offer, page, publish, walk
from people import ALICE, BOB, CHARLIE


@pytest.fixture
def world(session: Session) -> Session:
    for author in move_in(session.connection, 12):
        publish(session.connection, author, 10)
    offer(session.connection, ALICE, 20)
    return session


def see(session: Session, items: Iterable[UUID], ago: str = "0") -> None:
    """Runs as whoever sees."""
    events = [{"event_id": str(uuid4()), "item_id": str(item), "kind": "impression"} for item in items]
    session.run(
        "select public.feed_record(%s, now() - %s::interval)", msgspec.json.encode(events).decode(), ago
    )


def anew(session: Session, mode: str = "for_you") -> list[Row]:
    session.value("select public.feed_refresh(%s)", mode)
    return [row for rows in walk(session.connection, mode) for row in rows]


def test_what_was_seen_comes_after_everything_else(world: Session) -> None:
    with world.as_user(BOB):
        first = page(world.connection)
        see(world, ids(first))
        again = anew(world)

    seen = [row["reason"] == "seen" for row in again if row["item_type"] == "post"]
    assert seen == sorted(seen), "unseen posts first"
    assert {row["item_id"] for row in again if row["reason"] == "seen"} >= {
        row["item_id"] for row in first if row["item_type"] == "post"
    }
    assert len(ids(again)) == len(set(ids(again)))
    assert set(ids(first)).isdisjoint(ids(again)[:50])


def test_the_slate_under_way_is_not_touched(world: Session) -> None:
    with world.as_user(BOB):
        first = page(world.connection)
        see(world, ids(first))

        assert first == page(world.connection)


@pytest.mark.parametrize("mode", ["for_you", "trending"])
def test_who_has_seen_everything_has_a_feed_nevertheless(world: Session, mode: str) -> None:
    everything = [
        row["id"]
        for row in world.all("select id from public.posts union all select id from public.shop_items")
    ]
    with world.as_user(BOB):
        see(world, everything)
        rows = anew(world, mode)

    assert len(rows) > 100
    assert {"seen"} == {row["reason"] for row in rows}
    assert sum(row["item_type"] == "shop_item" for row in rows) == 20


def test_in_following_only_what_the_followed_wrote_comes_again(world: Session) -> None:
    author = world.value("select author_id from public.posts limit 1")
    world.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, author)
    with world.as_user(BOB):
        see(world, ids(page(world.connection)))
        see(
            world,
            [row["id"] for row in world.all("select id from public.posts where author_id = %s", author)],
        )

        assert {author} == {row["author_id"] for row in anew(world, "following")}
        slate = world.one("select post_ids, shop_ids from public.feed_slates where mode = 'following'")
    assert (len(slate["post_ids"]), slate["shop_ids"]) == (10, [])


def test_deep_down_there_are_posts_that_were_not_seen(session: Session) -> None:
    """However many of the best have been seen, the next best are found."""
    for author in move_in(session.connection, 10):
        publish(session.connection, author, 60)
    best = session.all("select item_id from public.feed_items order by rank_key desc limit 450")
    with session.as_user(BOB):
        for at in range(0, 450, 150):
            see(session, [row["item_id"] for row in best[at : at + 150]])
        rows = anew(session)

    fresh = [row["item_id"] for row in rows if row["reason"] != "seen"]
    assert len(fresh) == 150
    assert set(fresh).isdisjoint(row["item_id"] for row in best)


def test_after_a_week_it_is_as_if_it_had_not_been_seen(world: Session) -> None:
    with world.as_user(BOB):
        before = ids(page(world.connection))
        see(world, before[:10], ago="8 days")
        after = anew(world)

    assert "seen" not in {row["reason"] for row in after}


def test_what_is_seen_keeps_to_the_rules_of_what_is_shown(world: Session) -> None:
    with world.as_user(BOB):
        rows = page(world.connection)
        see(world, ids(rows))
        hidden, muted, tired = rows[0], rows[1], rows[2]
        world.run("select public.feed_hide(%s)", hidden["item_id"])
        world.run("insert into public.mutes (user_id, muted_id) values (%s, %s)", BOB.id, muted["author_id"])
        world.run("select public.feed_see_fewer('author', %s)", str(tired["author_id"]))
        again = anew(world)

    assert hidden["item_id"] not in ids(again)
    assert {muted["author_id"], tired["author_id"]}.isdisjoint(row["author_id"] for row in again)


def test_what_bob_saw_says_nothing_to_charlie(world: Session) -> None:
    with world.as_user(BOB):
        see(world, ids(page(world.connection)))
    with world.as_user(CHARLIE):
        assert "seen" not in {row["reason"] for row in anew(world)}
        assert world.value("select count(*) from public.feed_firsts") == 0
