"""Sending as the tests do it: what a test does not name is of no importance to it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import psycopg

from people import Person

Connection = psycopg.Connection[dict[str, Any]]


def send(  # noqa: PLR0913 - it has the arguments of the function it calls
    connection: Connection,
    to: Person,
    *,
    channel: str = "inapp",
    type: str = "test",  # noqa: A002 - as the contract calls it
    title: str = "Hi",
    body: str | None = "Body",
    data: str | None = None,
    key: str | None = None,
    at: dt.datetime | str | None = None,
) -> UUID | None:
    """``notif_send`` as whoever the connection is; ``at`` only where the caller may set the clock."""
    row = connection.execute(
        "select public.notif_send(%s, %s, %s, %s, %s, %s, %s, coalesce(%s::timestamptz, now())) as id",
        (to.id, channel, type, title, body, data, key, at),
    ).fetchone()
    assert row is not None
    found: UUID | None = row["id"]
    return found


def quiet(
    connection: Connection, person: Person, hours: tuple[str, str], *, days: int = 127, zone: str = "UTC"
) -> None:
    """Give a person quiet hours, as the owner."""
    connection.execute(
        "insert into public.notification_quiet_hours (user_id, start_time, end_time, days, timezone)"
        " values (%s, %s, %s, %s, %s) on conflict (user_id) do update set start_time = excluded.start_time,"
        " end_time = excluded.end_time, days = excluded.days, timezone = excluded.timezone",
        (person.id, *hours, days, zone),
    )


def live_in(connection: Connection, person: Person, zone: str) -> None:
    connection.execute("update public.profiles set timezone = %s where id = %s", (zone, person.id))
