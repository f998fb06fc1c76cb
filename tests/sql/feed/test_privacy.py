"""Nothing reaches whom it is not for: Alice owns, Bob follows her, Charlie is a stranger."""

from __future__ import annotations

import pytest

from conftest import Session
from feeding import ids, move_in, offer, page, publish, walk
from people import ADA, ALICE, BOB, CHARLIE, Person

MODES = ("for_you", "following", "trending")


@pytest.fixture
def world(session: Session) -> Session:
    publish(session.connection, ALICE, 20, tags="{clay}")
    offer(session.connection, ALICE, 10)
    session.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)
    return session


def everything(session: Session, person: Person | None) -> set[object]:
    with session.as_user(person) if person else session.as_role("anon"):
        return {row["item_id"] for mode in MODES for rows in walk(session.connection, mode) for row in rows}


def test_what_is_for_followers_reaches_followers_only(world: Session) -> None:
    secret = set(publish(world.connection, ALICE, 5, visibility="followers", tags="{clay}"))
    with world.as_user(CHARLIE):
        # Interest in her and in the tag must not open a back door.
        for item in ids(page(world.connection))[:3]:
            world.run("select public.feed_react(%s, 'save')", item)
        for mode in MODES:
            world.value("select public.feed_refresh(%s)", mode)

    assert secret <= everything(world, BOB)
    assert set() == secret & everything(world, CHARLIE)
    assert set() == secret & everything(world, None)
    assert set() == secret & everything(world, ADA)


def test_a_follower_who_stops_stops_seeing(world: Session) -> None:
    secret = set(publish(world.connection, ALICE, 3, visibility="followers"))
    assert secret <= everything(world, BOB)

    world.run("delete from public.follows")
    assert set() == secret & everything(world, BOB)


def test_what_is_age_limited_reaches_who_is_of_age(world: Session) -> None:
    limited = set(publish(world.connection, ALICE, 5, tags="{clay}")) | set(offer(world.connection, ALICE, 2))
    for table in ("posts", "shop_items"):
        world.run(f"update public.{table} set age_limited = true where id = any(%s)", list(limited))
    with world.as_user(BOB):
        world.run("select public.age_confirm()")

    assert limited <= everything(world, BOB)
    for person in (CHARLIE, ADA, None):
        assert set() == limited & everything(world, person)
    with world.as_user(CHARLIE):
        for item in limited:
            with world.refused("not_found"):
                world.run("select public.feed_react(%s, 'like')", item)
        assert world.value("select count(*) from public.posts where age_limited") == 0
    with world.as_user(BOB):
        world.run("select public.age_confirm(false)")
    assert set() == limited & everything(world, BOB)


def test_age_limited_posts_leave_no_less_for_who_is_not_of_age(session: Session) -> None:
    for author in move_in(session.connection, 10):
        publish(session.connection, author, 60, age="1 minute")
    session.run("update public.posts set age_limited = true")
    publish(session.connection, ALICE, 30, age="2 days")
    with session.as_user(CHARLIE):
        assert len(page(session.connection)) == 30


@pytest.mark.parametrize("state", ["draft", "removed"])
def test_what_is_not_published_reaches_nobody(world: Session, state: str) -> None:
    hidden = set(publish(world.connection, ALICE, 3, state=state))
    hidden |= set(offer(world.connection, ALICE, 3, state=state))

    for person in (BOB, CHARLIE, ADA, None):
        assert set() == hidden & everything(world, person)


def test_what_one_may_not_see_one_can_neither_like_nor_hide(world: Session) -> None:
    (secret,) = publish(world.connection, ALICE, visibility="followers")
    (draft,) = publish(world.connection, ALICE, state="draft")
    with world.as_user(CHARLIE):
        for item in (secret, draft):
            with world.refused("not_found"):
                world.run("select public.feed_react(%s, 'like')", item)
            with world.refused("not_found"):
                world.run("select public.feed_hide(%s)", item)
    with world.as_user(BOB):
        world.run("select public.feed_react(%s, 'like')", secret)


