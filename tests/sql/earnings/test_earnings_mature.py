"""When the hold period is over, pending money is captured."""

from __future__ import annotations

import datetime as dt

from conftest import Session, TestDatabase
from earning import NOON, Totals, at_once, ledger, move, post, recomputed, record, summed
from people import ALICE, BOB

DAY = dt.timedelta(days=1)
MATURE = "select public.earnings_mature(%s)"


def test_a_visitor_and_alice_mature_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.value(MATURE, NOON)
    with session.as_user(ALICE), session.refused("forbidden"):
        session.value(MATURE, NOON)


def test_it_captures_on_the_day_and_not_before(session: Session) -> None:
    with session.as_role("service_role"):
        record(session.connection, ALICE, 500, at=NOON)

        assert session.value(MATURE, NOON + 13 * DAY) == 0
        assert session.value(MATURE, NOON + 14 * DAY) == 1
        assert ledger(session.connection, ALICE) == {"EUR": Totals(captured=500, event_count=3)}


def test_a_second_run_finds_nothing(session: Session) -> None:
    with session.as_role("service_role"):
        record(session.connection, ALICE, 500, at=NOON)
        session.value(MATURE, NOON + 14 * DAY)

        assert session.value(MATURE, NOON + 15 * DAY) == 0
        assert session.value("select count(*) from earnings_events where idem_key like 'mature:%%'") == 1


def test_only_what_is_left_is_captured(session: Session) -> None:
    with session.as_role("service_role"):
        partly = record(session.connection, ALICE, 500, at=NOON)
        wholly = record(session.connection, ALICE, 700, at=NOON)
        move(session.connection, ALICE, partly, "reversed", 200)
        move(session.connection, ALICE, wholly, "expired")

        assert session.value(MATURE, NOON + 14 * DAY) == 1
        assert ledger(session.connection, ALICE) == {
            "EUR": Totals(captured=300, reversed=200, expired=700, event_count=8)
        }


def test_pending_money_without_a_date_waits(session: Session) -> None:
    with session.as_role("service_role"):
        post(session.connection, ALICE, 500, "pending")

        assert session.value(MATURE, NOON + 999 * DAY) == 0


def test_what_is_put_back_into_pending_is_captured_by_hand(session: Session) -> None:
    """A second maturation would need a second key; and the date was the date of the first."""
    with session.as_role("service_role"):
        event = record(session.connection, ALICE, 500, at=NOON)
        session.value(MATURE, NOON + 14 * DAY)
        session.run(
            "insert into earnings_events (user_id, amount_minor, status, parent_id, group_id)"
            " values (%s, -500, 'captured', %s, %s), (%s, 500, 'pending', %s, %s)",
            *(ALICE.id, event, event) * 2,
        )

        assert session.value(MATURE, NOON + 15 * DAY) == 0
        move(session.connection, ALICE, event, "captured")
        assert ledger(session.connection, ALICE) == summed(session.connection, ALICE)


def test_the_postings_explain_themselves(session: Session) -> None:
    with session.as_role("service_role"):
        event = record(session.connection, ALICE, 500, at=NOON)
        session.value(MATURE, NOON + 14 * DAY)

        row = session.one(
            "select kind, reason, parent_id, occurred_at from earnings_events where idem_key = %s",
            f"mature:{event}",
        )
        assert row == {
            "kind": "capture", "reason": "matured", "parent_id": event, "occurred_at": NOON + 14 * DAY
        }  # fmt: skip


def test_alice_is_told_once_a_run_and_currency(session: Session) -> None:
    with session.as_role("service_role"):
        for amount in (500, 700):
            record(session.connection, ALICE, amount, at=NOON)
        record(session.connection, ALICE, 90, at=NOON, currency="JPY")
        session.value(MATURE, NOON + 14 * DAY)

    told = session.all(
        "select type, title, body from notifications where user_id = %s order by title", ALICE.id
    )
    assert [tuple(row.values()) for row in told] == [
        ("earnings_captured", "12.00 EUR captured", "Captured: the hold period is over"),
        ("earnings_captured", "90 JPY captured", "Captured: the hold period is over"),
    ]


def test_a_thousand_at_a_time(session: Session) -> None:
    session.run(
        "insert into earnings_events (user_id, amount_minor, status, matures_at)"
        " select (array[%s::uuid, %s])[1 + g %% 2], 1, 'pending', %s from generate_series(1, 1500) g",
        ALICE.id, BOB.id, NOON,
    )  # fmt: skip

    with session.as_role("service_role"):
        assert [session.value(MATURE, NOON) for _ in range(3)] == [1000, 500, 0]
        assert recomputed(session.connection, ALICE) == {"EUR": Totals(captured=750, event_count=2250)}


def test_many_runs_at_once_capture_once(database: TestDatabase) -> None:
    with database.connect() as connection:
        for person in (ALICE, BOB):
            for _ in range(20):
                record(connection, person, 10, at=NOON)

    at_once(database, 8, MATURE, NOON + 14 * DAY)
    # Somebody may have been skipped as busy: that is what the next run is for.
    at_once(database, 1, MATURE, NOON + 14 * DAY)

    with database.connect() as connection:
        for person in (ALICE, BOB):
            assert ledger(connection, person) == {"EUR": Totals(captured=200, event_count=60)}
