"""When it is quiet: half-open windows of the wall clock, across midnight and across the change to summer time."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from conftest import Session
from people import ALICE
from sending import live_in, quiet

MON, TUE, WED, THU, FRI, SAT, SUN = (1 << day for day in range(7))
ALL = 127
ZONES = ["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


def until(session: Session, at: dt.datetime | str) -> dt.datetime | None:
    found: dt.datetime | None = session.value("select internal.notif_quiet_until(%s, %s)", ALICE.id, at)
    return found


@pytest.mark.parametrize(
    ("start", "end", "days", "local", "inside"),
    [
        # by day; 2026-03-13 is a Friday
        ("09:00", "17:00", ALL, "2026-03-13 08:59:59.999999", False),
        ("09:00", "17:00", ALL, "2026-03-13 09:00", True),
        ("09:00", "17:00", ALL, "2026-03-13 16:59:59.999999", True),
        ("09:00", "17:00", ALL, "2026-03-13 17:00", False),
        ("09:00", "17:00", SAT, "2026-03-13 12:00", False),
        # across midnight, where the mask means the day on which the window starts
        ("22:00", "08:00", ALL, "2026-03-13 21:59", False),
        ("22:00", "08:00", ALL, "2026-03-13 22:00", True),
        ("22:00", "08:00", ALL, "2026-03-14 00:00", True),
        ("22:00", "08:00", ALL, "2026-03-14 07:59", True),
        ("22:00", "08:00", ALL, "2026-03-14 08:00", False),
        ("22:00", "08:00", FRI, "2026-03-13 23:00", True),
        ("22:00", "08:00", FRI, "2026-03-14 02:00", True),
        ("22:00", "08:00", FRI, "2026-03-14 23:00", False),
        ("22:00", "08:00", SAT, "2026-03-14 02:00", False),
        ("22:00", "08:00", SUN, "2026-03-16 02:00", True),
        ("22:00", "08:00", MON, "2026-03-16 02:00", False),
        # the edges of the clock
        ("00:00", "08:00", FRI, "2026-03-13 00:00", True),
        ("22:00", "00:00", FRI, "2026-03-13 23:59:59", True),
        ("22:00", "00:00", FRI, "2026-03-14 00:00", False),
        ("00:00", "24:00", FRI, "2026-03-13 23:59:59", True),
        ("00:00", "24:00", FRI, "2026-03-14 00:00", False),
        ("10:00", "10:00", ALL, "2026-03-13 10:00", False),
        ("00:00", "00:00", ALL, "2026-03-13 12:00", False),
    ],
)
def test_a_moment_is_in_the_window_or_not(
    session: Session, start: str, end: str, days: int, local: str, *, inside: bool
) -> None:
    found = session.value(
        "select internal.notif_in_window(%s::timestamp, %s::time, %s::time, %s)", local, start, end, days
    )

    assert found is inside


@pytest.mark.parametrize(
    ("zone", "hours", "at", "ends"),
    [
        ("Europe/Berlin", ("22:00", "08:00"), "2026-03-10 22:00+00", "2026-03-11 07:00+00"),
        ("Asia/Kathmandu", ("22:00", "06:00"), "2026-03-10 16:15+00", "2026-03-11 00:15+00"),
        # the night of 29 March has one hour less, that of 25 October one more
        ("Europe/Berlin", ("22:00", "08:00"), "2026-03-28 22:00+00", "2026-03-29 06:00+00"),
        ("Europe/Berlin", ("22:00", "08:00"), "2026-10-24 21:00+00", "2026-10-25 07:00+00"),
        # 02:30 is skipped: it lies after the gap; 02:30 comes twice: the second
        ("Europe/Berlin", ("00:00", "02:30"), "2026-03-29 00:30+00", "2026-03-29 01:30+00"),
        ("Europe/Berlin", ("00:00", "02:30"), "2026-10-25 00:10+00", "2026-10-25 01:30+00"),
        # a midnight that does not exist, and a change of half an hour
        ("America/Santiago", ("20:00", "00:00"), "2026-09-06 03:00+00", "2026-09-06 04:00+00"),
        ("Australia/Lord_Howe", ("22:00", "08:00"), "2026-04-04 12:00+00", "2026-04-04 21:30+00"),
    ],
)
def test_the_end_of_the_night_is_told_by_the_wall_clock(
    session: Session, zone: str, hours: tuple[str, str], at: str, ends: str
) -> None:
    quiet(session.connection, ALICE, hours, zone=zone)

    assert until(session, at) == dt.datetime.fromisoformat(ends)


def test_it_is_quiet_again_when_the_clock_goes_back_into_the_window(session: Session) -> None:
    quiet(session.connection, ALICE, ("00:00", "02:30"), zone="Europe/Berlin")

    assert until(session, "2026-10-25 00:29+00") is not None
    assert until(session, "2026-10-25 00:45+00") is None
    assert until(session, "2026-10-25 01:15+00") is not None
    assert until(session, "2026-10-25 01:30+00") is None


def test_without_a_zone_of_their_own_quiet_hours_follow_the_profile(session: Session) -> None:
    quiet(session.connection, ALICE, ("22:00", "08:00"))
    session.run("update notification_quiet_hours set timezone = null")
    live_in(session.connection, ALICE, "Asia/Kathmandu")

    assert until(session, "2026-03-10 16:15+00") is not None
    assert until(session, "2026-03-10 16:14+00") is None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    zone=st.sampled_from(ZONES),
    at=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(dt.UTC)),  # noqa: DTZ001 - the strategy adds the zone
    start=st.times(),
    end=st.times(),
    days=st.integers(1, 127),
)
def test_the_database_and_a_second_opinion_agree(
    session: Session, zone: str, at: dt.datetime, start: dt.time, end: dt.time, days: int
) -> None:
    """Python's own time zones and a rule written the other way round: walk the windows and look inside."""
    quiet(session.connection, ALICE, (str(start), str(end)), days=days, zone=zone)
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    windows = [
        (dt.datetime.combine(day, start), dt.datetime.combine(day + dt.timedelta(days=end < start), end))
        for day in (wall.date() - dt.timedelta(days=1), wall.date())
        if days >> day.weekday() & 1
    ]
    expected = any(begins <= wall < ends for begins, ends in windows)
    found = until(session, at)

    assert (found is not None) is expected
    assert found is None or found > at
