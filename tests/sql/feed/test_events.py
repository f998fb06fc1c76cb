"""Events that arrive together: each counts once, and nobody waits in a ring."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from conftest import TestDatabase
from feeding import publish
from people import ALICE, BOB, CHARLIE, Person


def batch(items: list[UUID], kind: str = "click") -> list[dict[str, Any]]:
    return [{"event_id": str(uuid4()), "item_id": str(item), "kind": kind} for item in items]


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


def test_the_same_batch_sent_six_times_at_once_counts_once(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 20)
    events = batch(posts)

    recorded = send_at_once(database, [(BOB, events)] * 6)

    assert sum(recorded) == 20
    assert fold(database)
    with database.connect("owner") as owner:
        assert owner.execute("select distinct clicks from public.feed_counters").fetchall() == [{"clicks": 1}]
        assert owner.execute("select count(*) as n from public.feed_events").fetchone() == {"n": 20}


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
