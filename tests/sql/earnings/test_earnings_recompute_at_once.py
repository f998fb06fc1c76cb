"""Exact whatever commits around it: each way in which "sum what is newer than the last time" loses money."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from conftest import TestDatabase
from earning import (
    Connection,
    Totals,
    ledger,
    move,
    post,
    proven,
    recompute,
    recomputed,
    record,
    summed,
    value,
)
from people import ALICE, BOB, CHARLIE, Person


def test_a_lower_number_that_commits_later_is_counted(database: TestDatabase) -> None:
    """The mark "everything up to seq 2" would never look at seq 1 again."""
    with database.connect() as slow, database.connect() as quick:
        slow.execute("begin")
        # Another currency, so that nobody waits for the other's ledger row.
        first = post(slow, ALICE, 100, currency="USD")
        second = post(quick, ALICE, 500)
        assert _seq(slow, first) < _seq(quick, second)
        assert recomputed(quick, ALICE) == {"EUR": Totals(captured=500, event_count=1)}

        slow.execute("commit")
        assert recompute(quick, ALICE)["USD"]["new_events"] == 1
        assert proven(quick, ALICE)["USD"].total == 100


def test_a_recompute_waits_for_no_writer(database: TestDatabase) -> None:
    with database.connect() as slow, database.connect() as quick:
        post(quick, ALICE, 500)
        slow.execute("begin")
        post(slow, ALICE, 100)

        quick.execute("set lock_timeout = '100ms'")
        assert recomputed(quick, ALICE) == {"EUR": Totals(captured=500, event_count=1)}


def test_ones_own_rows_are_counted_before_the_commit_and_after(database: TestDatabase) -> None:
    with database.connect() as connection:
        connection.execute("begin")
        post(connection, ALICE, 100)
        assert recomputed(connection, ALICE)["EUR"].total == 100
        post(connection, ALICE, 20)
        assert recomputed(connection, ALICE)["EUR"].total == 120
        connection.execute("commit")

        post(connection, ALICE, 3)
        assert proven(connection, ALICE) == {"EUR": Totals(captured=123, event_count=3)}


def test_a_snapshot_claims_to_see_its_own_transaction(database: TestDatabase) -> None:
    """pg_current_snapshot() leaves out who asks. After a later commit the checkpoint would hide all we write next."""
    with database.connect() as ours, database.connect() as theirs:
        ours.execute("begin")
        post(ours, ALICE, 100, currency="USD")
        post(theirs, ALICE, 500)
        own_is_visible = "select pg_visible_in_snapshot(pg_current_xact_id(), pg_current_snapshot())"
        assert value(ours, own_is_visible) is True

        recompute(ours, ALICE)
        post(ours, ALICE, 20, currency="USD")
        ours.execute("commit")

        assert proven(theirs, ALICE)["USD"].total == 120


def test_what_a_savepoint_took_back_is_not_counted(database: TestDatabase) -> None:
    with database.connect() as connection:
        connection.execute("begin")
        post(connection, ALICE, 100)
        connection.execute("savepoint before")
        post(connection, ALICE, 20)
        assert recomputed(connection, ALICE)["EUR"].total == 120
        connection.execute("rollback to savepoint before")
        assert recomputed(connection, ALICE)["EUR"].total == 100
        connection.execute("commit")

        assert proven(connection, ALICE)["EUR"].total == 100


def test_a_recompute_that_is_rolled_back_leaves_the_checkpoint_as_it_was(database: TestDatabase) -> None:
    with database.connect() as connection:
        post(connection, ALICE, 100)
        connection.execute("begin")
        recompute(connection, ALICE)
        connection.execute("rollback")

        assert recompute(connection, ALICE)["EUR"]["new_events"] == 1
        assert proven(connection, ALICE)["EUR"].total == 100


def test_two_presses_of_the_button_settle_a_drift_once(database: TestDatabase) -> None:
    with database.connect("owner") as owner, database.connect() as connection:
        post(connection, ALICE, 500)
        owner.execute("update earnings_ledger set captured = captured + 90, total = total + 90")

    with ThreadPoolExecutor(8) as pool:
        drifts = list(pool.map(lambda _: _drift(database), range(8)))

    assert sorted(drifts) == [0] * 7 + [90]
    with database.connect() as connection:
        assert ledger(connection, ALICE) == summed(connection, ALICE)


def test_a_drift_is_settled_while_others_write(database: TestDatabase) -> None:
    """As a difference: what is posted between finding and settling stays in."""
    with database.connect("owner") as owner, database.connect() as connection, database.connect() as writer:
        post(connection, ALICE, 500)
        owner.execute("update earnings_ledger set captured = captured + 90, total = total + 90")
        writer.execute("begin")
        post(writer, ALICE, 7)

        with ThreadPoolExecutor(1) as pool:
            settling = pool.submit(_drift, database)
            _wait_until_somebody_waits(owner)
            writer.execute("commit")

            assert settling.result() == 90
        assert ledger(connection, ALICE) == summed(connection, ALICE)
        assert recompute(connection, ALICE)["EUR"]["drift"] == 0


def test_writers_and_recomputes_in_any_order_equal_the_full_sum(database: TestDatabase) -> None:
    start = threading.Barrier(6)

    def write(number: int) -> list[str]:
        dice = random.Random(number)
        done: list[str] = []
        with database.connect() as connection:
            start.wait()
            while len(done) < 40:
                done.append(_something(connection, dice))
        return done

    with ThreadPoolExecutor(6) as pool:
        done = [what for each in pool.map(write, range(6)) for what in each]

    assert {"posted", "rolled back", "partly rolled back", "moved", "compared"} <= set(done)
    with database.connect() as connection:
        for person in (ALICE, BOB, CHARLIE):
            assert proven(connection, person)


def _something(connection: Connection, dice: random.Random) -> str:
    person = dice.choice((ALICE, BOB, CHARLIE))
    act = dice.choice((_post_some, _post_some_and_roll_back, _roll_back_a_part, _move_one, _compare))
    try:
        return act(connection, dice, person)
    except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
        connection.execute("rollback")
        return "retried"


def _post_some(connection: Connection, dice: random.Random, person: Person) -> str:
    connection.execute("begin")
    for _ in range(dice.randint(1, 3)):
        post(connection, person, dice.choice((-3, 5, 7)), dice.choice(("pending", "captured")))
    if dice.random() < 0.3:
        recompute(connection, person)
    connection.execute("commit")
    return "posted"


def _post_some_and_roll_back(connection: Connection, dice: random.Random, person: Person) -> str:
    connection.execute("begin")
    post(connection, person, dice.randint(1, 9))
    recompute(connection, person)
    connection.execute("rollback")
    return "rolled back"


def _roll_back_a_part(connection: Connection, dice: random.Random, person: Person) -> str:
    connection.execute("begin")
    post(connection, person, 11, currency=dice.choice(("EUR", "USD")))
    connection.execute("savepoint part")
    post(connection, person, 13)
    recompute(connection, person)
    connection.execute("rollback to savepoint part")
    recompute(connection, person)
    connection.execute("commit")
    return "partly rolled back"


def _move_one(connection: Connection, dice: random.Random, person: Person) -> str:
    event = record(connection, person, 100)
    move(connection, person, event, dice.choice(("captured", "reversed", "expired")), dice.randint(1, 100))
    return "moved"


def _compare(connection: Connection, dice: random.Random, person: Person) -> str:
    """Checkpoint and tail against the plain sum of one and the same snapshot."""
    connection.execute("begin isolation level repeatable read")
    full = summed(connection, person)

    assert full == ledger(connection, person)
    assert full == recomputed(connection, person)
    connection.execute("commit" if dice.random() < 0.7 else "rollback")
    return "compared"


def _drift(database: TestDatabase) -> int:
    with database.connect() as connection:
        return recompute(connection, ALICE)["EUR"]["drift"]


def _seq(connection: Connection, event: object) -> int:
    number: int = value(connection, "select seq from earnings_events where id = %s", event)
    return number


def _wait_until_somebody_waits(connection: Connection) -> None:
    waiting = "select exists (select from pg_locks where not granted)"
    deadline = time.monotonic() + 20
    while not value(connection, waiting):
        assert time.monotonic() < deadline, "nobody waits for a lock"
        time.sleep(0.01)
