"""Which ticks of a schedule are due."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter
from msgspec import Struct

from rambla.errors import Problem

FRESH: Final = dt.timedelta(minutes=1)  # a tick this young was not missed
_MOST: Final = 1000


class Timetable(Struct, frozen=True, kw_only=True):
    """A row of worker_schedules, with the database's time."""

    name: str
    cron: str
    timezone: str
    missed: str
    last_tick: dt.datetime
    at: dt.datetime


def check(cron: str, timezone: str) -> None:
    """Refuse what no clock can follow."""
    if not croniter.is_valid(cron):
        raise Problem("invalid_value", f"{cron!r} is not a cron expression.")
    _zone(timezone)


def due(table: Timetable) -> list[dt.datetime]:
    """Ticks to enqueue now, oldest first."""
    if table.missed == "all":
        return _since(table)
    last = next_after(table, table.at, backwards=True)
    if last <= table.last_tick or (table.missed == "skip" and table.at - last > FRESH):
        return []
    return [last]


def next_after(table: Timetable, moment: dt.datetime, *, backwards: bool = False) -> dt.datetime:
    """The first tick after ``moment``, or the last one that is not after it."""
    zone = _zone(table.timezone)
    start = moment + dt.timedelta(microseconds=1) if backwards else moment
    ticks = croniter(table.cron, start.astimezone(zone))
    while True:
        tick: dt.datetime = ticks.get_prev(dt.datetime) if backwards else ticks.get_next(dt.datetime)
        tick = tick.astimezone(dt.UTC)
        if not tick.astimezone(zone).fold or _every_hour(table.cron):
            return tick
        # The hour comes a second time when clocks go back; what names its hour has ticked in the first.


def following(table: Timetable, ticks: int) -> list[dt.datetime]:
    """The next so many."""
    found: list[dt.datetime] = []
    moment = table.at
    for _ in range(ticks):
        moment = next_after(table, moment)
        found.append(moment)
    return found


def _every_hour(cron: str) -> bool:
    fields = cron.split()
    return cron == "@hourly" or (len(fields) > 1 and "*" in fields[1])


def _since(table: Timetable) -> list[dt.datetime]:
    ticks: list[dt.datetime] = []
    tick = next_after(table, table.last_tick)
    while tick <= table.at and len(ticks) < _MOST:
        ticks.append(tick)
        tick = next_after(table, tick)
    return ticks


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last for "America", which is a folder of zones
        raise Problem("unknown_timezone", f"{name!r} is not a time zone.") from None
