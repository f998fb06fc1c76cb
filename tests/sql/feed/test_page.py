"""A page: what it holds, where it goes on, and what it refuses."""

from __future__ import annotations

from itertools import pairwise

import pytest

from conftest import Session
from feeding import ids, move_in, offer, page, publish, shops, walk
from people import ALICE, BOB, CHARLIE


@pytest.fixture
def world(session: Session) -> Session:
    """Alice wrote a lot and sells a lot; Bob reads."""
    publish(session.connection, ALICE, 200)
    offer(session.connection, ALICE, 60)
    return session


def test_the_statement_of_the_document_gives_fifty_distinct_items_of_which_ten_are_from_the_shop(
    world: Session,
) -> None:
    with world.as_user(BOB):
        rows = world.all("select * from public.feed_fusion_home('for_you', NULL, NULL, 50)")

    assert len(set(ids(rows))) == 50
    assert shops(rows) == 10


def test_a_visitor_reads_what_is_trending(world: Session) -> None:
    with world.as_role("anon"):
        rows = page(world.connection)

        assert ids(rows) == ids(page(world.connection, "trending"))
        assert len(rows) == 50
        assert {"trending"} == {row["reason"] for row in rows}
        assert page(world.connection, "following") == []


def test_the_same_call_gives_the_same_page(world: Session) -> None:
    with world.as_user(BOB):
        first = page(world.connection)
        with_likes_on_the_last = ids(first)[-1]
    with world.as_user(CHARLIE):
        world.run("select public.feed_react(%s, 'like')", with_likes_on_the_last)
    publish(world.connection, ALICE, 5, age="0")
    with world.as_user(BOB):
        again = page(world.connection)

    assert [(r["item_id"], r["score"]) for r in first] == [(r["item_id"], r["score"]) for r in again]


def test_a_refresh_brings_what_is_new_to_the_top(world: Session) -> None:
    with world.as_user(BOB):
        before = page(world.connection)
    (newest,) = publish(world.connection, ALICE, age="-1 minutes")
    with world.as_user(BOB):
        epoch = world.value("select public.feed_refresh('for_you')")
        after = page(world.connection)

        assert newest == ids(after)[0]
        assert after[-1]["score"] > before[0]["score"]
        assert epoch == world.value("select public.feed_epoch('for_you')")


def test_any_row_is_a_cursor(world: Session) -> None:
    with world.as_user(BOB):
        whole = [row for rows in walk(world.connection, limit=100) for row in rows]
        for place in (0, 3, 4, 17, 99):
            following = page(world.connection, after=whole[place], limit=1)

            # A page of one has no room for a shop item, so what follows is the next post.
            assert ids(following) == [
                next(r["item_id"] for r in whole[place + 1 :] if r["item_type"] == "post")
            ]


