"""Events that arrive together: each counts once, and nobody waits in a ring."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from conftest import Session, TestDatabase
from feeding import offer, publish
from people import ALICE, BOB, CHARLIE, Person

KINDS = ("impression", "click", "dwell", "like", "save", "share", "add_to_cart")


def batch(items: list[UUID], kind: str = "click") -> list[dict[str, Any]]:
    stay = {"dwell_ms": 3000} if kind == "dwell" else {}
    return [{"event_id": str(uuid4()), "item_id": str(item), "kind": kind, **stay} for item in items]


def counters(session: Session, item: UUID) -> dict[str, int]:
    return session.one("select * from public.feed_counters where item_id = %s", item)


def send_at_once(database: TestDatabase, sendings: list[tuple[Person, list[dict[str, Any]]]]) -> list[int]:
    """Each in a connection of its own, all of them let go together."""
    start = threading.Barrier(len(sendings))

    def send(person: Person, events: list[dict[str, Any]]) -> int:
        with database.connect(person) as connection:
            start.wait(30)
            row = connection.execute(
                "select public.feed_record(%s) as n", (msgspec.json.encode(events).decode(),)
            ).fetchone()
        assert row is not None
        return int(row["n"])

    with ThreadPoolExecutor(len(sendings)) as pool:
        return list(pool.map(lambda sending: send(*sending), sendings))


def fold(database: TestDatabase) -> int:
    with database.connect("service_role") as connection:
        row = connection.execute("select public.feed_fold() as n").fetchone()
    assert row is not None
    return int(row["n"])


def test_the_same_batch_of_all_kinds_sent_ten_times_at_once_counts_once(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 20)
    events = [event for kind in KINDS for event in batch(posts, kind)]

    recorded = send_at_once(database, [(BOB, events)] * 10)

    assert sum(recorded) == len(events) == 140
    assert fold(database)
    with database.connect("owner") as owner:
        assert owner.execute(
            "select distinct impressions, clicks, dwells, likes, saves, shares, cart_adds, purchases"
            " from public.feed_counters"
        ).fetchall() == [
            {"impressions": 1, "clicks": 1, "dwells": 1, "likes": 1, "saves": 1, "shares": 1, "cart_adds": 1,
             "purchases": 0}
        ]  # fmt: skip
        assert owner.execute("select count(*) as n from public.feed_events").fetchone() == {"n": 140}
        heat = owner.execute(
            "select exp(a.heat_key - extract(epoch from now())::float8 / 1209600) as heat"
            " from public.feed_affinities a where a.subject_type = 'author'"
        ).fetchone()
    assert heat
    assert heat["heat"] == pytest.approx(20 * (0.3 + 0.2 + 1 + 2 + 2 + 2), rel=0.01)


@pytest.mark.parametrize("first", ["reaction", "event"])
def test_a_like_said_as_reaction_and_as_event_counts_once(session: Session, first: str) -> None:
    (post,) = publish(session.connection, ALICE)
    events = batch([post], "like")
    ways: list[tuple[str, Any]] = [
        ("select public.feed_react(%s, 'like')", post),
        ("select public.feed_record(%s)", msgspec.json.encode(events).decode()),
    ]
    with session.as_user(BOB):
        for statement, of in ways if first == "reaction" else reversed(ways):
            session.run(statement, of)

    assert counters(session, post)["likes"] == 1
    assert session.value("select count(*) from public.feed_reactions") == 1


def test_a_like_that_was_taken_back_stays_back_when_its_batch_comes_again(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    events = msgspec.json.encode(batch([post], "like")).decode()
    with session.as_user(BOB):
        assert session.value("select public.feed_record(%s)", events) == 1
        session.run("select public.feed_unreact(%s, 'like')", post)
        assert session.value("select public.feed_record(%s)", events) == 0

    assert counters(session, post)["likes"] == 0


def test_a_like_of_what_one_may_not_see_is_none(session: Session) -> None:
    (post,) = publish(session.connection, ALICE, visibility="followers")
    with session.as_user(BOB):
        session.run("select public.feed_record(%s)", msgspec.json.encode(batch([post], "like")).decode())

    assert session.value("select count(*) from public.feed_reactions") == 0


def test_what_one_may_not_see_is_nothing_that_one_could_lift(session: Session) -> None:
    (hidden,) = publish(session.connection, ALICE, visibility="followers")
    (public,) = publish(session.connection, CHARLIE)
    session.run("insert into public.blocks (user_id, blocked_id) values (%s, %s)", CHARLIE.id, BOB.id)
    events = [msgspec.json.encode(batch([hidden, public], kind)).decode() for kind in ("share", "click")]
    with session.as_user(BOB):
        told = [session.value("select public.feed_record(%s)", sent) for sent in events]
        session.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)

        assert [*told, session.value("select public.feed_record(%s)", events[0])] == [0, 0, 1]


def test_ones_own_like_of_ones_own_post_lifts_nothing(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    with session.as_user(ALICE):
        own = [session.value("select public.feed_react(%s, %s)", post, kind) for kind in ("like", "save")]
    with session.as_user(BOB):
        others = session.value("select public.feed_react(%s, 'like')", post)
    with session.as_user(ALICE):
        after = session.value("select public.feed_unreact(%s, 'like')", post)

    assert (own, others, after) == ([0, 0], 1, 1)


def test_what_goes_into_a_cart_counts_once_whether_an_event_tells_of_it_or_not(session: Session) -> None:
    told, silent, only_told = offer(session.connection, ALICE, 3)
    with session.as_user(BOB):
        for item in (told, silent):
            session.run(
                "insert into public.shopping_cart_items (user_id, item_id) values (auth.uid(), %s)", item
            )
        for _ in range(2):
            events = batch([told, only_told], "add_to_cart")
            session.run("select public.feed_record(%s)", msgspec.json.encode(events).decode())
        session.run("delete from public.shopping_cart_items")
        session.run("insert into public.shopping_cart_items (user_id, item_id) values (auth.uid(), %s)", told)
    with session.as_role("service_role"):
        session.run("select public.feed_fold()")

    assert [counters(session, item)["cart_adds"] for item in (told, silent, only_told)] == [1, 1, 1]
    buckets = session.all(
        "select distinct engagement_bucket from public.feed_items where item_type = 'shop_item'"
    )
    assert buckets == [{"engagement_bucket": 8}], "1 + 3: two doublings"


def test_folds_at_once_count_everything_once(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 40, tags="{clay}")
    send_at_once(database, [(who, batch(posts)) for who in (BOB, CHARLIE)])
    start = threading.Barrier(4)

    def fold_some(_: int) -> int:
        with database.connect("service_role") as connection:
            start.wait(30)
            rows = [connection.execute("select public.feed_fold(7) as n").fetchone() for _ in range(12)]
        return sum(row["n"] for row in rows if row)

    with ThreadPoolExecutor(4) as pool:
        folded = sum(pool.map(fold_some, range(4)))

    folded += fold(database)
    with database.connect("owner") as owner:
        counters = owner.execute("select distinct clicks from public.feed_counters").fetchall()
        heat = owner.execute(
            "select exp(a.heat_key - extract(epoch from now())::float8 / 1209600) as heat"
            " from public.feed_affinities a where a.subject = 'clay'"
        ).fetchall()
    assert folded == 80
    assert counters == [{"clicks": 2}]
    assert [row["heat"] for row in heat] == pytest.approx([40 * 0.3] * 2, rel=0.01)


def test_a_fold_that_fails_has_taken_nothing(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 3)
    send_at_once(database, [(BOB, batch(posts))])
    with database.connect("service_role", autocommit=False) as connection:
        connection.execute("select public.feed_fold()")
        connection.rollback()

    assert fold(database) == 3
    assert fold(database) == 0


def test_who_left_before_the_fold_is_left_out(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 3)
    send_at_once(database, [(BOB, batch(posts)), (CHARLIE, batch(posts))])
    with database.connect("owner") as owner:
        owner.execute("delete from auth.users where id = %s", (BOB.id,))
        owner.execute("delete from public.posts where id = %s", (posts[0],))
    fold(database)
    with database.connect("owner") as owner:
        viewers = owner.execute("select distinct viewer_id from public.feed_affinities").fetchall()

    assert viewers == [{"viewer_id": CHARLIE.id}]


def test_other_events_about_the_same_items_at_once_count_once_a_viewer(database: TestDatabase) -> None:
    """In opposite orders, too: whoever locks by the order of the list waits for the other forever."""
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 20)

    recorded = send_at_once(
        database, [(who, batch(posts[::step])) for who in (BOB, CHARLIE) for step in (1, -1, 1)]
    )

    assert recorded == [20] * 6
    assert fold(database)
    with database.connect("owner") as owner:
        assert owner.execute("select distinct clicks from public.feed_counters").fetchall() == [{"clicks": 2}]
