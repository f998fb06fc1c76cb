"""Slates: made once, kept for three walks, never changed; and read where nothing may be written."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from conftest import Session, TestDatabase, become
from feeding import Row, ids, offer, page, publish
from people import ALICE, BOB, CHARLIE, Person


@pytest.fixture
def world(session: Session) -> Session:
    publish(session.connection, ALICE, 120)
    offer(session.connection, ALICE, 40)
    return session


def slates(session: Session, person: Person) -> int:
    found: int = session.value("select count(*) from public.feed_slates where viewer_id = %s", person.id)
    return found


def test_a_first_page_makes_a_slate_and_the_next_ones_read_it(world: Session) -> None:
    with world.as_user(BOB):
        first = page(world.connection)
        page(world.connection)
        page(world.connection, after=first[-1])

    assert slates(world, BOB) == 1


def test_within_one_statement_every_call_gives_the_same_rows(world: Session) -> None:
    """The function is stable to the planner although its first call stores the slate: this is why that is sound."""
    with world.as_user(BOB):
        same = world.value(
            "select (select array_agg(f.score) from public.feed_fusion_home('for_you') f)"
            " = (select array_agg(f.score) from public.feed_fusion_home('for_you') f)"
        )
        joined = world.value(
            "select count(*) from public.feed_fusion_home('for_you') a"
            " join public.feed_fusion_home('for_you') b using (item_id, score)"
        )
        nested = world.value(
            "select count(distinct f.score) from generate_series(1, 3) n, "
            "lateral public.feed_fusion_home('trending', null, null, 10 + 0 * n) f"
        )

    assert (same, joined, nested) == (True, 50, 10)
    assert (
        world.value(
            "select count(*) from public.feed_slates where viewer_id = %s and mode = 'for_you'", BOB.id
        )
        == 1
    )


def test_the_planner_knows_it_as_stable(session: Session) -> None:
    assert (
        session.value("select provolatile::text from pg_proc where oid = 'public.feed_fusion_home'::regproc")
        == "s"
    )


def test_after_half_an_hour_the_first_page_is_new(world: Session) -> None:
    with world.as_user(BOB):
        old = page(world.connection, ago="31 minutes")
        within = page(world.connection, ago="2 minutes")
        new = page(world.connection)

    assert old == within
    assert new[-1]["score"] > old[0]["score"]


def test_a_day_to_come_is_today(world: Session) -> None:
    """Or a visitor could give all visitors a slate that never grows old."""
    with world.as_role("anon"):
        page(world.connection, ago="-100 years")

    assert world.value("select max(to_timestamp(epoch)) <= now() from public.feed_slates")


def test_three_walks_go_on_and_the_fourth_ends_the_first(world: Session) -> None:
    with world.as_user(BOB):
        walks = [page(world.connection)]
        for _ in range(3):
            world.value("select public.feed_refresh('for_you')")
            walks.append(page(world.connection))
        with world.refused("cursor_expired"):
            page(world.connection, after=walks[0][-1])
        for rows in walks[1:]:
            assert len(page(world.connection, after=rows[-1])) == 50

    assert slates(world, BOB) == 3


def test_each_epoch_is_greater_than_the_one_before(world: Session) -> None:
    with world.as_user(BOB):
        epochs = [world.value("select public.feed_refresh('for_you')") for _ in range(4)]
        earlier = world.value("select public.feed_refresh('for_you', now() - interval '1 hour')")

    assert sorted({*epochs, earlier}) == [*epochs, earlier]


def test_a_visitor_has_nothing_to_refresh(world: Session) -> None:
    with world.as_role("anon"), world.refused("42501"):
        world.value("select public.feed_refresh('trending')")
    with world.as_role("service_role"), world.refused("42501"):
        world.value("select public.feed_refresh('trending')")


def test_in_a_read_only_transaction_there_is_a_page_and_no_slate(database: TestDatabase) -> None:
    with database.connect("owner", autocommit=False) as owner:
        publish(owner, ALICE, 60)
        offer(owner, ALICE, 20)
        owner.commit()
    with database.connect(BOB) as bob:
        bob.execute("begin read only")
        unstored = page(bob)
        bob.execute("commit")
        stored = page(bob)

    assert len(unstored) == 50
    assert ids(unstored) == ids(stored)
    with database.connect("owner") as owner:
        assert owner.execute("select count(*) as n from public.feed_slates").fetchone() == {"n": 1}


@pytest.mark.parametrize("who", [BOB, "anon"])
def test_ten_first_calls_at_once_are_given_the_same_page(database: TestDatabase, who: Person | str) -> None:
    with database.connect("owner", autocommit=False) as owner:
        publish(owner, ALICE, 60)
        owner.commit()
    barrier = threading.Barrier(10)

    def read(_: int) -> list[Row]:
        with database.connect(who) as connection:
            connection.execute("select 1")
            barrier.wait()
            return page(connection)

    with ThreadPoolExecutor(10) as threads:
        pages = list(threads.map(read, range(10)))

    assert all(rows == pages[0] for rows in pages)
    assert len(pages[0]) == 50
    with database.connect("owner") as owner:
        assert owner.execute("select count(*) as n from public.feed_slates").fetchone() == {"n": 1}


def test_refreshes_at_once_are_slates_of_their_own(database: TestDatabase) -> None:
    with database.connect("owner", autocommit=False) as owner:
        publish(owner, ALICE, 10)
        owner.commit()
    barrier = threading.Barrier(8)

    def refresh(_: int) -> int:
        with database.connect(BOB) as connection:
            barrier.wait()
            row = connection.execute("select public.feed_refresh('for_you') as epoch").fetchone()
            assert row is not None
            epoch: int = row["epoch"]
            return epoch

    with ThreadPoolExecutor(8) as threads:
        epochs = list(threads.map(refresh, range(8)))

    assert len(set(epochs)) == 8
    with database.connect("owner") as owner:
        kept = owner.execute("select epoch from public.feed_slates order by epoch").fetchall()
    assert sorted(epochs)[-3:] == [row["epoch"] for row in kept]


def test_yesterdays_slates_are_pruned(world: Session) -> None:
    with world.as_user(BOB):
        page(world.connection, ago="25 hours")
    with world.as_user(CHARLIE):
        page(world.connection)
        with world.refused("42501"):
            world.value("select public.feed_prune()")
    with world.as_role("service_role"):
        assert world.value("select public.feed_prune()") == 1

    assert (slates(world, BOB), slates(world, CHARLIE)) == (0, 1)


def test_one_message_reads_a_page_as_the_caller_and_leaves_nothing_behind(database: TestDatabase) -> None:
    with database.connect("owner", autocommit=False) as owner:
        publish(owner, ALICE, 60)
        owner.commit()
    claims = f'{{"role": "authenticated", "sub": "{BOB.id}"}}'
    call = "select internal.feed_page_json(%s, 'for_you', null, null, 50)"
    with psycopg.connect(database.login_url, autocommit=True) as login:
        before = login.execute(call, (claims,)).fetchone()
        with database.connect(BOB) as bob:
            become(bob, BOB, local=False)
            page(bob)
        after = login.execute(call, (claims,)).fetchone()
        left = login.execute(
            "select current_user::text, coalesce(current_setting('request.jwt.claims', true), ''),"
            " current_setting('transaction_read_only')"
        ).fetchone()

    assert before == (None,)
    assert after is not None
    assert after[0].count('"item_id"') == 50
    assert left == ("rambla_login", "", "off")