@pytest.mark.parametrize("limit", [1, 4, 5, 7, 20, 50, 99, 100])
def test_a_walk_shows_every_post_once_and_never_more_than_a_fifth_from_the_shop(
    world: Session, limit: int
) -> None:
    with world.as_user(BOB):
        pages = list(walk(world.connection, limit=limit))
    rows = [row for rows in pages for row in rows]

    assert len(set(ids(rows))) - shops(rows) == 200
    assert len(rows) == len(set(ids(rows)))
    assert all(shops(rows) <= len(rows) // 5 for rows in pages)
    assert all(shops(rows[start : start + 50]) <= 10 for start in range(len(rows)))
    assert all(a["score"] > b["score"] for a, b in pairwise(rows))


def test_a_short_world_ends_without_a_row_of_shop_items(session: Session) -> None:
    publish(session.connection, ALICE, 6)
    offer(session.connection, ALICE, 20)
    with session.as_user(BOB):
        rows = page(session.connection)

        assert [row["item_type"] for row in rows] == ["post"] * 4 + ["shop_item"] + ["post"] * 2
        assert page(session.connection, after=rows[-1]) == []


def test_an_empty_world_is_an_empty_page(session: Session) -> None:
    with session.as_user(BOB):
        assert page(session.connection) == []


@pytest.mark.parametrize("limit", [0, -1, 101, None])
def test_a_page_has_one_to_a_hundred_items(session: Session, limit: int | None) -> None:
    with session.as_user(BOB), session.refused("invalid_value"):
        session.all("select * from public.feed_fusion_home('for_you', null, null, %s)", limit)


@pytest.mark.parametrize("mode", ["hot", "", None, "FOR_YOU"])
def test_an_unknown_mode_is_refused(session: Session, mode: str | None) -> None:
    with session.as_user(BOB):
        with session.refused("unknown_mode"):
            session.all("select * from public.feed_fusion_home(%s)", mode)
        with session.refused("unknown_mode"):
            session.value("select public.feed_refresh(%s)", mode)


@pytest.mark.parametrize(
    "score",
    ["NaN", "Infinity", "-Infinity", "0", "-5", "1.5", "9007199254740992", "1e300", "1e-300", "2097151"],
)
def test_a_score_that_nobody_made_is_refused(world: Session, score: str) -> None:
    with world.as_user(BOB):
        item = ids(page(world.connection))[0]
        with world.refused("invalid_cursor"):
            world.all("select * from public.feed_fusion_home('for_you', %s::float8, %s)", score, item)


def test_half_a_cursor_is_refused(world: Session) -> None:
    with world.as_user(BOB):
        row = page(world.connection)[0]
        with world.refused("invalid_cursor"):
            world.all("select * from public.feed_fusion_home('for_you', %s, null)", row["score"])
        with world.refused("invalid_cursor"):
            world.all("select * from public.feed_fusion_home('for_you', null, %s)", row["item_id"])


def test_a_score_with_the_item_of_another_row_is_refused(world: Session) -> None:
    with world.as_user(BOB):
        first, second, *_ = page(world.connection)
        with world.refused("invalid_cursor"):
            page(world.connection, after=first | {"item_id": second["item_id"]})
        with world.refused("invalid_cursor"):
            page(world.connection, after=first | {"score": first["score"] - 512})


def test_alices_cursor_leads_charlie_nowhere(session: Session) -> None:
    """They made their slates in the same second, so even the epoch is the same; the items are not."""
    for author in move_in(session.connection, 30):
        publish(session.connection, author, 4)
    with session.as_user(ALICE):
        page(session.connection)
        session.run("select public.feed_hide(%s)", ids(page(session.connection))[0])
        session.value("select public.feed_refresh('for_you')")
        hers = page(session.connection)
    with session.as_user(CHARLIE):
        with session.refused("cursor_expired"):
            page(session.connection, after=hers[3])
        page(session.connection)
        session.value("select public.feed_refresh('for_you')")
        with session.refused("invalid_cursor"):
            page(session.connection, after=hers[3])


def test_a_cursor_of_one_mode_leads_nowhere_in_another(world: Session) -> None:
    with world.as_user(BOB):
        row = page(world.connection)[3]
        with world.refused("cursor_expired"):
            page(world.connection, "trending", after=row)


def test_the_row_says_what_a_card_needs(world: Session) -> None:
    with world.as_user(BOB):
        post, item = page(world.connection)[0], page(world.connection)[4]
        world.run("select public.feed_react(%s, 'like')", post["item_id"])
        world.run("select public.feed_react(%s, 'save')", item["item_id"])
        post, item = page(world.connection)[0], page(world.connection)[4]

    assert (
        post["item_type"], post["body"], post["author_handle"], post["author_name"],
    ) == ("post", "Post 1", "alice", "Alice")  # fmt: skip
    assert (post["likes"], post["saves"], post["liked"], post["saved"]) == (1, 0, True, False)
    assert (
        item["item_type"], item["title"], item["price_minor"], item["currency"], item["stock"],
    ) == ("shop_item", "Item 1", 1250, "EUR", None)  # fmt: skip
    assert (item["likes"], item["saves"], item["liked"], item["saved"]) == (0, 1, False, True)
