"""The button: who may press it, what it answers, and what it costs."""

from __future__ import annotations

from conftest import Session, TestDatabase
from earning import Connection, Totals, ledger, move, post, recompute, recomputed, record, summed, value
from people import ADA, ALICE, BOB, CHARLIE


def test_a_visitor_recomputes_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.all("select public.earnings_recompute(auth.uid())")


def test_the_statement_of_the_contract_works_as_written(session: Session) -> None:
    post(session.connection, ALICE, 500)

    with session.as_user(ALICE):
        rows = session.all("select public.earnings_recompute(auth.uid())")

    assert rows == [{"earnings_recompute": ("EUR", "500", "500", "0", "0", "0", "0", "1", "1", "0")}]


def test_charlie_cannot_recompute_alice(session: Session) -> None:
    post(session.connection, ALICE, 500)

    with session.as_user(CHARLIE), session.refused("forbidden"):
        recompute(session.connection, ALICE)


def test_ada_and_the_service_can(session: Session) -> None:
    post(session.connection, ALICE, 500)

    with session.as_user(ADA):
        assert recomputed(session.connection, ALICE)["EUR"].total == 500
    with session.as_role("service_role"):
        assert recomputed(session.connection, ALICE)["EUR"].total == 500


def test_a_role_taken_away_is_gone_at_the_next_call(session: Session) -> None:
    session.run("delete from user_roles where user_id = %s", ADA.id)

    with session.as_user(ADA), session.refused("forbidden"):
        recompute(session.connection, ALICE)


def test_who_earned_nothing_has_no_row(session: Session) -> None:
    with session.as_user(ALICE):
        assert recompute(session.connection, ALICE) == {}


def test_every_bucket_and_currency_has_its_sum(session: Session) -> None:
    with session.as_role("service_role"):
        event = record(session.connection, ALICE, 1_000)
        move(session.connection, ALICE, event, "captured", 400)
        move(session.connection, ALICE, event, "reversed", 100)
        move(session.connection, ALICE, event, "expired", 200)
        post(session.connection, ALICE, 70, currency="JPY")
        post(session.connection, BOB, 9_999)

        assert recompute(session.connection, ALICE) == {
            "EUR": {
                "total": 1_000, "captured": 400, "pending": 300, "missed": 600, "reversed": 100, "expired": 200,
                "event_count": 7, "new_events": 7, "drift": 0,
            },
            "JPY": {
                "total": 70, "captured": 70, "pending": 0, "missed": 0, "reversed": 0, "expired": 0,
                "event_count": 1, "new_events": 1, "drift": 0,
            },
        }  # fmt: skip


def test_only_what_is_new_is_read_again(database: TestDatabase) -> None:
    with database.connect() as connection:
        post(connection, ALICE, 500)
        assert recompute(connection, ALICE)["EUR"]["new_events"] == 1
        assert recompute(connection, ALICE)["EUR"]["new_events"] == 0
        post(connection, ALICE, 700)
        post(connection, ALICE, 900)

        row = recompute(connection, ALICE)["EUR"]
        assert (row["new_events"], row["total"], row["event_count"]) == (2, 2_100, 3)


def test_with_nothing_new_it_writes_nothing(database: TestDatabase) -> None:
    with database.connect() as connection:
        post(connection, ALICE, 500)
        recompute(connection, ALICE)

        connection.execute("begin")
        recompute(connection, ALICE)
        assert value(connection, "select pg_current_xact_id_if_assigned() is null") is True


def test_its_cost_does_not_depend_on_history(database: TestDatabase) -> None:
    """By pages read, with statistics that know nothing of Alice: then every index on user_id looks alike."""
    with database.connect("owner") as owner, database.connect() as connection:
        for person, count in ((BOB, 50), (ALICE, 30_000)):
            owner.execute("analyze earnings_events")
            connection.execute(
                "insert into earnings_events (user_id, amount_minor, status)"
                " select %s, 1, 'captured' from generate_series(1, %s)",
                (person.id, count),
            )
            recompute(connection, person)

        assert _pages(connection, "select * from public.earnings_recompute(%s)", ALICE.id) <= 60
        assert (
            _pages(connection, "select sum(amount_minor) from earnings_events where user_id = %s", ALICE.id)
            > 200
        )


