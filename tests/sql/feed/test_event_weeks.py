"""Events by week: made ahead, dropped whole, and each counted once wherever its id puts it."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from conftest import Session, TestDatabase
from feeding import publish
from people import ALICE, BOB

NOW = dt.datetime.now(dt.UTC)
DAYS = 90


def made(ago: dt.timedelta) -> UUID:
    """An id of version 7 from that long ago."""
    milliseconds = round((NOW - ago).timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (uuid4().int & ((1 << 80) - 1)) & ~(0xF << 76) | (0x7 << 76))


def of_no_time() -> UUID:
    """Of version 4, and not one of the few that begin as those of version 7 do."""
    return UUID(int=uuid4().int | 1 << 127)


def record(session: Session, *event_ids: UUID, item: UUID, kind: str = "click") -> int:
    events = [{"event_id": str(i), "item_id": str(item), "kind": kind} for i in event_ids]
    with session.as_user(BOB):
        recorded: int = session.value("select public.feed_record(%s)", msgspec.json.encode(events).decode())
    return recorded


def turn(session: Session, in_days: int = 0) -> int:
    with session.as_role("service_role"):
        turned: int = session.value("select public.feed_events_turn(now() + %s * interval '1 day')", in_days)
    return turned


def weeks(session: Session) -> list[str]:
    rows = session.all(
        "select c.relname::text as name from pg_inherits h join pg_class c on c.oid = h.inhrelid"
        " where h.inhparent = 'public.feed_events'::regclass and c.relname ~ '[0-9]{8}$' order by 1"
    )
    return [row["name"] for row in rows]


def places(session: Session) -> dict[UUID, str]:
    rows = session.all("select event_id, tableoid::regclass::text as place from public.feed_events")
    return {row["event_id"]: row["place"] for row in rows}


def read_in_order(session: Session) -> int:
    """Rows of events that this transaction has read without an index."""
    return int(
        session.value(
            "select coalesce(sum(s.seq_tup_read), 0) from pg_stat_xact_all_tables s"
            " where s.schemaname = 'internal' and s.relname ~ '^feed_events_'"
        )
    )


def test_an_id_tells_when_it_was_made(session: Session) -> None:
    found = session.value("select internal.uuid7_time(%s)", made(dt.timedelta(hours=5)))

    assert abs(found - (NOW - dt.timedelta(hours=5))) < dt.timedelta(milliseconds=1)
    assert session.value("select internal.uuid7_time(%s)", uuid4()) is None
    assert session.value("select internal.uuid7_time(public.uuid7()) > now() - interval '1 minute'")
    assert session.value("select internal.uuid7_floor(internal.uuid7_time(i)) <= i from public.uuid7() i")


def test_this_week_and_two_to_come_have_a_table(session: Session) -> None:
    assert turn(session) == 3
    assert turn(session) == 0
    assert len(weeks(session)) == 3
    assert turn(session, 7) == 1
    monday = session.value("select to_char(date_trunc('week', now(), 'UTC') at time zone 'UTC', 'YYYYMMDD')")
    assert weeks(session)[0] == f"feed_events_{monday}"


def test_every_week_has_row_security_and_no_grant(session: Session) -> None:
    turn(session)
    rows = session.all(
        "select c.relrowsecurity and c.relforcerowsecurity as safe, c.relacl::text as granted,"
        " pg_get_userbyid(c.relowner)::text as owner"
        " from pg_class c where c.relname ~ '^feed_events_' and c.relkind = 'r'"
    )

    assert len(rows) == 5
    assert {(row["safe"], row["owner"]) for row in rows} == {(True, "rambla_owner")}
    assert not [
        row for row in rows if row["granted"] and ("anon" in row["granted"] or "auth" in row["granted"])
    ]


def test_what_came_before_its_week_had_a_table_moves_there_and_counts_once(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    early, ahead, other = made(dt.timedelta()), made(dt.timedelta(days=-7)), of_no_time()
    assert record(session, early, ahead, other, item=post) == 3
    assert places(session)[early] == places(session)[ahead] == "internal.feed_events_default"

    turn(session)

    assert places(session)[other] == "internal.feed_events_timeless"
    assert len({places(session)[early], places(session)[ahead], places(session)[other]}) == 3
    assert record(session, early, ahead, other, item=post) == 0


def test_a_week_goes_whole_when_all_of_it_is_past_its_days_and_never_counts_again(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    turn(session)
    event = made(dt.timedelta())
    record(session, event, item=post)

    turn(session, DAYS)
    assert event in places(session)
    turn(session, DAYS + 9)
    assert event not in places(session)
    with session.as_user(BOB):
        again = session.value(
            "select public.feed_record(%s, now())",
            msgspec.json.encode([{"event_id": str(made(dt.timedelta(days=DAYS + 1))), "item_id": str(post),
                                  "kind": "click"}]).decode(),
        )  # fmt: skip
    assert again == 0, "an event that old may have been counted, so it is not taken"


@pytest.mark.parametrize(
    ("event", "taken"),
    [
        (made(dt.timedelta(days=DAYS - 1)), 1),
        (made(dt.timedelta(days=DAYS + 1)), 0),
        (UUID("00000000-0000-7000-8000-000000000000"), 0),  # a clock that begins in 1970
        (made(dt.timedelta(days=-4000)), 1),  # one that is years ahead
        (uuid4(), 1),
        (UUID(int=(1 << 128) - 1), 1),
    ],
)
def test_ids_of_odd_times_and_versions_are_taken_once_or_not_at_all(
    session: Session, event: UUID, taken: int
) -> None:
    (post,) = publish(session.connection, ALICE)
    turn(session)

    assert [record(session, event, item=post), record(session, event, item=post)] == [taken, 0]


def test_events_of_no_week_are_deleted_past_their_days(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    old, ahead = of_no_time(), made(dt.timedelta(days=-4000))
    record(session, old, ahead, item=post)
    with session.as_role("service_role"):
        assert session.value("select public.feed_prune(now() + %s * interval '1 day')", DAYS - 1) == 0
        session.value("select public.feed_prune(now() + %s * interval '1 day')", DAYS + 1)

    assert places(session) == {}


def test_a_new_week_reads_none_of_the_events_that_name_no_time(session: Session) -> None:
    """Everybody's events wait while it is made, and a program whose ids are of version 4 has sent millions."""
    (post,) = publish(session.connection, ALICE)
    record(session, *(of_no_time() for _ in range(400)), item=post)
    assert read_in_order(session) == 0
    assert turn(session) == 3

    assert read_in_order(session) == 0
    assert len(places(session)) == 400