def test_whom_she_blocked_cannot_like_her(world: Session) -> None:
    (post,) = publish(world.connection, ALICE)
    world.run("insert into public.blocks (user_id, blocked_id) values (%s, %s)", ALICE.id, CHARLIE.id)
    with world.as_user(CHARLIE), world.refused("not_found"):
        world.run("select public.feed_react(%s, 'like')", post)


def test_what_is_kept_about_a_viewer_only_they_read(world: Session) -> None:
    with world.as_user(BOB):
        rows = page(world.connection)
        world.run("select public.feed_react(%s, 'like')", rows[0]["item_id"])
        world.run("select public.feed_hide(%s)", rows[1]["item_id"])
        event = f'[{{"event_id":"{rows[0]["item_id"]}","item_id":"{rows[0]["item_id"]}","kind":"click"}}]'
        world.run("select public.feed_record(%s)", event)
    kept = ("feed_slates", "feed_reactions", "feed_hides", "feed_events", "feed_affinities")
    with world.as_user(BOB):
        assert all(world.value(f"select count(*) from public.{table}") for table in kept)
    with world.as_user(CHARLIE):
        assert not any(world.value(f"select count(*) from public.{table}") for table in kept)
    with world.as_role("anon"):
        for table in kept:
            with world.refused("42501"):
                world.value(f"select count(*) from public.{table}")


@pytest.mark.parametrize(
    "statement",
    [
        "insert into public.feed_reactions (user_id, item_id, kind) select {bob}, item_id, 'like' from x",
        "insert into public.feed_slates select * from public.feed_slates",
        "update public.feed_slates set post_ids = '{{}}'",
        "delete from public.feed_events",
        "update public.feed_counters set likes = 1000",
        "select count(*) from public.feed_items",
        "update public.feed_weights set like_weight = 1000",
        "insert into public.feed_hides (user_id, item_id) values ({bob}, gen_random_uuid())",
        "select internal.feed_slate_fill({bob}, 'for_you', true, now())",
        "select internal.feed_page_json('{{}}', 'for_you', null, null, 1)",
        "select internal.feed_page_dated('{{}}', 'for_you', null, null, 1)",
        "select internal.touch('item', array[{bob}])",
    ],
)
def test_charlie_writes_nothing_past_the_functions(world: Session, statement: str) -> None:
    with world.as_user(CHARLIE), world.refused("42501"):
        world.run(
            statement.format(bob=f"'{BOB.id}'::uuid").replace(
                " from x", f" from (values ('{ALICE.id}'::uuid)) x (item_id)"
            )
        )


def test_taking_a_reaction_back_takes_ones_own(world: Session) -> None:
    (post,) = publish(world.connection, ALICE)
    for person in (BOB, CHARLIE):
        with world.as_user(person):
            world.run("select public.feed_react(%s, 'like')", post)
    with world.as_user(CHARLIE):
        world.run("select public.feed_unreact(%s, 'like')", post)
        world.run("delete from public.feed_reactions")

    assert [BOB.id] == [row["user_id"] for row in world.all("select user_id from public.feed_reactions")]
    assert world.value("select likes from public.feed_counters where item_id = %s", post) == 1


def test_a_visitor_may_only_read(world: Session) -> None:
    (post,) = publish(world.connection, ALICE)
    with world.as_role("anon"):
        for call in (
            "feed_react(%s, 'like')",
            "feed_unreact(%s, 'like')",
            "feed_hide(%s)",
            "feed_unhide(%s)",
        ):
            with world.refused("42501"):
                world.run(f"select public.{call}", post)
        with world.refused("42501"):
            world.run("select public.feed_record('[]')")


def test_a_stranger_who_is_new_sees_the_public_part_of_everybody(world: Session) -> None:
    (author,) = move_in(world.connection, 1)
    public = set(publish(world.connection, author, 2))
    publish(world.connection, author, 2, visibility="followers")

    mine = everything(world, CHARLIE)
    assert public <= mine
    assert (
        world.value(
            "select count(*) from public.posts where author_id = %s and id = any(%s)", author.id, list(mine)
        )
        == 2
    )
