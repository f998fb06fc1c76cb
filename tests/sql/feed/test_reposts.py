"""Reposts: followers get the original, once, and only who may see it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from conftest import Session
from feeding import ids, move_in, offer, page, publish
from people import ALICE, BOB, CHARLIE, Person


@pytest.fixture
def world(session: Session) -> Session:
    """Bob follows Charlie; Alice writes."""
    publish(session.connection, CHARLIE, 2, age="2 hours")
    follow(session, BOB, CHARLIE)
    return session


def follow(session: Session, who: Person, whom: Person) -> None:
    session.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", who.id, whom.id)


def repost(session: Session, who: Person, item: UUID, ago: str = "0") -> Any:
    with session.as_user(who):
        return session.value("select public.feed_repost(%s, now() - %s::interval)", item, ago)


def read(session: Session, mode: str = "following", who: Person = BOB) -> list[dict[str, Any]]:
    with session.as_user(who):
        session.value("select public.feed_refresh(%s)", mode)
        return page(session.connection, mode)


def row(rows: list[dict[str, Any]], item: UUID) -> dict[str, Any]:
    (found,) = [row for row in rows if row["item_id"] == item]
    return found


@pytest.mark.parametrize("mode", ["for_you", "following"])
def test_followers_get_the_original_with_who_reposted_it(world: Session, mode: str) -> None:
    (old,) = publish(world.connection, ALICE, age="2 days")

    assert repost(world, CHARLIE, old) == 1
    rows = read(world, mode)

    assert ids(rows)[0] == old, "a repost is as new as itself"
    assert (rows[0]["source"], rows[0]["author_handle"]) == ("reposted", "alice")
    assert rows[0]["reason"] == "followed"  # a word that release 0.1.0 knows
    assert (rows[0]["reposter_handle"], rows[0]["reposter_name"]) == ("charlie", "Charlie")
    assert (rows[0]["reposts"], rows[0]["reposted"]) == (1, False)
    assert {r["reposter_handle"] for r in rows[1:]} == {None}


def test_of_many_reposts_the_original_stands_once_and_names_the_last(world: Session) -> None:
    (post,) = publish(world.connection, ALICE, age="5 hours")
    follow(world, BOB, ALICE)
    people = move_in(world.connection, 3)
    for n, person in enumerate(people):
        follow(world, BOB, person)
        repost(world, person, post, f"{n} minutes")

    rows = read(world)

    assert ids(rows).count(post) == 1
    assert row(rows, post)["reposter_name"] == "Author 0"
    assert row(rows, post)["reposts"] == 3


def test_twice_is_once_and_taken_back_is_gone_from_the_next_call_on(world: Session) -> None:
    (post,) = publish(world.connection, ALICE)
    assert [repost(world, CHARLIE, post), repost(world, CHARLIE, post)] == [1, 1]
    assert post in ids(read(world))

    with world.as_user(CHARLIE):
        assert world.value("select public.feed_unrepost(%s)", post) == 0
    with world.as_user(BOB):
        assert post not in ids(page(world.connection, "following"))


@pytest.mark.parametrize(
    "act",
    [
        "insert into public.mutes (user_id, muted_id) values (%(bob)s, %(charlie)s)",
        "insert into public.blocks (user_id, blocked_id) values (%(bob)s, %(charlie)s)",
        "insert into public.blocks (user_id, blocked_id) values (%(charlie)s, %(bob)s)",
        "insert into public.mutes (user_id, muted_id) values (%(bob)s, %(alice)s)",
        "insert into public.blocks (user_id, blocked_id) values (%(alice)s, %(bob)s)",
        "insert into public.feed_fatigues values (%(bob)s, 'author', %(charlie)s::text)",
        "delete from public.follows where follower_id = %(bob)s and followee_id = %(charlie)s",
        "insert into public.feed_hides (user_id, item_id) values (%(bob)s, %(post)s)",
        "update public.posts set visibility = 'followers' where id = %(post)s",
        "update public.posts set state = 'removed' where id = %(post)s",
    ],
)
@pytest.mark.parametrize("mode", ["for_you", "following"])
def test_silencing_either_or_losing_sight_takes_effect_at_once(world: Session, act: str, mode: str) -> None:
    (post,) = publish(world.connection, ALICE, age="2 days")
    repost(world, CHARLIE, post)
    assert post in ids(read(world, mode))

    world.connection.execute(
        act.encode(), {"bob": BOB.id, "charlie": CHARLIE.id, "alice": ALICE.id, "post": post}
    )

    with world.as_user(BOB):
        assert post not in ids(page(world.connection, mode))


def test_what_one_may_not_see_does_not_come_by_way_of_a_repost(world: Session) -> None:
    (secret,) = publish(world.connection, ALICE, visibility="followers")
    (adult,) = publish(world.connection, ALICE)
    world.run("update public.posts set age_limited = true where id = %s", adult)
    follow(world, CHARLIE, ALICE)
    with world.as_user(CHARLIE):
        world.run("select public.age_confirm()")
    for item in (secret, adult):
        repost(world, CHARLIE, item)

    assert {secret, adult}.isdisjoint(ids(read(world)) + ids(read(world, "for_you")))
    with world.as_user(BOB):
        assert world.value("select count(*) from public.feed_reposts") == 0


def test_ones_own_is_not_shown_back_and_not_to_be_reposted(world: Session) -> None:
    (mine,) = publish(world.connection, BOB)
    repost(world, CHARLIE, mine)

    assert mine not in ids(read(world))
    with world.as_user(BOB), world.refused("invalid_value"):
        world.run("select public.feed_repost(%s)", mine)


def test_what_is_not_there_for_one_is_not_to_be_reposted(world: Session) -> None:
    (secret,) = publish(world.connection, ALICE, visibility="followers")
    with world.as_user(CHARLIE), world.refused("not_found"):
        world.run("select public.feed_repost(%s)", secret)
    with world.as_role("anon"), world.refused("42501"):
        world.run("select public.feed_repost(%s)", secret)


def test_shop_items_are_reposted_too_and_keep_to_their_share(world: Session) -> None:
    items = offer(world.connection, ALICE, 4)
    for item in items:
        repost(world, CHARLIE, item)
    publish(world.connection, CHARLIE, 3)

    rows = read(world, "for_you")

    shop = [r for r in rows if r["item_type"] == "shop_item"]
    assert [(r["source"], r["reposter_name"]) for r in shop] == [("reposted", "Charlie")]
    assert len(rows) == 6, "five posts have room for one"


def test_what_was_seen_does_not_come_again_by_a_repost(world: Session) -> None:
    (post,) = publish(world.connection, ALICE)
    with world.as_user(BOB):
        event = f'[{{"event_id":"{post}","item_id":"{post}","kind":"impression"}}]'
        world.run("select public.feed_record(%s)", event)
    repost(world, CHARLIE, post)

    assert post not in ids(read(world))
    assert row(read(world, "for_you"), post)["reason"] == "seen"


def test_the_author_hears_of_it_once(world: Session) -> None:
    (post,) = publish(world.connection, ALICE)
    for _ in range(2):
        repost(world, CHARLIE, post)
        with world.as_user(CHARLIE):
            world.run("select public.feed_unrepost(%s)", post)

    told = world.all("select type, title from public.notifications where user_id = %s", ALICE.id)
    assert told == [{"type": "item_reposted", "title": "Charlie reposted Post 1"}]


def test_an_item_takes_its_reposts_with_it(world: Session) -> None:
    (post,) = publish(world.connection, ALICE)
    repost(world, CHARLIE, post)
    world.run("delete from public.posts where id = %s", post)

    assert world.value("select count(*) from public.feed_reposts") == 0
    assert post not in ids(read(world))
