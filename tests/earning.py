"""Earning as the tests do it: what a test does not name is of no importance to it."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
import psycopg

from conftest import TestDatabase
from people import Person

Connection = psycopg.Connection[dict[str, Any]]

NOON: Final = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class Totals(msgspec.Struct, frozen=True):
    """What a currency comes to; ``missed`` is not here because it follows."""

    captured: int = 0
    pending: int = 0
    reversed: int = 0
    expired: int = 0
    event_count: int = 0

    @property
    def total(self) -> int:
        return self.captured + self.pending + self.reversed + self.expired


def post(
    connection: Connection, to: Person, amount: int, status: str = "captured", *, currency: str = "EUR"
) -> UUID:
    """The naive way in: one row, as a trusted program might write it."""
    return identity(
        connection,
        "insert into public.earnings_events (user_id, currency, amount_minor, status) values (%s, %s, %s, %s)"
        " returning id",
        to.id, currency, amount, status,
    )  # fmt: skip


def record(  # noqa: PLR0913 - it has the arguments of the function it calls
    connection: Connection,
    to: Person,
    amount: int,
    *,
    currency: str = "EUR",
    kind: str = "sale",
    key: str | None = None,
    reason: str = "",
    at: dt.datetime = NOON,
    matures_at: dt.datetime | None = None,
) -> UUID:
    return identity(
        connection,
        "select public.earnings_record(%s, %s, %s::bigint, %s, %s, 'test', '', %s, %s, %s)",
        to.id, currency, amount, kind, key or str(uuid4()), reason, at, matures_at,
    )  # fmt: skip


def move(
    connection: Connection,
    of: Person,
    event_id: UUID,
    to: str,
    amount: int | None = None,
    *,
    reason: str = "",
    key: str | None = None,
    at: dt.datetime = NOON,
) -> UUID:
    return identity(
        connection,
        "select public.earnings_transition(%s, %s, %s, %s::bigint, %s, %s, %s)",
        of.id, event_id, to, amount, reason, key or str(uuid4()), at,
    )  # fmt: skip


def recompute(connection: Connection, person: Person) -> dict[str, dict[str, int]]:
    """The rows of ``earnings_recompute`` by currency."""
    rows = connection.execute("select * from public.earnings_recompute(%s)", (person.id,)).fetchall()
    return {row.pop("currency"): row for row in rows}


def recomputed(connection: Connection, person: Person) -> dict[str, Totals]:
    """The same as totals."""
    return {
        currency: Totals(**{name: row[name] for name in Totals.__struct_fields__})
        for currency, row in recompute(connection, person).items()
    }


def summed(connection: Connection, person: Person) -> dict[str, Totals]:
    """The plain sum of every event: what all else is measured against."""
    return _totals(
        connection,
        """
        select currency,
            coalesce(sum(amount_minor) filter (where status = 'captured'), 0)::bigint as captured,
            coalesce(sum(amount_minor) filter (where status = 'pending'), 0)::bigint as pending,
            coalesce(sum(amount_minor) filter (where status = 'reversed'), 0)::bigint as reversed,
            coalesce(sum(amount_minor) filter (where status = 'expired'), 0)::bigint as expired,
            count(*) as event_count
        from public.earnings_events where user_id = %s group by currency
        """,
        person,
    )


def ledger(connection: Connection, person: Person) -> dict[str, Totals]:
    """What the dashboard shows without anybody pressing the button."""
    return _totals(
        connection,
        "select currency, captured, pending, reversed, expired, event_count"
        " from public.earnings_ledger where user_id = %s",
        person,
    )


def proven(connection: Connection, person: Person) -> dict[str, Totals]:
    """Recompute, ledger and the plain sum agree, and so they did at every recompute before: a drift heals itself
    and would otherwise go by unseen."""
    totals = recomputed(connection, person)
    assert totals == summed(connection, person)
    assert totals == ledger(connection, person)
    assert value(connection, "select count(*) from public.earnings_drift") == 0
    return totals


def identity(connection: Connection, query: str, *params: Any) -> UUID:
    found: UUID = value(connection, query, *params)
    return found


def value(connection: Connection, query: str, *params: Any) -> Any:
    row = connection.execute(query.encode(), params).fetchone()
    assert row is not None
    return next(iter(row.values()))


def at_once(database: TestDatabase, count: int, query: str, *params: Any) -> list[Any]:
    """The answers of as many connections asking the same at the same moment; a refusal is its machine code."""

    def ask(_: int) -> Any:
        with database.connect("service_role") as connection:
            try:
                return value(connection, query, *params)
            except psycopg.Error as error:
                return error.diag.message_detail if error.sqlstate.startswith("PT") else error.sqlstate  # type: ignore[union-attr]  # a server's error has a state

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(ask, range(count)))


def _totals(connection: Connection, query: str, person: Person) -> dict[str, Totals]:
    rows = connection.execute(query.encode(), (person.id,)).fetchall()
    return {row.pop("currency"): Totals(**row) for row in rows}
