"""Why the money of one event is where it is."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from conftest import Session
from earning import NOON, move, post, record
from people import ADA, ALICE, CHARLIE

EXPLAIN = "select * from public.earnings_explain(%s)"


def test_a_visitor_is_told_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.all(EXPLAIN, uuid4())


def test_alice_is_told_where_it_is_why_and_until_when(session: Session) -> None:
    with session.as_role("service_role"):
        sale = record(session.connection, ALICE, 1_000, reason="Mug", at=NOON)
        move(session.connection, ALICE, sale, "captured", 400)
        reversal = move(session.connection, ALICE, sale, "reversed", 250, reason="chargeback")

    with session.as_user(ALICE):
        row = session.one(EXPLAIN, sale)

        assert row["words"] == (
            "Sale: Mug. 4.00 EUR captured. 3.50 EUR pending, expected on 2026-03-15."
            " 2.50 EUR reversed: the buyer's bank took the payment back."
        )
        assert row["expected_at"] == NOON + dt.timedelta(days=14)
        assert (row["pending"], row["captured"], row["reversed"], row["expired"]) == (350, 400, 250, 0)
        assert session.one(EXPLAIN, reversal) == row


def test_amounts_have_the_digits_of_their_currency(session: Session) -> None:
    for currency, words in (("JPY", "1234 JPY"), ("KWD", "1.234 KWD"), ("RSD", "12.34 RSD")):
        event = post(session.connection, ALICE, 1_234, currency=currency)

        with session.as_user(ALICE):
            assert session.one(EXPLAIN, event)["words"] == f"Adjustment. {words} captured."


def test_charlie_learns_no_more_of_alices_event_than_of_one_that_is_not_there(session: Session) -> None:
    event = post(session.connection, ALICE, 500)

    for asked in (event, uuid4()):
        with session.as_user(CHARLIE), session.refused("not_found"):
            session.all(EXPLAIN, asked)
    with session.as_user(CHARLIE), session.refused("forbidden"):
        session.all("select * from public.earnings_explain(%s, %s)", event, ALICE.id)


def test_ada_may_explain_it_to_alice(session: Session) -> None:
    event = post(session.connection, ALICE, 500)

    with session.as_user(ADA):
        assert session.one("select words from public.earnings_explain(%s, %s)", event, ALICE.id) == {
            "words": "Adjustment. 5.00 EUR captured."
        }
