"""Which ticks are due, in the schedule's own time zone."""

from __future__ import annotations

import datetime as dt

import pytest

from rambla.errors import Problem
from rambla.jobs.cron import Timetable, check, due, next_after


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def timetable(cron: str, *, last: str, now: str, timezone: str = "UTC", missed: str = "once") -> Timetable:
    return Timetable(name="t", cron=cron, timezone=timezone, missed=missed, last_tick=at(last), at=at(now))


def test_before_the_tick_nothing_is_due() -> None:
    assert due(timetable("0 * * * *", last="2026-01-01 09:00", now="2026-01-01 09:59:59")) == []


def test_at_the_tick_it_is_due() -> None:
    assert due(timetable("0 * * * *", last="2026-01-01 09:00", now="2026-01-01 10:00")) == [
        at("2026-01-01 10:00")
    ]


def test_a_tick_that_was_taken_is_not_due_again() -> None:
    assert due(timetable("0 * * * *", last="2026-01-01 10:00", now="2026-01-01 10:00:01")) == []


@pytest.mark.parametrize(("missed", "hours"), [("skip", []), ("once", [12]), ("all", [10, 11, 12])])
def test_what_was_missed_follows_the_policy(missed: str, hours: list[int]) -> None:
    table = timetable("0 * * * *", last="2026-01-01 09:00", now="2026-01-01 12:30", missed=missed)

    assert [tick.hour for tick in due(table)] == hours


def test_a_fresh_tick_is_not_missed() -> None:
    table = timetable("0 * * * *", last="2026-01-01 09:00", now="2026-01-01 12:00:30", missed="skip")

    assert due(table) == [at("2026-01-01 12:00")]


def test_years_of_missed_minutes_do_not_stop_the_clock() -> None:
    assert len(due(timetable("* * * * *", last="2016-01-01", now="2026-01-01", missed="all"))) == 1000
    assert due(timetable("* * * * *", last="2016-01-01", now="2026-01-01")) == [at("2026-01-01")]


def test_a_schedule_follows_its_own_midnight() -> None:
    table = timetable("0 0 * * *", last="2026-01-01 00:00", now="2026-01-01 23:30", timezone="Europe/Madrid")

    assert due(table) == [at("2026-01-01 23:00")]


def test_summer_time_moves_the_tick_in_utc_and_not_on_the_wall() -> None:
    winter = timetable("0 9 * * *", last="2026-03-28 00:00", now="2026-03-28 12:00", timezone="Europe/Madrid")
    summer = timetable("0 9 * * *", last="2026-03-29 00:00", now="2026-03-29 12:00", timezone="Europe/Madrid")

    assert (due(winter), due(summer)) == ([at("2026-03-28 08:00")], [at("2026-03-29 07:00")])


def test_an_hour_that_comes_twice_ticks_once() -> None:
    """2026-10-25 02:30 is there at 00:30 and at 01:30 UTC in Madrid."""
    table = timetable(
        "30 2 * * *", last="2026-10-24 12:00", now="2026-10-25 12:00", timezone="Europe/Madrid", missed="all"
    )

    assert due(table) == [at("2026-10-25 00:30")]


def test_what_ticks_every_hour_ticks_in_both() -> None:
    table = timetable(
        "30 * * * *", last="2026-10-25 00:00", now="2026-10-25 02:00", timezone="Europe/Madrid", missed="all"
    )

    assert due(table) == [at("2026-10-25 00:30"), at("2026-10-25 01:30")]


def test_an_hour_that_is_left_out_ticks_when_it_is_over() -> None:
    """2026-03-29 02:30 is not there in Madrid: at 02:00 it is 03:00."""
    table = timetable("30 2 * * *", last="2026-03-28 12:00", now="2026-03-29 12:00", timezone="Europe/Madrid")

    assert due(table) == [at("2026-03-29 01:00")]


def test_the_next_tick_is_told() -> None:
    table = timetable("*/15 * * * *", last="2026-01-01", now="2026-01-01")

    assert next_after(table, at("2026-01-01 10:07")) == at("2026-01-01 10:15")
    assert next_after(table, at("2026-01-01 10:15")) == at("2026-01-01 10:30")


@pytest.mark.parametrize("cron", ["61 * * * *", "whenever", ""])
def test_what_is_no_cron_expression_is_refused(cron: str) -> None:
    with pytest.raises(Problem, match="is not a cron expression"):
        check(cron, "UTC")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc", "America"])
def test_what_is_no_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(Problem, match="is not a time zone"):
        check("* * * * *", zone)
