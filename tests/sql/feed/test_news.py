"""How many posts are new, and where somebody stopped reading."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from conftest import Session
from feeding import ids, move_in, offer, page, publish
from people import ADA, ALICE, BOB, CHARLIE, Person


@pytest.fixture
def world(session: Session) -> Session:
    """Bob follows Alice and has begun to read an hour ago."""
    publish(session.connection, ALICE, 20, age="2 hours")
    publish(session.connection, CHARLIE, 20, age="2 hours")
    session.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)
    with session.as_user(BOB):
        for mode in ("for_you", "following", "latest", "trending"):
            session.run("select public.feed_refresh(%s, now() - interval '1 hour')", mode)
    return session


@pytest.fixture
def old(world: Session) -> UUID:
    """What Charlie wrote before Bob began to read, and what is in none of his feeds."""
    (post,) = publish(world.connection, CHARLIE, age="3 hours")
    return post


def repost(session: Session, item: UUID, who: Person = ALICE, ago: str = "1 minute") -> None:
    with session.as_user(who):
        session.run("select public.feed_repost(%s, now() - %s::interval)", item, ago)


def news(session: Session, mode: str, since: float | None = None) -> Any:
    return session.value("select public.feed_new_count(%s, %s)", mode, since)


def test_new_are_posts_of_whom_one_follows_and_in_trending_everybodys(world: Session) -> None:
    with world.as_user(CHARLIE):
        world.run("select public.feed_refresh('for_you', now() - interval '1 hour')")
    publish(world.connection, ALICE, 3, age="1 minute")
    publish(world.connection, CHARLIE, 2, age="1 minute")
    with world.as_user(BOB):
        assert [news(world, mode) for mode in ("for_you", "following", "trending")] == [3, 3, 5]
    with world.as_user(CHARLIE):
        assert news(world, "for_you") == 3, "who follows nobody hears of everybody, and not of themselves"


def test_a_refresh_brings_what_was_counted(world: Session) -> None:
    new = publish(world.connection, ALICE, 3, age="1 minute")
    with world.as_user(BOB):
        since = page(world.connection, ago="45 minutes")[0]["score"]
        assert news(world, "for_you", since) == 3
        world.value("select public.feed_refresh('for_you')")

        assert set(new) <= set(ids(page(world.connection)))
        assert news(world, "for_you") == 0
        assert news(world, "for_you", since) == 3, "who reads the older one has not got them"


def test_new_is_only_what_one_would_be_shown(world: Session) -> None:
    (secret,) = publish(world.connection, CHARLIE, age="1 minute", visibility="followers")
    publish(world.connection, ALICE, age="1 minute", state="draft")
    tagged, spoken, plain = publish(world.connection, ALICE, 3, age="1 minute")
    world.run("update public.posts set tags = '{clay}' where id = %s", tagged)
    world.run("update public.posts set body = 'On rabbits' where id = %s", spoken)
    with world.as_user(BOB):
        assert news(world, "trending") == 3
        world.run("select public.feed_see_fewer('tag', 'clay'), public.feed_mute_word('rabbits')")
        assert news(world, "trending") == 1
        world.run("insert into public.mutes (user_id, muted_id) values (%s, %s)", BOB.id, ALICE.id)
        assert news(world, "trending") == 0
    assert secret != plain


@pytest.mark.parametrize("mode", ["for_you", "following", "latest"])
def test_a_repost_by_whom_one_follows_is_news_until_a_refresh_brings_it(
    world: Session, old: UUID, mode: str
) -> None:
    repost(world, old)
    with world.as_user(BOB):
        assert news(world, mode) == 1
        world.value("select public.feed_refresh(%s)", mode)

        assert old in ids(page(world.connection, mode))
        assert news(world, mode) == 0


def test_a_repost_is_no_news_in_trending_nor_to_who_does_not_follow(world: Session, old: UUID) -> None:
    repost(world, old)
    with world.as_user(BOB):
        assert news(world, "trending") == 0
    world.run("delete from public.follows")
    with world.as_user(BOB):
        assert news(world, "following") == 0


def test_an_original_is_news_once(world: Session, old: UUID) -> None:
    (fresh,) = publish(world.connection, ALICE, age="5 minutes")
    world.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ADA.id)
    for who in (ALICE, ADA):
        repost(world, old, who)
    repost(world, fresh, ADA)
    with world.as_user(BOB):
        assert news(world, "following") == 2


def test_what_stands_in_the_feed_already_is_no_news(world: Session) -> None:
    with world.as_user(BOB):
        rows = page(world.connection, ago="45 minutes")
    (known, *_) = [row["item_id"] for row in rows if row["author_id"] == CHARLIE.id]
    repost(world, known)
    with world.as_user(BOB):
        assert news(world, "for_you") == 0
        assert news(world, "following") == 1, "where it does not stand"


@pytest.mark.parametrize(
    "act",
    [
        "insert into public.mutes (user_id, muted_id) values (auth.uid(), '{reposter}')",
        "insert into public.blocks (user_id, blocked_id) values (auth.uid(), '{reposter}')",
        "select public.feed_see_fewer('author', '{reposter}')",
        "insert into public.mutes (user_id, muted_id) values (auth.uid(), '{author}')",
        "insert into public.blocks (user_id, blocked_id) values (auth.uid(), '{author}')",
        "select public.feed_see_fewer('author', '{author}')",
        "select public.feed_hide('{item}')",
        "select public.feed_hide('{item}', 'not_interested')",
        "select public.feed_mute_word('post')",
        """select public.feed_record('[{{"event_id": "{item}", "item_id": "{item}", "kind": "impression"}}]')""",
    ],
)
def test_a_repost_is_no_news_to_who_would_not_be_shown_it_or_has_seen_it(
    world: Session, old: UUID, act: str
) -> None:
    repost(world, old)
    with world.as_user(BOB):
        assert news(world, "following") == 1
        world.run(act.format(reposter=ALICE.id, author=CHARLIE.id, item=old))

        assert news(world, "following") == 0


@pytest.mark.parametrize(
    "change",
    [
        "delete from public.feed_reposts where item_id = %s",
        "update public.posts set state = 'removed' where id = %s",
        "update public.posts set visibility = 'followers' where id = %s",
        "update public.posts set age_limited = true where id = %s",
        "update public.feed_reposts set created_at = now() - interval '61 minutes' where item_id = %s",
    ],
)
def test_a_repost_that_is_taken_back_or_of_what_is_not_for_the_viewer_is_no_news(
    world: Session, old: UUID, change: str
) -> None:
    repost(world, old)
    world.run(change, old)
    with world.as_user(BOB):
        assert news(world, "following") == 0


def test_what_a_refresh_would_not_bring_is_no_news(world: Session, old: UUID) -> None:
    """Bob's own post, a shop item, and what was reposted longer ago than a feed looks back."""
    (own,) = publish(world.connection, BOB, age="3 hours")
    (item,) = offer(world.connection, CHARLIE)
    repost(world, own)
    repost(world, item)
    repost(world, old, ago="73 hours")
    long_ago = world.value("select extract(epoch from now() - interval '9 days')::bigint * 2097152")
    with world.as_user(BOB):
        assert news(world, "following") == 0
        assert news(world, "following", long_ago) == 20, "posts of Alice"


