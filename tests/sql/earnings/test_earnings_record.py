"""Booking pending events."""

from __future__ import annotations

import datetime as dt

import pytest

from conftest import Session, TestDatabase
from earning import NOON, Totals, at_once, ledger, record
from people import ADA, ALICE


def test_a_visitor_records_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        record(session.connection, ALICE, 500)


def test_alice_cannot_record_her_own(session: Session) -> None:
    with session.as_user(ALICE), session.refused("forbidden"):
        record(session.connection, ALICE, 500)


def test_ada_and_the_service_can(session: Session) -> None:
    with session.as_user(ADA):
        record(session.connection, ALICE, 500)
    with session.as_role("service_role"):
        record(session.connection, ALICE, 700)

        assert ledger(session.connection, ALICE) == {"EUR": Totals(pending=1_200, event_count=2)}


def test_it_is_held_for_as_long_as_the_setting_said_on_that_day(session: Session) -> None:
    with session.as_role("service_role"):
        before = record(session.connection, ALICE, 500, at=NOON)
    session.run("update internal.settings set value = '30' where key = 'earnings_hold_days'")
    with session.as_role("service_role"):
        after = record(session.connection, ALICE, 500, at=NOON)

        maturity = "select matures_at from earnings_events where id = %s"
        assert session.value(maturity, before) == NOON + dt.timedelta(days=14)
        assert session.value(maturity, after) == NOON + dt.timedelta(days=30)


def test_the_same_key_gives_the_same_event(session: Session) -> None:
    with session.as_role("service_role"):
        first = record(session.connection, ALICE, 500, key="order:1")

        assert record(session.connection, ALICE, 500, key="order:1") == first
        assert ledger(session.connection, ALICE) == {"EUR": Totals(pending=500, event_count=1)}


@pytest.mark.parametrize("other", [{"amount": 501}, {"currency": "USD"}, {"kind": "bonus"}])
def test_the_same_key_for_something_else_is_refused(session: Session, other: dict[str, object]) -> None:
    with session.as_role("service_role"):
        record(session.connection, ALICE, 500, key="order:1")

        with session.refused("idempotency_mismatch"):
            record(session.connection, ALICE, **({"amount": 500, "key": "order:1"} | other))  # type: ignore[arg-type]  # the parameters above


def test_twenty_at_once_with_one_key_are_one_event(database: TestDatabase) -> None:
    answers = at_once(
        database, 20, "select public.earnings_record(%s, 'EUR', 500, 'sale', 'order:1', 'test', '')", ALICE.id
    )

    assert len(set(answers)) == 1
    with database.connect() as connection:
        assert ledger(connection, ALICE) == {"EUR": Totals(pending=500, event_count=1)}


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_than_nothing_is_not_earned(session: Session, amount: int) -> None:
    with session.as_role("service_role"), session.refused("invalid_value"):
        record(session.connection, ALICE, amount)


def test_a_currency_that_does_not_exist_is_refused(session: Session) -> None:
    with session.as_role("service_role"), session.refused("unknown_currency"):
        record(session.connection, ALICE, 500, currency="ABC")
