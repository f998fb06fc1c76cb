"""Events are added and never changed, and the ledger is right the moment they are."""

from __future__ import annotations

from uuid import uuid4

import pytest

from conftest import Session, TestDatabase
from earning import Totals, at_once, ledger, post, recomputed, record, summed
from people import ALICE, BOB, CHARLIE


def test_a_visitor_sees_no_events(session: Session) -> None:
    post(session.connection, ALICE, 500)

    with session.as_role("anon"), session.refused("42501"):
        session.all("select * from earnings_events")


def test_alice_sees_hers_and_charlie_sees_none_of_them(session: Session) -> None:
    post(session.connection, ALICE, 500)

    with session.as_user(ALICE):
        assert session.value("select count(*) from earnings_events") == 1
        assert session.value("select count(*) from earnings_ledger") == 1
    with session.as_user(CHARLIE):
        assert session.value("select count(*) from earnings_events") == 0
        assert session.value("select count(*) from earnings_ledger") == 0


def test_alice_cannot_write_herself_an_event(session: Session) -> None:
    with session.as_user(ALICE), session.refused("42501"):
        post(session.connection, ALICE, 1_000_000)


def test_a_naive_insert_gives_right_totals(session: Session) -> None:
    """One row for each thing, refunds below zero, as a program would write that knows only the columns."""
    with session.as_role("service_role"):
        post(session.connection, ALICE, 10_000, "captured")
        post(session.connection, ALICE, 2_500, "pending")
        post(session.connection, ALICE, -1_000, "captured")
        post(session.connection, ALICE, 700, "captured", currency="JPY")

        assert ledger(session.connection, ALICE) == {
            "EUR": Totals(captured=9_000, pending=2_500, event_count=3),
            "JPY": Totals(captured=700, event_count=1),
        }
        assert session.value("select missed from earnings_ledger where currency = 'EUR'") == 2_500


def test_the_ledger_follows_a_rollback(session: Session) -> None:
    post(session.connection, ALICE, 500)
    session.run("savepoint before")
    post(session.connection, ALICE, 700)
    session.run("rollback to savepoint before")

    assert ledger(session.connection, ALICE) == {"EUR": Totals(captured=500, event_count=1)}


UPSERT = (
    "insert into earnings_events (user_id, amount_minor) values (gen_random_uuid(), 1)"
    " on conflict (user_id, id) do update set status = 'expired'"
)


@pytest.mark.parametrize(
    "statement",
    [
        "update earnings_events set amount_minor = 1",
        "update earnings_events set status = 'captured' where false",
        "delete from earnings_events",
        "truncate earnings_events cascade",
        UPSERT,
    ],
)
@pytest.mark.parametrize("role", ["rambla_owner", "postgres"])
def test_not_even_the_owner_changes_an_event(session: Session, role: str, statement: str) -> None:
    post(session.connection, ALICE, 500, "pending")
    session.run(f"set local role {role}")

    with session.refused("append_only"):
        session.run(statement)


def test_no_replication_role_gets_past_it(session: Session) -> None:
    post(session.connection, ALICE, 500)
    session.run("set local session_replication_role = replica")

    with session.refused("append_only"):
        session.run("delete from earnings_events")


def test_the_refusal_says_what_to_do_instead(session: Session) -> None:
    with session.as_role("service_role"), session.refused("42501"):
        session.run("update earnings_events set status = 'captured'")

    with pytest.raises(Exception, match="never changed") as caught:
        session.run("update earnings_events set status = 'captured'")
    assert "earnings_transition()" in str(caught.value)


@pytest.mark.parametrize(
    ("column", "chosen", "state"),
    [("xid", "'3'", "42501"), ("recorded_at", "now()", "42501"), ("seq", "1", "428C9")],
)
def test_a_program_cannot_choose_what_the_recompute_rests_on(
    session: Session, column: str, chosen: str, state: str
) -> None:
    with session.as_role("service_role"), session.refused(state):
        session.run(
            f"insert into earnings_events (user_id, amount_minor, {column}) values (%s, 5, {chosen})",
            ALICE.id,
        )