def test_a_new_post_that_was_seen_elsewhere_or_hidden_is_no_news(world: Session) -> None:
    seen, hidden = publish(world.connection, ALICE, 2, age="1 minute")
    with world.as_user(BOB):
        world.run(
            "select public.feed_record(jsonb_build_array(jsonb_build_object("
            "'event_id', %s::uuid, 'item_id', %s::uuid, 'kind', 'impression')))",
            seen,
            seen,
        )
        assert news(world, "following") == 1
        world.run("select public.feed_hide(%s)", hidden)
        assert news(world, "following") == 0


def test_a_hundred_is_where_counting_ends(world: Session) -> None:
    for author in move_in(world.connection, 3):
        publish(world.connection, author, 50, age="0")
    with world.as_user(BOB):
        assert news(world, "trending") == 100


def test_who_has_not_begun_has_no_news(session: Session) -> None:
    publish(session.connection, ALICE, 3)
    with session.as_user(BOB):
        assert news(session, "for_you") == 0
    with session.as_role("anon"):
        assert news(session, "trending") == 0


@pytest.mark.parametrize("since", [0, -5, float("inf"), float("nan")])
def test_what_is_no_score(session: Session, since: float) -> None:
    with session.as_user(BOB), session.refused("invalid_cursor"):
        news(session, "for_you", since)


KEEP = "select public.feed_place_keep('trending', %s, %s)"


def test_a_place_is_kept_until_its_slate_goes(world: Session) -> None:
    with world.as_user(BOB):
        rows = page(world.connection, "trending", ago="45 minutes")
        world.run(KEEP, rows[6]["score"], rows[6]["item_id"])
        place = world.one("select * from public.feed_place('trending')")
        after = page(world.connection, "trending", after=place)
        for _ in range(2):
            world.value("select public.feed_refresh('trending')")
        assert world.all("select from public.feed_place('trending')")
        world.value("select public.feed_refresh('trending')")
        gone = world.all("select from public.feed_place('trending')")

    assert ids(after) == ids(rows)[7:]
    assert place["passed"] == 7
    assert gone == []


def test_a_place_is_forgotten(world: Session) -> None:
    with world.as_user(BOB):
        row = page(world.connection, "trending")[3]
        world.run(KEEP, row["score"], row["item_id"])
        world.run(KEEP, None, None)

        assert world.all("select from public.feed_place('trending')") == []


def test_a_place_is_a_row_of_ones_own_feed_and_nobody_elses_to_read(world: Session) -> None:
    with world.as_user(BOB):
        row = page(world.connection, "trending")[3]
        world.run(KEEP, row["score"], row["item_id"])
        with world.refused("invalid_cursor"):
            world.run(KEEP, row["score"], BOB.id)
    with world.as_user(CHARLIE):
        assert world.all("select from public.feed_place('trending')") == []
        with world.refused("cursor_expired"):
            world.run(KEEP, row["score"], row["item_id"])
