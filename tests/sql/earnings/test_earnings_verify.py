"""The nightly proof: from every event, as if there were no checkpoint."""

from __future__ import annotations

import pytest

from conftest import Session, TestDatabase
from earning import ledger, move, post, recompute, record, summed, value
from people import ALICE, BOB, CHARLIE

SPENT = "update internal.earnings_accruals set pending = 0, captured = 0, reversed = 500"
VERIFY = "select * from public.earnings_verify(%s)"


def test_a_visitor_and_alice_verify_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.all(VERIFY, 10)
    with session.as_user(ALICE), session.refused("forbidden"):
        session.all(VERIFY, 10)


def test_it_finds_what_a_checkpoint_and_a_ledger_agree_on_wrongly(database: TestDatabase) -> None:
    """The one thing that the button cannot see: both caches off by the same amount."""
    with database.connect("owner") as owner, database.connect() as connection:
        post(connection, ALICE, 500)
        post(connection, BOB, 700)
        recompute(connection, ALICE)
        owner.execute("update internal.earnings_checkpoints set captured = captured + 90")
        owner.execute(
            "update earnings_ledger set captured = captured + 90, total = total + 90 where user_id = %s",
            (ALICE.id,),
        )
        assert recompute(connection, ALICE)["EUR"]["drift"] == 0

        assert connection.execute(VERIFY, (10,)).fetchall() == [{"users": 2, "drifted": 1}]
        assert ledger(connection, ALICE) == summed(connection, ALICE)


@pytest.mark.parametrize("tampering", ["delete from internal.earnings_accruals", SPENT])
def test_what_is_left_of_an_event_is_proved_too(database: TestDatabase, tampering: str) -> None:
    """It is what stands against a second capture."""
    with database.connect("owner") as owner, database.connect() as connection:
        event = record(connection, ALICE, 500)
        move(connection, ALICE, event, "captured", 100)
        post(connection, ALICE, -20)
        owner.execute(tampering.encode())

        assert connection.execute(VERIFY, (10,)).fetchall() == [{"users": 1, "drifted": 1}]
        assert value(connection, "select cause from earnings_drift") == "accrual"
        assert value(owner, "select (pending, captured) = (400, 100) from internal.earnings_accruals") is True
        assert connection.execute(VERIFY, (10,)).fetchall() == [{"users": 1, "drifted": 0}]


def test_those_who_waited_longest_come_first(database: TestDatabase) -> None:
    with database.connect("owner") as owner, database.connect() as connection:
        for person in (ALICE, BOB, CHARLIE):
            post(connection, person, 500)
        for person in (BOB, ALICE):
            recompute(connection, person)

        verified = []
        for _ in range(3):
            connection.execute(VERIFY, (1,))
            verified.append(
                value(owner, "select user_id from internal.earnings_heads order by folded_at desc limit 1")
            )

        assert verified == [CHARLIE.id, BOB.id, ALICE.id]


def test_called_until_nobody_is_left_it_proves_everybody_once(database: TestDatabase) -> None:
    with database.connect() as connection:
        for person in (ALICE, BOB, CHARLIE):
            post(connection, person, 500)
            recompute(connection, person)
        begun = value(connection, "select clock_timestamp()")

        calls = [
            value(connection, "select users from public.earnings_verify(2, %s)", begun) for _ in range(3)
        ]

        assert calls == [2, 1, 0]
