"""What happened to the money, newest first, with a reason and a date."""

from __future__ import annotations

import datetime as dt
from typing import Any

from conftest import Session
from earning import NOON, move, post, record
from people import ADA, ALICE, CHARLIE

HOUR = dt.timedelta(hours=1)
TIMELINE = "select * from public.earnings_timeline(%s, %s, %s, %s, %s)"


def test_a_visitor_and_charlie_see_no_timeline(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.all("select * from public.earnings_timeline()")
    with session.as_user(CHARLIE), session.refused("forbidden"):
        session.all("select * from public.earnings_timeline(%s)", ALICE.id)


def test_one_row_for_each_thing_that_happened(session: Session) -> None:
    with session.as_role("service_role"):
        sale = record(session.connection, ALICE, 1_000, reason="Mug", at=NOON)
        move(session.connection, ALICE, sale, "captured", 400, at=NOON + HOUR)
        move(session.connection, ALICE, sale, "reversed", 700, reason="returned", at=NOON + 2 * HOUR)
        record(session.connection, ALICE, 50, kind="bonus", at=NOON + 3 * HOUR)

    with session.as_user(ALICE):
        rows = session.all("select * from public.earnings_timeline()")

    told = [
        (row["words"], row["amount_minor"], row["status"], row["from_pending"], row["from_captured"])
        for row in rows
    ]
    assert told == [
        ("Bonus", 50, "pending", 0, 0),
        ("Reversed: the buyer sent it back", 700, "reversed", 600, 100),
        ("Captured", 400, "captured", 400, 0),
        ("Sale: Mug", 1_000, "pending", 0, 0),
    ]


def test_what_is_pending_has_a_date_and_what_is_not_has_none(session: Session) -> None:
    with session.as_role("service_role"):
        record(session.connection, ALICE, 500, at=NOON)
        gone = record(session.connection, ALICE, 700, at=NOON)
        move(session.connection, ALICE, gone, "reversed")

    with session.as_user(ALICE):
        rows = session.all(
            "select amount_minor, status, pending_left, expected_at from public.earnings_timeline()"
        )

    assert {
        (row["amount_minor"], row["status"]): (row["pending_left"], row["expected_at"]) for row in rows
    } == {
        (500, "pending"): (500, NOON + dt.timedelta(days=14)),
        (700, "pending"): (0, None),
        (700, "reversed"): (0, None),
    }


def test_every_page_goes_on_where_the_last_one_ended(session: Session) -> None:
    """Five at the same moment: then the number decides."""
    with session.as_role("service_role"):
        for amount in range(1, 8):
            record(session.connection, ALICE, amount, at=NOON + HOUR * (amount // 6))
    with session.as_user(ALICE):
        seen, cursor = [], (None, None)
        while rows := _page(session, cursor, limit=3):
            seen += [row["amount_minor"] for row in rows]
            cursor = (rows[-1]["occurred_at"], rows[-1]["seq"])

    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_one_currency_alone(session: Session) -> None:
    post(session.connection, ALICE, 500)
    post(session.connection, ALICE, 700, currency="JPY")

    with session.as_user(ADA):
        assert [row["amount_minor"] for row in session.all(TIMELINE, ALICE.id, "JPY", None, None, 50)] == [
            700
        ]


def _page(session: Session, cursor: tuple[Any, Any], limit: int) -> list[dict[str, Any]]:
    return session.all(TIMELINE, ALICE.id, None, *cursor, limit)
