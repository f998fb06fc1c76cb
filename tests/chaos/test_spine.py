"""The payer dies at every step of a payment: all that follows from it has happened, or none of it.

Nothing in the product knows of this test. To stop a payment at the step that writes a table, somebody else holds
a lock on that table; PostgreSQL itself says when the payment has got there.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar
from uuid import UUID

import pytest

from buying import fill_cart, pay, place, sell
from conftest import TestDatabase
from earning import Connection, proven, value
from people import ALICE, BOB, CHARLIE

T = TypeVar("T")

STEPS: Final = (
    "public.shop_items",
    "internal.feed_item_json",
    "public.feed_items",
    "public.feed_counters",
    "internal.feed_unrelated",
    "public.orders",
    "public.order_lines",
    "public.shopping_cart_items",
    "public.owned_items",
    "public.earnings_events",
    "public.earnings_ledger",
    "internal.earnings_accruals",
    "public.notification_states",
    "public.notifications",
    "public.worker_jobs",
    "public.worker_job_keys",
    "public.worker_lanes",
    "public.audit_log",
)

NOTHING: Final = {
    "state": "placed", "stock": [10, 10], "cart": 2, "owned": 0, "events": 0, "pending": 0,
    "told": 0, "mail_jobs": 0, "audited": 0,
}  # fmt: skip
EVERYTHING: Final = {
    "state": "paid", "stock": [9, 9], "cart": 0, "owned": 2, "events": 2, "pending": 1_800,
    "told": 3, "mail_jobs": 1, "audited": 1,
}  # fmt: skip

# As a request does it: begin, pay, and commit when the answer is there.
PAY = """
import asyncio, sys
from uuid import UUID
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Query

async def main(url, buyer, order):
    database = Database.at(url, size=1)
    await database.open()
    async with database.transaction(Caller.user(UUID(buyer))) as tx:
        await tx.run(Query("select * from public.order_pay(%(order)s)"), order=order)

asyncio.run(main(*sys.argv[1:]))
"""

# All in one message: the server commits whether or not anybody is there to hear of it.
PAY_UNHEARD = """
import sys
import psycopg

url, buyer, order = sys.argv[1:]
with psycopg.connect(url, autocommit=True, application_name="rambla") as connection:
    connection.execute(f'''
        begin;
        set local role authenticated;
        select set_config('request.jwt.claims', '{{"role": "authenticated", "sub": "{buyer}"}}', true);
        select * from public.order_pay('{order}');
        commit;
    ''')
"""


@pytest.fixture
def owner(database: TestDatabase) -> Iterator[Connection]:
    with database.connect("owner") as connection:
        yield connection


@pytest.fixture
def order(database: TestDatabase, owner: Connection) -> UUID:
    """Bob's order of something of Alice's and something of Charlie's."""
    fill_cart(owner, BOB, sell(owner, ALICE, stock=10), sell(owner, CHARLIE, stock=10))
    with database.connect(BOB) as bob:
        return place(bob)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("death", ["the process", "its connection"])
def test_a_payer_who_dies_leaves_nothing_behind(
    database: TestDatabase, owner: Connection, order: UUID, step: str, death: str
) -> None:
    with stopped_at(database, step), paying(database, order, PAY) as payer:
        backend = wait_until_it_is_there(owner, step)
        if death == "the process":
            payer.kill()
            payer.wait()
        else:
            owner.execute("select pg_terminate_backend(%s)", (backend,))
    wait_until(lambda: gone(owner, backend))

    assert effects(owner) == NOTHING

    with database.connect(BOB) as bob:
        assert pay(bob, order)["state"] == "paid"
    assert effects(owner) == EVERYTHING
    assert_books_agree(database)


@pytest.mark.parametrize("step", [STEPS[0], STEPS[-1]])
def test_a_payer_who_dies_after_the_commit_gets_the_same_answer(
    database: TestDatabase, owner: Connection, order: UUID, step: str
) -> None:
    """Committed and never heard of: paying again is the right thing to do, and changes nothing."""
    with stopped_at(database, step), paying(database, order, PAY_UNHEARD) as payer:
        backend = wait_until_it_is_there(owner, step)
        payer.kill()
        payer.wait()
    wait_until(lambda: gone(owner, backend))

    assert effects(owner) == EVERYTHING

    with database.connect(BOB) as bob:
        first, again = pay(bob, order), pay(bob, order)
    assert first == again
    assert first["paid_at"] == value(owner, "select paid_at from orders")
    assert effects(owner) == EVERYTHING
    assert_books_agree(database)


def test_every_table_that_a_payment_writes_is_a_step(
    database: TestDatabase, owner: Connection, order: UUID
) -> None:
    """A step that somebody adds to the payment has to be added here."""
    with database.connect(BOB) as bob:
        bob.execute("begin")
        pay(bob, order)
        written = bob.execute(
            "select schemaname || '.' || relname as name from pg_stat_xact_user_tables"
            " where n_tup_ins + n_tup_upd + n_tup_del > 0"
        ).fetchall()
        bob.execute("commit")

    assert {row["name"] for row in written} == set(STEPS)


@contextmanager
def stopped_at(database: TestDatabase, table: str) -> Iterator[None]:
    """Nobody writes the table until the block ends."""
    with database.connect("owner", autocommit=False) as blocker:
        blocker.execute(f"lock table {table} in share mode".encode())
        yield
        blocker.rollback()


@contextmanager
def paying(database: TestDatabase, order: UUID, program: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, database.login_url, str(BOB.id), str(order)],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until_it_is_there(owner: Connection, table: str) -> int:
    """The backend of the payment that waits for the table."""
    waiting = "select min(pid) from pg_locks where relation = %s::regclass and not granted"
    backend: int = wait_until(lambda: value(owner, waiting, table))
    return backend


def wait_until(answer: Callable[[], T]) -> T:
    deadline = time.monotonic() + 30
    while not (found := answer()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
    return found


def gone(owner: Connection, backend: int) -> bool:
    return not value(owner, "select exists (select from pg_stat_activity where pid = %s)", backend)


def effects(owner: Connection) -> dict[str, Any]:
    row = owner.execute(
        """
        select
            (select state from orders) as state,
            (select array_agg(stock) from shop_items) as stock,
            (select count(*) from shopping_cart_items) as cart,
            (select count(*) from owned_items) as owned,
            (select count(*) from earnings_events) as events,
            (select coalesce(sum(pending), 0)::bigint from earnings_ledger) as pending,
            (select count(*) from notifications) as told,
            (select count(*) from worker_jobs where job_type = 'notification_deliver') as mail_jobs,
            (select count(*) from audit_log where action = 'order.paid') as audited
        """
    ).fetchone()
    assert row is not None
    return row


def assert_books_agree(database: TestDatabase) -> None:
    with database.connect() as service:
        for seller in (ALICE, CHARLIE):
            assert proven(service, seller)["EUR"].pending == 900
