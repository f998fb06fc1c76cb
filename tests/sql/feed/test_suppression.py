"""What a viewer does not want to see is gone from the next call on, and what follows moves up."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from conftest import Session
from feeding import ids, move_in, offer, page, publish
from people import ADA, ALICE, BOB, CHARLIE, Person

Act = Callable[[Session, UUID], None]


@pytest.fixture
def world(session: Session) -> Session:
    """Two authors and two sellers for Bob to read."""
    for person in (ALICE, CHARLIE):
        publish(session.connection, person, 60)
        offer(session.connection, person, 20)
    return session


def as_bob(statement: str) -> Act:
    def act(session: Session, item: UUID) -> None:
        with session.as_user(BOB):
            session.run(statement, item)

    return act


def as_moderator(statement: str) -> Act:
    def act(session: Session, item: UUID) -> None:
        with session.as_user(ADA):
            session.run(statement, item)

    return act


def as_owner(statement: str) -> Act:
    def act(session: Session, item: UUID) -> None:
        session.run(statement, item)

    return act


OF_ANYTHING = {
    "hidden": as_bob("select public.feed_hide(%s)"),
    "not interested": as_bob("select public.feed_hide(%s, 'not_interested')"),
    "hidden by a plain insert": as_bob(
        f"insert into public.feed_hides (user_id, item_id) values ('{BOB.id}', %s)"
    ),
}
OF_POSTS = OF_ANYTHING | {
    "removed": as_owner("update public.posts set state = 'removed' where id = %s"),
    "removed by a moderator": as_moderator("select public.content_remove(%s, 'Spam')"),
    "age-limited": as_owner("update public.posts set age_limited = true where id = %s"),
    "deleted": as_owner("delete from public.posts where id = %s"),
    "for followers": as_owner("update public.posts set visibility = 'followers' where id = %s"),
}
OF_SHOP_ITEMS = OF_ANYTHING | {
    "in the cart": as_owner(
        f"insert into public.shopping_cart_items (user_id, item_id) values ('{BOB.id}', %s)"
    ),
    "owned": as_owner(
        f"insert into public.owned_items (user_id, item_id, order_id) values ('{BOB.id}', %s, gen_random_uuid())"
    ),
    "sold out": as_owner("update public.shop_items set stock = 0 where id = %s"),
    "removed by a moderator": as_moderator("select public.content_remove(%s, 'A fake')"),
    "age-limited": as_owner("update public.shop_items set age_limited = true where id = %s"),
    "off the shelf": as_owner("update public.shop_items set state = 'removed' where id = %s"),
    "deleted": as_owner("delete from public.shop_items where id = %s"),
}


@pytest.mark.parametrize("mode", ["for_you", "trending"])
@pytest.mark.parametrize("act", OF_POSTS.values(), ids=OF_POSTS)
def test_a_post_is_gone_at_once(world: Session, act: Act, mode: str) -> None:
    with world.as_user(BOB):
        before = page(world.connection, mode)
    act(world, before[1]["item_id"])
    with world.as_user(BOB):
        after = page(world.connection, mode)

    posts = [row["item_id"] for row in before if row["item_type"] == "post"]
    expected = posts[:1] + posts[2:]
    assert expected == [row["item_id"] for row in after if row["item_type"] == "post"][:-1]
    assert len(after) == 50


@pytest.mark.parametrize("act", OF_SHOP_ITEMS.values(), ids=OF_SHOP_ITEMS)
def test_a_shop_item_is_gone_at_once_and_the_next_one_stands_there(world: Session, act: Act) -> None:
    with world.as_user(BOB):
        before = page(world.connection)
    act(world, before[4]["item_id"])
    with world.as_user(BOB):
        after = page(world.connection)

    assert before[4]["item_id"] not in ids(after)
    assert before[9]["item_id"] == after[4]["item_id"]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into public.blocks (user_id, blocked_id) values (%(bob)s, %(alice)s)",
        "insert into public.blocks (user_id, blocked_id) values (%(alice)s, %(bob)s)",
        "insert into public.mutes (user_id, muted_id) values (%(bob)s, %(alice)s)",
    ],
    ids=["bob blocks alice", "alice blocks bob", "bob mutes alice"],
)
def test_a_silenced_author_is_gone_at_once(world: Session, statement: str) -> None:
    with world.as_user(BOB):
        before = page(world.connection)
    world.connection.execute(statement, {"alice": ALICE.id, "bob": BOB.id})
    with world.as_user(BOB):
        after = page(world.connection)

    assert {ALICE.id, CHARLIE.id} == {row["author_id"] for row in before}
    assert {CHARLIE.id} == {row["author_id"] for row in after}
    assert len(after) == 50


def test_a_mute_is_not_mutual(world: Session) -> None:
    publish(world.connection, BOB, 10)
    world.run("insert into public.mutes (user_id, muted_id) values (%s, %s)", BOB.id, ALICE.id)
    with world.as_user(ALICE):
        assert BOB.id in {row["author_id"] for row in page(world.connection)}


def test_what_one_wrote_or_sells_oneself_is_not_in_ones_feed(world: Session) -> None:
    for mode in ("for_you", "trending"):
        with world.as_user(ALICE):
            assert {CHARLIE.id} == {row["author_id"] for row in page(world.connection, mode)}


def test_a_cart_is_state_and_not_history(world: Session) -> None:
    with world.as_user(BOB):
        item = page(world.connection)[4]["item_id"]
    world.run("insert into public.shopping_cart_items (user_id, item_id) values (%s, %s)", BOB.id, item)
    world.run("delete from public.shopping_cart_items where user_id = %s", BOB.id)
    with world.as_user(BOB):
        assert item == page(world.connection)[4]["item_id"]


def test_what_is_shown_again_comes_back_to_its_place(world: Session) -> None:
    with world.as_user(BOB):
        before = ids(page(world.connection))
        world.run("select public.feed_hide(%s)", before[2])
        world.run("select public.feed_unhide(%s)", before[2])

        assert before == ids(page(world.connection))


def test_a_page_is_full_although_the_whole_first_slate_page_is_hidden(world: Session) -> None:
    with world.as_user(BOB):
        before = page(world.connection)
        for row in before:
            world.run("select public.feed_hide(%s)", row["item_id"])
        after = page(world.connection)

    assert len(after) == 50
    assert set() == set(ids(before)) & set(ids(after))


@pytest.mark.parametrize("person", [CHARLIE, ALICE])
def test_what_bob_hides_others_still_see(world: Session, person: Person) -> None:
    (extra,) = move_in(world.connection, 1)
    (post,) = publish(world.connection, extra, age="-1 hour")
    with world.as_user(BOB):
        world.run("select public.feed_hide(%s)", post)
        assert post not in ids(page(world.connection))
    with world.as_user(person):
        assert post in ids(page(world.connection))
