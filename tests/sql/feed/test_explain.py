"""Why Bob sees an item: terms that add up to the score the slate was made with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from conftest import Session
from feeding import move_in, offer, page, publish
from people import ALICE, BOB, CHARLIE, Person


@pytest.fixture
def world(session: Session) -> Session:
    publish(session.connection, ALICE, 5, tags="{clay}", age="30 days")
    publish(session.connection, CHARLIE, 5, tags="{kiln}", age="30 days")
    return session


def why(session: Session, item: UUID, mode: str = "for_you") -> dict[str, tuple[float | None, str]]:
    with session.as_user(BOB):
        rows = session.all("select * from public.feed_explain(%s, %s)", item, mode)
    return {row["term"]: (row["value"], row["words"]) for row in rows}


def total(terms: dict[str, tuple[float | None, str]]) -> float:
    return sum(value or 0 for value, _ in terms.values())


def scored(session: Session, item: UUID, source: str) -> Any:
    """What a stage of the slate gives the item, less the part of time that all have alike."""
    return session.value(
        "select max(c.score + internal.feed_damp_of(x.tired, c.item_id, c.author_id))"
        " - extract(epoch from now())::double precision / (internal.feed_weights()).post_tau_seconds"
        f" from internal.feed_context_of(%s, 'for_you', now()) x, lateral {source} c where c.item_id = %s",
        BOB.id, item,
    )  # fmt: skip


def react(session: Session, person: Person, item: UUID, kind: str = "like") -> None:
    with session.as_user(person):
        session.run("select public.feed_react(%s, %s)", item, kind)


def test_of_whom_one_follows_and_likes(world: Session) -> None:
    first, second, *_ = publish(world.connection, ALICE, 2, age="3 hours")
    world.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)
    react(world, BOB, first)
    react(world, CHARLIE, second, "save")

    terms = why(world, second)

    assert [*terms] == ["popularity", "age", "follow", "affinity"]
    assert terms["popularity"][1] == "1 save"
    assert terms["follow"][1] == "You follow Alice"
    assert terms["affinity"][1] == "You have reacted to posts by Alice"
    assert total(terms) == pytest.approx(
        scored(world, second, "internal.feed_posts_by_authors(x, false, 320)")
    )


def test_of_a_tag_one_likes(world: Session) -> None:
    newcomer, author = move_in(world.connection, 2)
    (liked,) = publish(world.connection, newcomer, tags="{glaze}", age="20 days")
    (item,) = publish(world.connection, author, tags="{glaze,wheel}", age="20 days")
    react(world, BOB, liked)

    terms = why(world, item)

    assert [*terms] == ["popularity", "age", "interest"]
    assert terms["popularity"] == (0, "Nobody has reacted to it yet")
    assert terms["interest"][1] == "You have reacted to #glaze"
    assert total(terms) == pytest.approx(scored(world, item, "internal.feed_items_by_tags(x)"))


def test_of_somebody_new(world: Session) -> None:
    (author,) = move_in(world.connection, 1)
    best, next_best = publish(world.connection, author, 2, age="1 hour")

    terms = why(world, best)

    assert terms["new_author"][1] == "Author 0 is new here, and this is their best post"
    assert total(terms) == pytest.approx(scored(world, best, "internal.feed_posts_by_new_authors(x)"))
    assert "new_author" not in why(world, next_best)


def test_of_what_somebody_reposted(world: Session) -> None:
    (item,) = publish(world.connection, ALICE, age="30 hours")
    world.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, CHARLIE.id)
    with world.as_user(CHARLIE):
        world.run("select public.feed_repost(%s)", item)

    terms = why(world, item)

    assert [*terms] == ["popularity", "age", "repost"]
    assert terms["popularity"][1] == "1 repost"
    assert terms["repost"][1] == "Reposted by Charlie, whom you follow"
    assert total(terms) == pytest.approx(scored(world, item, "internal.feed_items_reposted(x)"))


def test_of_what_others_like_who_like_the_same(world: Session) -> None:
    (author,) = move_in(world.connection, 1)
    liked, item = publish(world.connection, author, 2, age="20 days")
    for person in (ALICE, CHARLIE):
        react(world, person, liked)
        react(world, person, item)
    with world.as_role("service_role"):
        world.run("select public.feed_relate()")
    react(world, BOB, liked)

    terms = why(world, item)

    assert terms["similar"][1] == "People who liked what you liked also liked it"
    assert total(terms) == pytest.approx(scored(world, item, "internal.feed_items_similar(x)"))


def test_trending_knows_nothing_of_the_viewer(world: Session) -> None:
    (item,) = publish(world.connection, ALICE, tags="{clay}")
    world.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)
    react(world, BOB, item)

    terms = why(world, item, "trending")

    assert [*terms] == ["popularity", "age"]
    assert total(terms) == pytest.approx(scored(world, item, "internal.feed_posts_trending(x, 50)"))


def test_what_one_is_tired_of_says_so(world: Session) -> None:
    (item,) = publish(world.connection, ALICE, tags="{clay}")
    with world.as_user(BOB):
        world.run("select public.feed_see_fewer('author', %s, now() - interval '40 days')", str(ALICE.id))
        world.run("select public.feed_see_fewer('tag', 'clay')")
    with world.as_user(BOB):
        rows = world.all("select * from public.feed_explain(%s) where term = 'fewer'", item)

    assert {row["words"]: row["value"] is None for row in rows} == {
        "You asked for fewer of Alice; this fades": False,
        "You asked for fewer of #clay, so it is not shown for now": True,
    }


def test_the_place_in_the_feed(world: Session) -> None:
    (sold,) = offer(world.connection, ALICE)
    with world.as_user(BOB):
        rows = [row for row in page(world.connection) if row["item_type"] == "post"]

    assert why(world, rows[1]["item_id"])["place"][1].startswith("Post 2 of 10 in your feed")
    assert why(world, sold)["place"][1].startswith("Shop item 1 of 1 in your feed")
    assert "place" not in why(world, rows[1]["item_id"], "trending"), "no such feed was begun"


def test_seen_is_said(world: Session) -> None:
    with world.as_user(BOB):
        item = page(world.connection)[0]["item_id"]
        event = f'[{{"event_id":"{item}","item_id":"{item}","kind":"impression"}}]'
        world.run("select public.feed_record(%s)", event)
        world.value("select public.feed_refresh('for_you')")

    assert "You have seen it" in why(world, item)["place"][1]


def test_what_one_may_not_see_is_explained_to_nobody(world: Session) -> None:
    (secret,) = publish(world.connection, ALICE, visibility="followers")
    with world.as_user(BOB), world.refused("not_found"):
        world.all("select * from public.feed_explain(%s)", secret)
    with world.as_role("anon"), world.refused("42501"):
        world.all("select * from public.feed_explain(%s)", secret)
