"""What a worker does for earnings while nobody looks."""

from __future__ import annotations

from conftest import TestDatabase
from earning import NOON, Totals, ledger, post, proven, recompute, summed, value
from people import ALICE, BOB, CHARLIE
from rambla.earnings.tasks import TASKS
from working import worked


async def test_all_that_is_due_is_captured_however_much_it_is(database: TestDatabase) -> None:
    with database.connect() as service:
        service.execute(
            "insert into earnings_events (user_id, amount_minor, status, matures_at)"
            " select %s, 2, 'pending', %s from generate_series(1, 2100)",
            (ALICE.id, NOON),
        )

        await worked(database, TASKS, "earnings_mature")

        assert proven(service, ALICE) == {"EUR": Totals(captured=4_200, event_count=6_300)}


async def test_the_nightly_proof_reads_every_ledger_once_and_mends_what_drifted(
    database: TestDatabase,
) -> None:
    with database.connect("owner") as owner, database.connect() as service:
        for person in (ALICE, BOB, CHARLIE):
            post(service, person, 500)
            recompute(service, person)
        owner.execute("update internal.earnings_checkpoints set captured = 90 where user_id = %s", (BOB.id,))
        owner.execute("update earnings_ledger set captured = 90, total = 90 where user_id = %s", (BOB.id,))

        assert await worked(database, TASKS, "earnings_verify") == {"users": 3, "drifted": 1}

        assert ledger(service, BOB) == summed(service, BOB)
        assert value(service, "select user_id from earnings_drift") == BOB.id


def test_both_run_by_themselves() -> None:
    assert set(TASKS.schedules) == {"earnings_mature", "earnings_verify"}
