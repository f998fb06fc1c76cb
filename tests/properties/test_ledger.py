"""Whatever is done to a creator's earnings, in whatever order, equals what a page of Python says it should be."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from conftest import TestDatabase
from earning import NOON, Connection, Totals, move, post, proven, record, value
from people import Person

CURRENCIES: Final = st.sampled_from(("EUR", "JPY"))
AMOUNTS: Final = st.integers(1, 400)
BUCKETS: Final = ("pending", "captured", "reversed", "expired")
Done = tuple[UUID, str, int, str, UUID]  # event, bucket, amount, key, and the posting that arrived
MOVES: Final = st.sampled_from(("captured", "reversed", "expired"))


class Accrual(msgspec.Struct):
    """What was earned once, and how much of it is where."""

    currency: str
    pending: int = 0
    captured: int = 0
    reversed: int = 0
    expired: int = 0
    matures_at: dt.datetime | None = None

    def left(self, to: str) -> int:
        return self.pending + (self.captured if to == "reversed" else 0)

    def move(self, to: str, amount: int) -> int:
        """The number of postings that this takes; pending money goes first."""
        pending = min(amount, self.pending)
        self.pending -= pending
        self.captured -= amount - pending
        setattr(self, to, getattr(self, to) + amount)
        if not self.pending:
            self.matures_at = None
        return 1 + (pending > 0) + (amount > pending)


class Earnings(RuleBasedStateMachine):
    """One creator, through the functions that programs call and the insert that they might write."""

    connection: Connection
    events: Bundle[UUID] = Bundle("events")
    done: Bundle[Done] = Bundle("done")

    @initialize()
    def a_creator_moves_in(self) -> None:
        self.person = Person(uuid4(), f"u{uuid4().hex[:20]}", "Somebody")
        self.accruals: dict[UUID, Accrual] = {}
        self.loose: Counter[tuple[str, str]] = Counter()
        self.postings: Counter[str] = Counter()
        self.now = NOON
        with _as_owner(self.connection):
            self.connection.execute("insert into auth.users (id) values (%s)", (self.person.id,))
            self.connection.execute(
                "insert into public.profiles (id, handle, display_name) values (%s, %s, %s)", self.person
            )

    @rule(target=events, amount=AMOUNTS, currency=CURRENCIES, hold=st.integers(0, 3))
    def something_is_earned(self, amount: int, currency: str, hold: int) -> UUID:
        matures_at = self.now + dt.timedelta(days=hold)
        key = str(uuid4())
        terms = {"currency": currency, "key": key, "at": self.now, "matures_at": matures_at}
        event = record(self.connection, self.person, amount, **terms)  # type: ignore[arg-type]  # by name
        assert record(self.connection, self.person, amount, **terms) == event  # type: ignore[arg-type]  # by name
        with _refused("idempotency_mismatch"):
            record(self.connection, self.person, amount + 1, **terms)  # type: ignore[arg-type]  # by name

        self.accruals[event] = Accrual(currency, pending=amount, matures_at=matures_at)
        self.postings[currency] += 1
        return event

    @rule(target=events, amount=AMOUNTS, currency=CURRENCIES, status=st.sampled_from(BUCKETS))
    def a_program_posts_by_hand(self, amount: int, currency: str, status: str) -> UUID:
        event = post(self.connection, self.person, amount, status, currency=currency)
        self.accruals[event] = Accrual(currency)
        setattr(self.accruals[event], status, amount)
        self.postings[currency] += 1
        return event

    @rule(amount=AMOUNTS, currency=CURRENCIES, status=st.sampled_from(BUCKETS))
    def a_program_takes_away_by_hand(self, amount: int, currency: str, status: str) -> None:
        event = post(self.connection, self.person, -amount, status, currency=currency)
        with _refused("invalid_transition"):
            move(self.connection, self.person, event, "captured", 1)

        self.loose[currency, status] -= amount
        self.postings[currency] += 1

    @rule(target=done, event=events, to=MOVES, amount=AMOUNTS)
    def a_part_is_moved(self, event: UUID, to: str, amount: int) -> Done | MultipleResults[Done]:
        accrual = self.accruals[event]
        key = str(uuid4())
        if amount > accrual.left(to):
            with _refused("invalid_transition"):
                move(self.connection, self.person, event, to, amount, key=key)
            return multiple()
        posting = move(self.connection, self.person, event, to, amount, key=key)
        self.postings[accrual.currency] += accrual.move(to, amount)
        return (event, to, amount, key, posting)

    @rule(event=events, to=MOVES)
    def all_that_is_left_is_moved(self, event: UUID, to: str) -> None:
        accrual = self.accruals[event]
        if not accrual.left(to):
            with _refused("invalid_transition"):
                move(self.connection, self.person, event, to)
            return
        move(self.connection, self.person, event, to)
        self.postings[accrual.currency] += accrual.move(to, accrual.left(to))

    @rule(move_=done)
    def a_webhook_comes_twice(self, move_: Done) -> None:
        event, to, amount, key, posting = move_

        assert move(self.connection, self.person, event, to, amount, key=key) == posting

    @rule(move_=consumes(done), amount=AMOUNTS)
    def a_webhook_comes_twice_with_another_amount(self, move_: Done, amount: int) -> None:
        event, to, _, key, _ = move_
        with _refused("idempotency_mismatch"):
            move(self.connection, self.person, event, to, amount + 400, key=key)

    @rule(days=st.integers(0, 2))
    def time_passes_and_holds_end(self, days: int) -> None:
        self.now += dt.timedelta(days=days)
        due = [a for a in self.accruals.values() if a.pending and a.matures_at and a.matures_at <= self.now]
        value(self.connection, "select public.earnings_mature(%s)", self.now)
        for accrual in due:
            self.postings[accrual.currency] += accrual.move("captured", accrual.pending)

    @rule(amount=AMOUNTS, currency=CURRENCIES)
    def a_transaction_is_rolled_back(self, amount: int, currency: str) -> None:
        self.connection.execute("begin")
        post(self.connection, self.person, amount, currency=currency)
        proven(self.connection, self.person)
        self.connection.execute("rollback")

    @invariant()
    def every_sum_is_what_it_should_be(self) -> None:
        assert proven(self.connection, self.person) == {
            currency: Totals(event_count=count, **{bucket: self._sum(currency, bucket) for bucket in BUCKETS})
            for currency, count in self.postings.items()
        }

    @invariant()
    def the_four_cards_add_up(self) -> None:
        rows = self.connection.execute("select * from earnings_summary(%s)", (self.person.id,)).fetchall()
        for row in rows:
            assert row["total"] == row["captured"] + row["pending"] + row["reversed"] + row["expired"]
            assert row["missed"] == row["total"] - row["captured"] == row["missed_open"] + row["missed_lost"]

    @invariant()
    def every_transition_nets_to_zero(self) -> None:
        uneven = self.connection.execute(
            "select group_id from earnings_events where user_id = %s and group_id is not null"
            " group by group_id, currency having sum(amount_minor) <> 0",
            (self.person.id,),
        ).fetchall()

        assert uneven == []

    @invariant()
    def every_event_can_be_explained(self) -> None:
        for event, accrual in self.accruals.items():
            row = self.connection.execute(
                "select * from earnings_explain(%s, %s)", (event, self.person.id)
            ).fetchone()
            assert row is not None
            assert [row[bucket] for bucket in BUCKETS] == [getattr(accrual, bucket) for bucket in BUCKETS]

    def _sum(self, currency: str, bucket: str) -> int:
        earned: int = sum(getattr(a, bucket) for a in self.accruals.values() if a.currency == currency)
        return earned + self.loose[currency, bucket]


def test_the_ledger_is_what_the_model_says(database: TestDatabase) -> None:
    with database.connect() as connection:
        machine = type("Machine", (Earnings,), {"connection": connection})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=40,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )


@contextmanager
def _refused(code: str) -> Iterator[None]:
    with pytest.raises(psycopg.Error) as caught:
        yield
    assert caught.value.diag.message_detail == code


@contextmanager
def _as_owner(connection: Connection) -> Iterator[None]:
    connection.execute("set role none")
    yield
    connection.execute("set role service_role")
