"""A slate is made for the first pages and grows while it is read: at its end, and for everybody who reads it alike."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid5

import msgspec
import psycopg
import pytest

from conftest import Session, TestDatabase, become
from feeding import Row, ids, move_in, offer, page, publish, shops, walk
from people import ALICE, BOB, CHARLIE, Person


@pytest.fixture
def world(session: Session) -> Session:
    """More than three times of what a slate is made with."""
    fill(session.connection, 12)
    return session


def fill(connection: psycopg.Connection[dict[str, Any]], posts: int, authors: int = 36) -> list[Person]:
    people = move_in(connection, authors)
    for author in people:
        publish(connection, author, posts)
        offer(connection, author, max(1, posts // 4))
    return people


def slate(session: Session, person: Person = BOB) -> dict[str, Any]:
    return session.one(
        "select post_ids, shop_ids, cardinality(post_ids) as posts, cardinality(shop_ids) as shop, complete"
        " from public.feed_slates where viewer_id = %s order by epoch desc limit 1",
        person.id,
    )


def read_on(connection: psycopg.Connection[dict[str, Any]], rows: int) -> list[Row]:
    """The first rows of a walk, as many as that or a few more."""
    found: list[Row] = []
    for rows_of_page in walk(connection):
        found += rows_of_page
        if len(found) >= rows:
            break
    return found


def follow(session: Session, people: list[Person]) -> None:
    session.run(
        "insert into public.follows (follower_id, followee_id) select %s, unnest(%s::uuid[])",
        BOB.id, [person.id for person in people],
    )  # fmt: skip


def see(session: Session, items: list[UUID]) -> None:
    events = [
        {"event_id": str(uuid5(item, "seen")), "item_id": str(item), "kind": "impression"} for item in items
    ]
    session.run("select public.feed_record(%s)", msgspec.json.encode(events).decode())


def test_a_slate_is_made_for_the_first_pages_and_goes_on_where_it_ended(world: Session) -> None:
    with world.as_user(BOB):
        page(world.connection)
    first = slate(world)
    with world.as_user(BOB):
        read_on(world.connection, 200)
    later = slate(world)

    assert (first["posts"], first["shop"], first["complete"]) == (120, 30, False)
    assert (later["posts"], later["shop"], later["complete"]) == (240, 60, False)
    assert later["post_ids"][:120] == first["post_ids"]
    assert later["shop_ids"][:30] == first["shop_ids"]


def test_a_walk_is_all_there_is_and_each_of_it_once(world: Session) -> None:
    with world.as_user(BOB):
        rows = [row for rows in walk(world.connection) for row in rows]

    assert len(rows) == len(set(ids(rows)))
    assert len(rows) - shops(rows) == 36 * 12
    assert slate(world)["complete"] is True


def test_after_a_thousand_posts_it_ends(session: Session) -> None:
    fill(session.connection, 30)
    with session.as_user(BOB):
        assert sum(len(rows) - shops(rows) for rows in walk(session.connection, "trending")) == 1000


def test_authors_are_spread_over_where_it_was_made_longer_too(session: Session) -> None:
    fill(session.connection, 30)
    with session.as_user(BOB):
        rows = [row for rows in walk(session.connection) for row in rows]
    authors = [row["author_id"] for row in rows if row["item_type"] == "post"]
    sellers = [row["author_id"] for row in rows if row["item_type"] == "shop_item"]

    assert len(authors) == 1000
    assert all(one != other for one, other in pairwise(authors))
    assert all(max(Counter(authors[at : at + 20]).values()) <= 2 for at in range(len(authors) - 19))
    assert all(one != other for one, other in pairwise(sellers))


def test_what_was_written_since_comes_behind_what_was_there(world: Session) -> None:
    with world.as_user(BOB):
        first = page(world.connection)
    (new,) = publish(world.connection, ALICE, age="1 second")
    with world.as_user(BOB):
        rest = [page(world.connection, after=first[-1])]
        while len(rest[-1]) == 50:
            rest.append(page(world.connection, after=rest[-1][-1]))

    assert ids([row for rows in rest for row in rows]).index(new) >= 100


def test_what_bob_has_hidden_is_made_up_for(world: Session) -> None:
    """All that is left of his slate: the page is full nevertheless, and not one of them is in it."""
    with world.as_user(BOB):
        first = page(world.connection)
    left = set(slate(world)["post_ids"]) - set(ids(first))
    world.run(
        "insert into public.feed_hides (user_id, item_id, reason) select %s, unnest(%s::uuid[]), 'hidden'",
        BOB.id, list(left),
    )  # fmt: skip
    with world.as_user(BOB):
        second = page(world.connection, after=first[-1])

    assert len(second) == 50
    assert left.isdisjoint(ids(second))


@pytest.mark.parametrize(
    "wish",
    ["select public.feed_mute_word('elections')", "select public.feed_see_fewer('tag', 'elections')"],
    ids=["a word", "a tag"],
)
def test_what_bob_has_barred_is_looked_past(session: Session, wish: str) -> None:
    """Nearly all of the best speak of it, ten times as many as a slate is made with."""
    people = move_in(session.connection, 40)
    for author in people:
        publish(session.connection, author, 30)
    quiet = [publish(session.connection, author, 5, age="2 days") for author in people]
    session.run(
        "update public.posts set body = 'Elections!', tags = '{elections}'"
        " where created_at > now() - interval '1 day'"
    )
    with session.as_user(BOB):
        session.run(wish)
        found = ids([row for rows in walk(session.connection, "trending") for row in rows])

    assert sorted(found) == sorted(post for posts in quiet for post in posts)


def test_who_has_muted_nearly_everything_comes_to_an_end(session: Session) -> None:
    """One post in more than two thousand does not speak of it, and stands behind all of them."""
    for author in move_in(session.connection, 10):
        publish(session.connection, author, 205)
    (last,) = publish(session.connection, ALICE, age="3 days")
    session.run("update public.posts set body = 'Elections!' where id <> %s", last)
    with session.as_user(BOB):
        session.run("select public.feed_mute_word('elections')")

        assert page(session.connection, "trending") == []
    assert slate(session)["complete"] is True


@pytest.mark.parametrize("mode", ["following", "for_you"])
def test_everybody_whom_bob_follows_is_asked_when_the_first_have_little(session: Session, mode: str) -> None:
    """Sixty people with a post for their followers each, of whom a ranking asks forty-eight first."""
    people = move_in(session.connection, 60)
    posts = [publish(session.connection, person, visibility="followers")[0] for person in people]
    follow(session, people)
    with session.as_user(BOB):
        found = ids([row for rows in walk(session.connection, mode) for row in rows])

    assert sorted(found) == sorted(posts)


def test_whom_bob_has_read_stands_in_nobodys_way(session: Session) -> None:
    """He follows more than a slate looks up one by one, and has read what the forty-eight with the best posts have."""
    people = move_in(session.connection, 520)
    read = [publish(session.connection, person)[0] for person in people[:48]]
    (unread,) = publish(session.connection, people[60], visibility="followers", age="1 day")
    follow(session, people)
    with session.as_user(BOB):
        see(session, read)
        first = page(session.connection)

    assert first[0]["item_id"] == unread


def test_a_slate_has_room_for_so_many_shop_items(session: Session) -> None:
    """Each stretch brings few posts, because a word is muted that stands in most of them, and shop items as always."""
    session.run("update internal.settings set value = '40' where key = 'feed_slate_posts'")
    for author in move_in(session.connection, 20):
        publish(session.connection, author, 50)
        offer(session.connection, author, 30)
    session.run("update public.posts set body = 'Elections!' where right(id::text, 1) > '1'")
    with session.as_user(BOB):
        session.run("select public.feed_mute_word('elections')")
        rows = [row for rows in walk(session.connection) for row in rows]

    assert slate(session)["shop"] <= 511
    assert len(rows) - shops(rows) == session.value(
        "select count(*) from public.posts where body <> 'Elections!'"
    )


def test_what_was_seen_stands_behind_all_of_it(world: Session) -> None:
    with world.as_user(BOB):
        before = [row for row in page(world.connection, limit=30) if row["item_type"] == "post"]
        see(world, ids(before))
        world.run("select public.feed_refresh('for_you')")
        posts = [row for rows in walk(world.connection) for row in rows if row["item_type"] == "post"]

    assert len(posts) == 36 * 12
    assert {row["source"] for row in posts[: -len(before)]}.isdisjoint({"seen"})
    assert set(ids(posts[-len(before) :])) == set(ids(before))


def test_the_weights_of_the_walk_stay_those_that_it_began_with(world: Session) -> None:
    with world.as_user(BOB):
        page(world.connection)
    begun = world.value("select weights_version from public.feed_slates where viewer_id = %s", BOB.id)
    with world.as_role("service_role"):
        world.run("select public.feed_weights_publish('{\"follow_boost\": 0}'::jsonb)")
    with world.as_user(BOB):
        read_on(world.connection, 200)

    assert world.value("select weights_version from public.feed_slates where viewer_id = %s", BOB.id) == begun
    assert slate(world)["posts"] == 240


@pytest.fixture
def crowded(database: TestDatabase) -> TestDatabase:
    with database.connect("owner", autocommit=False) as owner:
        fill(owner, 12)
        owner.commit()
    return database


def test_ten_who_come_to_its_end_at_once_are_given_the_same(crowded: TestDatabase) -> None:
    with crowded.connect(BOB) as bob:
        last = read_on(bob, 150)[-1]
    barrier = threading.Barrier(10)

    def read(_: int) -> list[Row]:
        with crowded.connect(BOB) as connection:
            connection.execute("select 1")
            barrier.wait()
            return page(connection, after=last)

    with ThreadPoolExecutor(10) as threads:
        pages = list(threads.map(read, range(10)))

    assert len(pages[0]) == 50
    assert all(rows == pages[0] for rows in pages)
    with crowded.connect("owner") as owner:
        made = owner.execute("select cardinality(post_ids) as posts from public.feed_slates").fetchall()
    assert made == [{"posts": 240}]


def test_where_nothing_may_be_written_a_page_is_full_and_its_end_expired(crowded: TestDatabase) -> None:
    with crowded.connect(BOB) as bob:
        last = read_on(bob, 150)[-1]
        bob.execute("begin read only")
        unstored = page(bob, after=last)
        bob.execute("commit")
        with pytest.raises(psycopg.Error) as refused:
            page(bob, after=unstored[-1])
        stored = page(bob, after=last)
        after_it = page(bob, after=stored[-1])

    assert len(unstored) == 50
    assert refused.value.diag.message_detail == "cursor_expired"
    assert ids(unstored) == ids(stored)
    assert len(after_it) == 50


def test_a_process_of_the_release_before_reads_on_too(crowded: TestDatabase) -> None:
    claims = f'{{"role": "authenticated", "sub": "{BOB.id}"}}'
    with crowded.connect(BOB) as bob:
        last = read_on(bob, 150)[-1]
    with psycopg.connect(crowded.login_url, autocommit=True) as login:
        row = login.execute(
            "select internal.feed_page_json(%s, 'for_you', %s, %s, 50)",
            (claims, last["score"], last["item_id"]),
        ).fetchone()
        with crowded.connect(CHARLIE) as charlie:
            become(charlie, CHARLIE, local=False)
            with pytest.raises(psycopg.Error) as refused:
                page(charlie, after=last)

    assert row is not None
    assert row[0].count('"item_id"') == 50
    assert refused.value.diag.message_detail in ("invalid_cursor", "cursor_expired")