def test_a_ledger_that_was_tampered_with_is_found_and_put_right(session: Session) -> None:
    post(session.connection, ALICE, 500)
    session.run("update earnings_ledger set captured = captured + 90, total = total + 90")

    with session.as_user(ALICE):
        row = recompute(session.connection, ALICE)["EUR"]

        assert (row["total"], row["drift"]) == (500, 90)
        assert recompute(session.connection, ALICE)["EUR"]["drift"] == 0
        assert ledger(session.connection, ALICE) == {"EUR": Totals(captured=500, event_count=1)}
        drift = session.one("select cause, captured, pending, event_count from earnings_drift")
        assert drift == {"cause": "ledger", "captured": -90, "pending": 0, "event_count": 0}


def test_money_in_the_wrong_bucket_is_drift_too(session: Session) -> None:
    post(session.connection, ALICE, 500, "pending")
    session.run("update earnings_ledger set captured = pending, pending = 0")

    with session.as_user(ALICE):
        assert recompute(session.connection, ALICE)["EUR"]["drift"] == 1_000
        assert ledger(session.connection, ALICE) == summed(session.connection, ALICE)


def test_a_ledger_row_that_is_gone_or_made_up_is_put_right(session: Session) -> None:
    post(session.connection, ALICE, 500)
    session.run("delete from earnings_ledger")
    session.run(
        "insert into earnings_ledger (user_id, currency, total, captured, event_count) values (%s, 'USD', 7, 7, 3)",
        ALICE.id,
    )

    with session.as_user(ALICE):
        recompute(session.connection, ALICE)

        assert ledger(session.connection, ALICE) == {
            "EUR": Totals(captured=500, event_count=1),
            "USD": Totals(),
        }


def test_a_checkpoint_that_was_tampered_with_misleads_nobody(database: TestDatabase) -> None:
    with database.connect("owner") as owner, database.connect() as connection:
        post(connection, ALICE, 500)
        recompute(connection, ALICE)
        owner.execute("update internal.earnings_checkpoints set captured = captured + 90")

        row = recompute(connection, ALICE)["EUR"]
        assert (row["total"], row["drift"]) == (500, 0)
        assert value(connection, "select cause from earnings_drift") == "checkpoint"
        assert ledger(connection, ALICE) == summed(connection, ALICE)


def test_the_checkpoint_may_be_deleted_at_any_time(database: TestDatabase) -> None:
    with database.connect("owner") as owner, database.connect() as connection:
        post(connection, ALICE, 500)
        recompute(connection, ALICE)
        owner.execute("delete from internal.earnings_heads")

        assert recompute(connection, ALICE)["EUR"]["drift"] == 0
        assert recomputed(connection, ALICE) == summed(connection, ALICE)


def test_it_fails_rather_than_sum_the_rows_it_may_see(session: Session) -> None:
    """An owner without BYPASSRLS sees none of the events under forced row security, and would answer zero."""
    post(session.connection, ALICE, 500)
    session.run("alter role rambla_owner nobypassrls")

    with session.as_user(ALICE), session.refused("42501"):
        recompute(session.connection, ALICE)


def test_alice_sees_her_drift_and_charlie_does_not(session: Session) -> None:
    post(session.connection, ALICE, 500)
    session.run("delete from earnings_ledger")
    with session.as_role("service_role"):
        recompute(session.connection, ALICE)

    for person, rows in ((CHARLIE, 0), (ALICE, 1), (ADA, 1)):
        with session.as_user(person):
            assert session.value("select count(*) from earnings_drift") == rows


def _pages(connection: Connection, query: str, *params: object) -> int:
    plan = value(connection, f"explain (analyze, buffers, timing off, format json) {query}", *params)[0][
        "Plan"
    ]
    pages: int = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return pages