def test_only_programs_turn_the_weeks(session: Session) -> None:
    with session.as_user(BOB), session.refused("42501"):
        session.run("select public.feed_events_turn()")


def test_weeks_are_made_while_events_come_in(database: TestDatabase) -> None:
    """Nobody waits in a ring, and what was written before its table was there is in it."""
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 20)
    start = threading.Barrier(5)

    def send(_: int) -> int:
        recorded = 0
        with database.connect(BOB) as connection:
            start.wait(30)
            for _round in range(10):
                events: list[dict[str, Any]] = [
                    {"event_id": str(made(dt.timedelta())), "item_id": str(post), "kind": "click"}
                    for post in posts
                ]
                row = connection.execute(
                    "select public.feed_record(%s) as n", (msgspec.json.encode(events).decode(),)
                ).fetchone()
                recorded += row["n"] if row else 0
        return recorded

    def turn_weeks() -> int:
        with database.connect("service_role") as connection:
            start.wait(30)
            row = connection.execute("select public.feed_events_turn() as n").fetchone()
        return int(row["n"]) if row else 0

    with ThreadPoolExecutor(5) as pool:
        turned = pool.submit(turn_weeks)
        recorded = sum(pool.map(send, range(4)))

    assert turned.result() == 3
    with database.connect("owner") as owner:
        rows = owner.execute(
            "select count(*) as n, count(distinct tableoid) as places from public.feed_events"
        ).fetchone()
    assert recorded == 800
    assert rows == {"n": 800, "places": 1}
