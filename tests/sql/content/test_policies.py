"""Who reads and writes posts and shop items, and what following, blocking and muting do."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from conftest import Session
from feeding import offer, publish
from people import ALICE, BOB, CHARLIE, Person


def posts(session: Session, person: Person | None) -> set[UUID]:
    with session.as_user(person) if person else session.as_role("anon"):
        return {row["id"] for row in session.all("select id from public.posts")}


def shop(session: Session, person: Person | None) -> set[UUID]:
    with session.as_user(person) if person else session.as_role("anon"):
        return {row["id"] for row in session.all("select id from public.shop_items")}


def relate(session: Session, table: str, one: Person, other: Person) -> None:
    columns = {
        "follows": "follower_id, followee_id",
        "blocks": "user_id, blocked_id",
        "mutes": "user_id, muted_id",
    }
    with session.as_user(one):
        session.run(f"insert into public.{table} ({columns[table]}) values (%s, %s)", one.id, other.id)


def follows(session: Session) -> list[dict[str, Any]]:
    return session.all("select follower_id, followee_id from public.follows order by follower_id")


def test_a_public_post_is_everybodys(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)

    assert [{post}] * 4 == [posts(session, person) for person in (None, ALICE, BOB, CHARLIE)]


def test_a_post_for_followers_is_theirs_and_the_authors(session: Session) -> None:
    (post,) = publish(session.connection, ALICE, visibility="followers")
    relate(session, "follows", BOB, ALICE)

    assert [{post}, {post}, set(), set()] == [posts(session, p) for p in (ALICE, BOB, CHARLIE, None)]


@pytest.mark.parametrize("state", ["draft", "removed"])
def test_what_is_not_published_is_the_authors(session: Session, state: str) -> None:
    (post,) = publish(session.connection, ALICE, state=state)
    (item,) = offer(session.connection, ALICE, state=state)
    relate(session, "follows", BOB, ALICE)

    assert [{post}, set(), set(), set()] == [posts(session, p) for p in (ALICE, BOB, CHARLIE, None)]
    assert [{item}, set(), set(), set()] == [shop(session, p) for p in (ALICE, BOB, CHARLIE, None)]


@pytest.mark.parametrize(("one", "other"), [(ALICE, BOB), (BOB, ALICE)])
def test_a_block_hides_both_from_each_other(session: Session, one: Person, other: Person) -> None:
    (hers,), (his,) = publish(session.connection, ALICE), publish(session.connection, BOB)
    (vase,) = offer(session.connection, ALICE)
    relate(session, "blocks", one, other)

    assert ({hers}, {his}, {hers, his}) == tuple(posts(session, p) for p in (ALICE, BOB, CHARLIE))
    assert (set(), {vase}) == (shop(session, BOB), shop(session, CHARLIE))


def test_a_block_ends_following_in_both_directions(session: Session) -> None:
    relate(session, "follows", ALICE, BOB)
    relate(session, "follows", BOB, ALICE)
    relate(session, "follows", CHARLIE, ALICE)
    relate(session, "blocks", ALICE, BOB)

    assert [{"follower_id": CHARLIE.id, "followee_id": ALICE.id}] == follows(session)


@pytest.mark.parametrize(("one", "other"), [(ALICE, BOB), (BOB, ALICE)])
def test_nobody_follows_across_a_block(session: Session, one: Person, other: Person) -> None:
    relate(session, "blocks", one, other)
    with session.as_user(BOB), session.refused("42501"):
        session.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)


def test_a_follower_is_announced_once(session: Session) -> None:
    for _ in range(3):
        relate(session, "follows", BOB, ALICE)
        with session.as_user(BOB):
            session.run("delete from public.follows")
    with session.as_user(ALICE):
        told = session.all("select type, title from public.notifications")

    assert told == [{"type": "new_follower", "title": "Bob follows you"}]


def test_a_copied_graph_is_nobodys_news(session: Session) -> None:
    session.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)

    assert session.value("select count(*) from public.notifications") == 0


def test_one_follows_blocks_and_mutes_for_oneself_only(session: Session) -> None:
    for table in ("follows", "blocks", "mutes"):
        relate(session, table, BOB, CHARLIE)
    columns = {"follows": "follower_id", "blocks": "user_id", "mutes": "user_id"}
    with session.as_user(ALICE):
        assert [session.value(f"select count(*) from public.{table}") for table in columns] == [0, 0, 0]
        assert [session.run(f"delete from public.{table}") for table in columns] == [0, 0, 0]
        for table, column in columns.items():
            other = {"follows": "followee_id", "blocks": "blocked_id", "mutes": "muted_id"}[table]
            with session.refused("42501"):
                session.run(
                    f"insert into public.{table} ({column}, {other}) values (%s, %s)", BOB.id, ALICE.id
                )


def test_a_post_is_changed_by_its_author_only(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    (item,) = offer(session.connection, ALICE)
    with session.as_user(BOB):
        assert session.run("update public.posts set body = 'Mine now' where id = %s", post) == 0
        assert session.run("update public.shop_items set price_minor = 1 where id = %s", item) == 0
    with session.as_user(ALICE):
        assert session.run("update public.posts set body = 'Better' where id = %s", post) == 1
        assert session.run("update public.shop_items set price_minor = 1 where id = %s", item) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "insert into public.posts (author_id, body) values (%(alice)s, 'In her name')",
        "insert into public.shop_items (seller_id, title, price_minor, currency) values (%(alice)s, 'x', 1, 'EUR')",
        "insert into public.posts (author_id, body, created_at) values (%(bob)s, 'Old', '2020-01-01')",
        (
            "insert into public.shop_items (seller_id, title, price_minor, currency, creator_rate_bp)"
            " values (%(bob)s, 'x', 1, 'EUR', 10000)"
        ),
        "update public.shop_items set creator_rate_bp = 10000",
        "update public.shop_items set currency = 'JPY'",
        "update public.posts set author_id = %(bob)s",
        "delete from public.posts",
        "delete from public.shop_items",
    ],
)
def test_bob_does_not_write_what_is_not_his_to_write(session: Session, statement: str) -> None:
    offer(session.connection, BOB)
    with session.as_user(BOB), session.refused("42501"):
        session.connection.execute(statement, {"alice": ALICE.id, "bob": BOB.id})


def test_a_visitor_writes_nothing(session: Session) -> None:
    with session.as_role("anon"):
        for table in ("posts", "shop_items", "follows", "blocks", "mutes", "feed_hides"):
            with session.refused("42501"):
                session.run(f"insert into public.{table} default values")


def test_removed_is_final(session: Session) -> None:
    (post,), (item,) = publish(session.connection, ALICE), offer(session.connection, ALICE)
    with session.as_user(ALICE):
        session.run("update public.posts set state = 'removed' where id = %s", post)
        session.run("update public.shop_items set state = 'removed' where id = %s", item)
        for state in ("draft", "published"):
            with session.refused("invalid_transition"):
                session.run("update public.posts set state = %s where id = %s", state, post)
        with session.refused("invalid_transition"):
            session.run("update public.shop_items set state = 'listed' where id = %s", item)


def test_whether_one_is_blocked_is_asked_for_oneself(session: Session) -> None:
    relate(session, "blocks", ALICE, BOB)
    answers = {}
    for person in (ALICE, BOB, CHARLIE):
        with session.as_user(person):
            answers[person.handle] = [
                session.value("select public.is_blocked(%s)", p.id) for p in (ALICE, BOB)
            ]

    assert answers == {"alice": [False, True], "bob": [True, False], "charlie": [False, False]}


def test_nobody_blocks_who_does_not_exist(session: Session) -> None:
    with session.as_user(ALICE), session.refused("23503"):
        session.run("insert into public.blocks (user_id, blocked_id) values (%s, %s)", ALICE.id, uuid4())