@pytest.mark.parametrize(
    ("column", "wrong"),
    [("amount_minor", 0), ("status", "paid"), ("currency", "euro"), ("kind", "Sale!"), ("idem_key", "")],
)
def test_an_event_that_means_nothing_is_refused(session: Session, column: str, wrong: object) -> None:
    event = {"user_id": ALICE.id, "amount_minor": 5, "status": "pending"} | {column: wrong}

    with session.refused("23514"):
        session.run(
            f"insert into earnings_events ({', '.join(event)}) values ({', '.join(['%s'] * len(event))})",
            *event.values(),
        )


def test_two_people_may_use_the_same_key(session: Session) -> None:
    """Otherwise the refusal would tell Bob that Alice has an event of that name."""
    with session.as_role("service_role"):
        first = record(session.connection, ALICE, 500, key="order:1")
        second = record(session.connection, BOB, 700, key="order:1")

        assert first != second
        with session.refused("23505"):
            session.run(
                "insert into earnings_events (user_id, amount_minor, idem_key) values (%s, 5, 'order:1')",
                ALICE.id,
            )


LEG = "insert into earnings_events (user_id, amount_minor, status, parent_id, group_id) values "


def test_a_group_that_does_not_net_to_zero_is_refused(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")
    group = uuid4()

    with session.refused("invalid_value"):
        session.run(
            f"{LEG} (%s, -400, 'pending', %s, %s), (%s, 401, 'captured', %s, %s)",
            ALICE.id, event, group, ALICE.id, event, group,
        )  # fmt: skip
    with session.refused("invalid_value"):
        session.run(f"{LEG} (%s, 400, 'captured', %s, %s)", ALICE.id, event, group)


def test_no_posting_takes_more_out_of_an_event_than_is_in_it(session: Session) -> None:
    """By constraint: whoever writes the posting, and by whatever way."""
    event = post(session.connection, ALICE, 1_000, "pending")
    group = uuid4()

    with session.refused("23514"):
        session.run(
            f"{LEG} (%s, -1001, 'pending', %s, %s), (%s, 1001, 'captured', %s, %s)",
            ALICE.id, event, group, ALICE.id, event, group,
        )  # fmt: skip
    assert summed(session.connection, ALICE) == ledger(session.connection, ALICE)


def test_a_posting_cannot_name_another_users_event(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending")

    with session.refused("23503"):
        session.run(f"{LEG} (%s, 5, 'captured', %s, null)", BOB.id, event)


def test_a_posting_cannot_change_the_currency_of_its_event(session: Session) -> None:
    event = post(session.connection, ALICE, 1_000, "pending", currency="JPY")

    with session.refused("invalid_transition"):
        session.run(f"{LEG} (%s, 5, 'captured', %s, null)", ALICE.id, event)


def test_a_large_load_writes_the_ledger_once(session: Session) -> None:
    """Once a row would be quadratic: each write leaves a dead version that the next one has to step over."""
    session.run(
        "insert into earnings_events (user_id, amount_minor, status)"
        " select %s, 1 + g %% 7, 'captured' from generate_series(1, 20000) g",
        ALICE.id,
    )

    writes = session.one(
        "select n_tup_ins, n_tup_upd from pg_stat_xact_user_tables where relname = 'earnings_ledger'"
    )
    assert writes == {"n_tup_ins": 1, "n_tup_upd": 0}
    assert ledger(session.connection, ALICE) == summed(session.connection, ALICE)
    with session.as_user(ALICE):
        assert recomputed(session.connection, ALICE) == summed(session.connection, ALICE)


def test_writers_of_the_same_people_in_opposite_order_do_not_deadlock(database: TestDatabase) -> None:
    statement = (
        "with added as (insert into earnings_events (user_id, amount_minor, status)"
        " select u, 1, 'captured' from unnest(%s::uuid[]) u order by random() returning 1) select count(*) from added"
    )

    people = [ALICE.id, BOB.id, CHARLIE.id]
    assert at_once(database, 16, statement, people * 20) == [60] * 16
    with database.connect() as connection:
        assert ledger(connection, BOB) == {"EUR": Totals(captured=320, event_count=320)}
