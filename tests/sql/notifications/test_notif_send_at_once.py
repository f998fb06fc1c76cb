"""What notif_send() promises when many come at the same moment: each caller is a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
import pytest

from conftest import TestDatabase, become
from people import ALICE, BOB, Person
from sending import Connection, send

ISOLATION = [psycopg.IsolationLevel.READ_COMMITTED, psycopg.IsolationLevel.REPEATABLE_READ]
AGAIN = "again"


def at_once(
    database: TestDatabase, callers: int, act: Callable[[Connection, int], Any],
    isolation: psycopg.IsolationLevel = psycopg.IsolationLevel.READ_COMMITTED,
) -> list[Any]:  # fmt: skip
    """Every caller has begun and has its snapshot before the first of them acts."""
    start = threading.Barrier(callers)

    def one(number: int) -> Any:
        with database.connect("service_role") as connection:
            connection.isolation_level = isolation
            with connection.transaction():
                connection.execute("select count(*) from public.notifications")
                start.wait()
                return act(connection, number)

    def retried(number: int) -> Any:
        try:
            return one(number)
        except psycopg.errors.SerializationFailure:
            return AGAIN

    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(retried, range(callers)))


def test_a_hundred_callers_with_one_key_get_one_id(database: TestDatabase) -> None:
    ids = at_once(database, 100, lambda connection, _: send(connection, ALICE, key="order:1"))

    assert len(set(ids)) == 1
    assert isinstance(ids[0], UUID)


def test_a_hundred_contents_under_one_key_get_one_id_and_are_counted(database: TestDatabase) -> None:
    ids = at_once(
        database, 100, lambda connection, i: send(connection, ALICE, key="order:1", title=f"Order {i}")
    )
    with database.connect() as connection:
        counted = connection.execute(
            "select sum(replays)::int as n from public.notification_replays"
        ).fetchone()

    assert len(set(ids)) == 1
    assert counted == {"n": 99}


@pytest.mark.parametrize("isolation", ISOLATION, ids=lambda level: level.name.lower())
def test_twenty_four_callers_never_send_more_than_the_cap(
    database: TestDatabase, isolation: psycopg.IsolationLevel
) -> None:
    """A snapshot older than the lock must raise 40001: silence would be an overshoot."""
    results = at_once(database, 24, lambda connection, _: send(connection, ALICE), isolation)
    while AGAIN in results:
        losers = results.count(AGAIN)
        results = [r for r in results if r is not AGAIN]
        results += at_once(database, losers, lambda connection, _: send(connection, ALICE), isolation)
    with database.connect() as connection:
        rows = connection.execute(
            "select count(*) as n, count(distinct seq) as numbers from public.notifications where status = 'sent'"
        ).fetchone()

    assert rows == {"n": 5, "numbers": 5}
    assert len([r for r in results if r is not None]) == 5


def test_under_repeatable_read_the_loser_is_told_to_come_again(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as late, database.connect() as early:
        late.commit()
        late.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        late.execute("select 1")
        send(early, ALICE, key="k")

        with pytest.raises(psycopg.errors.SerializationFailure):
            send(late, ALICE, key="k")


def test_a_key_is_free_again_when_its_first_sender_rolls_back(database: TestDatabase) -> None:
    with (
        database.connect(autocommit=False) as first,
        database.connect() as second,
        ThreadPoolExecutor(1) as pool,
    ):
        lost = send(first, ALICE, key="k")
        waiting = pool.submit(send, second, ALICE, key="k")
        first.rollback()
        kept = waiting.result(timeout=10)
        row = second.execute("select id from public.notifications").fetchone()

    assert kept != lost
    assert row == {"id": kept}


def test_numbers_follow_the_order_of_commits(database: TestDatabase) -> None:
    """A reader who asks for what is greater than the last one seen must not miss what commits later."""
    with (
        database.connect(autocommit=False) as slow,
        database.connect() as quick,
        ThreadPoolExecutor(1) as pool,
    ):
        send(slow, ALICE, title="first")
        waiting = pool.submit(send, quick, ALICE, title="second")
        slow.commit()
        waiting.result(timeout=10)
        rows = quick.execute("select seq, title from public.notifications order by seq").fetchall()

    assert [row["title"] for row in rows] == ["first", "second"]


def test_different_people_do_not_wait_for_each_other(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as slow, database.connect() as quick:
        send(slow, ALICE)
        quick.execute("set lock_timeout = '1s'")

        assert send(quick, BOB) is not None


def test_reading_and_sending_at_once_neither_deadlocks_nor_miscounts(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        owner.execute("update internal.settings set value = '1000' where key = 'notif_daily_cap'")

    def act(connection: Connection, number: int) -> None:
        if number % 2:
            send(connection, ALICE)
        else:
            read_all(connection, ALICE)

    at_once(database, 40, act)
    with database.connect("owner") as owner:
        state = owner.execute(
            "select unread = (select count(*) from public.notifications where unread) as exact, seq"
            " from public.notification_states"
        ).fetchone()

    assert state == {"exact": True, "seq": 20}


def read_all(connection: Connection, person: Person) -> None:
    become(connection, person)
    connection.execute("select public.notif_mark_all_read()")
