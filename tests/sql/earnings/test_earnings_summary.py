"""What the four cards show."""

from __future__ import annotations

import datetime as dt

from conftest import Session
from earning import NOON, move, post, record
from people import ADA, ALICE, CHARLIE

SUMMARY = "select * from public.earnings_summary(%s)"


def test_a_visitor_sees_no_summary(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.all("select * from public.earnings_summary()")


def test_missed_is_what_may_still_come_and_what_is_lost(session: Session) -> None:
    with session.as_role("service_role"):
        event = record(session.connection, ALICE, 1_000)
        move(session.connection, ALICE, event, "captured", 400)
        move(session.connection, ALICE, event, "reversed", 100)
        move(session.connection, ALICE, event, "expired", 200)
    with session.as_user(ALICE):
        row = session.one("select * from public.earnings_summary()")

    assert (row["total"], row["captured"], row["missed"]) == (1_000, 400, 600)
    assert (row["missed_open"], row["missed_lost"]) == (300, 300)
    assert row["next_capture_at"] == NOON + dt.timedelta(days=14)


def test_each_currency_stands_for_itself(session: Session) -> None:
    for currency in ("USD", "EUR", "JPY"):
        post(session.connection, ALICE, 500, currency=currency)

    with session.as_user(ALICE):
        assert [row["currency"] for row in session.all(SUMMARY, ALICE.id)] == ["EUR", "JPY", "USD"]


def test_ada_sees_alices_and_charlie_does_not(session: Session) -> None:
    post(session.connection, ALICE, 500)

    with session.as_user(ADA):
        assert session.one(SUMMARY, ALICE.id)["total"] == 500
    with session.as_user(CHARLIE), session.refused("forbidden"):
        session.all(SUMMARY, ALICE.id)
