"""Capturing, reversing and expiring: postings that net to zero."""

from __future__ import annotations

from uuid import uuid4

import pytest

from conftest import Session, TestDatabase
from earning import Totals, at_once, ledger, move, post, recomputed, record
from people import ADA, ALICE, BOB


def test_a_visitor_and_alice_move_nothing(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("anon"), session.refused("42501"):
        move(session.connection, ALICE, event, "captured")
    with session.as_user(ALICE), session.refused("forbidden"):
        move(session.connection, ALICE, event, "captured")


def test_what_ada_does_is_written_down(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_user(ADA):
        move(session.connection, ALICE, event, "reversed", reason="fraud")
        log = session.one(
            "select actor_id, subject, details from audit_log where action = 'earnings.transition'"
        )

        assert log == {
            "actor_id": ADA.id,
            "subject": str(event),
            "details": {"user_id": str(ALICE.id), "to": "reversed", "amount_minor": 1_000, "reason": "fraud"},
        }


def test_alice_is_told_what_was_taken_back_and_why(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"):
        for _ in range(2):
            move(session.connection, ALICE, event, "reversed", 250, reason="chargeback", key="dispute:1")
        move(session.connection, ALICE, event, "expired", 50)

    assert session.all("select type, title, body, url from notifications where user_id = %s", ALICE.id) == [
        {
            "type": "earnings_reversed",
            "title": "2.50 EUR reversed",
            "body": "Reversed: the buyer's bank took the payment back",
            "url": "/earnings",
        }
    ]


def test_a_part_is_captured_and_then_the_rest(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"):
        move(session.connection, ALICE, event, "captured", 400)
        assert ledger(session.connection, ALICE) == {"EUR": Totals(captured=400, pending=600, event_count=3)}

        move(session.connection, ALICE, event, "captured")
        assert ledger(session.connection, ALICE) == {"EUR": Totals(captured=1_000, pending=0, event_count=5)}


def test_a_reversal_takes_pending_money_first(session: Session) -> None:
    """What is not Alice's yet goes before what is."""
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"):
        move(session.connection, ALICE, event, "captured", 400)
        move(session.connection, ALICE, event, "reversed", 700, reason="returned")

        assert ledger(session.connection, ALICE) == {
            "EUR": Totals(captured=300, pending=0, reversed=700, event_count=6)
        }


def test_total_stays_and_missed_tells_what_was_lost(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"):
        move(session.connection, ALICE, event, "expired", 250, reason="window_expired")

        row = session.one("select total, captured, missed, expired from earnings_ledger")
        assert row == {"total": 1_000, "captured": 0, "missed": 1_000, "expired": 250}


@pytest.mark.parametrize(
    ("first", "then", "amount"),
    [
        ("captured", "captured", None),
        ("captured", "captured", 1),
        ("captured", "expired", 1),
        ("reversed", "captured", 1),
        ("reversed", "reversed", 1),
        ("expired", "captured", 1),
        ("expired", "expired", None),
        ("expired", "reversed", 1),
    ],
)
def test_nothing_is_moved_twice(session: Session, first: str, then: str, amount: int | None) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"):
        move(session.connection, ALICE, event, first)

        with session.refused("invalid_transition"):
            move(session.connection, ALICE, event, then, amount)
        assert recomputed(session.connection, ALICE) == ledger(session.connection, ALICE)


def test_more_than_there_is_cannot_be_moved(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"), session.refused("invalid_transition"):
        move(session.connection, ALICE, event, "captured", 1_001)


def test_the_same_key_gives_the_same_posting(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"):
        first = move(session.connection, ALICE, event, "captured", 400, key="capture:1")

        assert move(session.connection, ALICE, event, "captured", 400, key="capture:1") == first
        assert move(session.connection, ALICE, event, "captured", key="capture:1") == first
        assert ledger(session.connection, ALICE) == {"EUR": Totals(captured=400, pending=600, event_count=3)}


def test_the_same_key_for_another_move_is_refused(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")
    other = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"):
        move(session.connection, ALICE, event, "captured", 400, key="capture:1")

        for wrong in ((event, "captured", 401), (event, "reversed", 400), (other, "captured", 400)):
            with session.refused("idempotency_mismatch"):
                move(session.connection, ALICE, *wrong, key="capture:1")


def test_an_event_of_somebody_else_is_as_one_that_is_not_there(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"):
        for wrong in (event, uuid4()):
            with session.refused("not_found"):
                move(session.connection, BOB, wrong, "captured")


def test_what_was_captured_is_reversed_by_the_event_it_came_from(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"):
        posting = move(session.connection, ALICE, event, "captured", 400)

        with session.refused("invalid_transition"):
            move(session.connection, ALICE, posting, "reversed")
        move(session.connection, ALICE, event, "reversed")
        assert ledger(session.connection, ALICE) == {"EUR": Totals(reversed=1_000, event_count=6)}


@pytest.mark.parametrize(("to", "amount"), [("pending", 1), ("paid", 1), ("captured", 0), ("captured", -1)])
def test_a_move_that_means_nothing_is_refused(session: Session, to: str, amount: int) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.as_role("service_role"), session.refused("invalid_value"):
        move(session.connection, ALICE, event, to, amount)


CAPTURE = "select public.earnings_transition(%s, %s, 'captured', null, '', {key})"


def test_twenty_captures_at_once_capture_once(database: TestDatabase) -> None:
    with database.connect() as connection:
        event = record(connection, ALICE, 1_000)

    answers = at_once(database, 20, CAPTURE.format(key="gen_random_uuid()::text"), ALICE.id, event)

    assert answers.count("invalid_transition") == 19
    with database.connect() as connection:
        assert ledger(connection, ALICE) == {"EUR": Totals(captured=1_000, event_count=3)}


def test_twenty_with_one_key_get_one_posting(database: TestDatabase) -> None:
    with database.connect() as connection:
        event = record(connection, ALICE, 1_000)

    answers = at_once(database, 20, CAPTURE.format(key="'capture:1'"), ALICE.id, event)

    assert len(set(answers)) == 1
    with database.connect() as connection:
        assert ledger(connection, ALICE) == {"EUR": Totals(captured=1_000, event_count=3)}


def test_a_stale_snapshot_cannot_capture_again(database: TestDatabase) -> None:
    """Under repeatable read the second sees nothing of the first; a sum over children would let it through."""
    with database.connect() as connection:
        event = record(connection, ALICE, 1_000)
    with database.connect() as first, database.connect() as second:
        second.execute("begin isolation level repeatable read")
        assert ledger(second, ALICE) == {"EUR": Totals(pending=1_000, event_count=1)}
        move(first, ALICE, event, "captured")

        with pytest.raises(Exception, match="could not serialize"):
            move(second, ALICE, event, "captured")
