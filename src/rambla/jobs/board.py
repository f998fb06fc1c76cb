"""Reading the queue for people and programs; the caller is an admin or the service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final

import msgspec
from msgspec import Struct, structs

from rambla.errors import Problem
from rambla.jobs import cron
from rambla.jobs.cron import Timetable
from rambla.jobs.types import (
    Board,
    DeadFilter,
    Filter,
    Job,
    JobDetail,
    Limit,
    Page,
    Pause,
    ScheduleDetail,
    ScheduleRow,
    Tally,
    WorkerProcess,
)
from rambla.kit import cursors
from rambla.kit.db import Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")


TICKS: Final = 3  # that a schedule shows ahead


class Older(Struct, frozen=True, array_like=True, tag="jobs"):
    id: int


class DiedBefore(Struct, frozen=True, array_like=True, tag="dead-letters"):
    at: dt.datetime
    id: int


async def read_board(tx: Transaction) -> Board:
    return Board(
        tallies=await tx.all(Tally, sql.stats),
        workers=await tx.all(WorkerProcess, sql.workers),
        pauses=await tx.all(Pause, sql.pauses),
        limits=await tx.all(Limit, sql.limits),
    )


async def read_jobs(tx: Transaction, which: Filter, *, cursor: str | None, limit: int) -> Page:
    after = cursors.decode(cursor, Older)
    jobs = await tx.all(
        Job, sql.jobs, before=after.id if after else None, limit=limit + 1, **structs.asdict(which)
    )
    return _page(jobs, limit, lambda job: Older(job.id))


async def read_dead_letters(tx: Transaction, which: DeadFilter, *, cursor: str | None, limit: int) -> Page:
    after = cursors.decode(cursor, DiedBefore)
    jobs = await tx.all(
        Job,
        sql.dead_letters,
        died_at=after.at if after else None,
        before=after.id if after else None,
        limit=limit + 1,
        **structs.asdict(which),
    )
    return _page(jobs, limit, lambda job: DiedBefore(job.finished_at or job.created_at, job.id))


async def read_schedules(tx: Transaction) -> list[ScheduleDetail]:
    rows = await tx.all(ScheduleRow, sql.all_schedules)
    tables = {table.name: table for table in await tx.all(Timetable, sql.schedules)}
    return [
        ScheduleDetail(**structs.asdict(row), next_ticks=_next_ticks(tables.get(row.name))) for row in rows
    ]


async def read_job(tx: Transaction, job_id: int) -> JobDetail:
    return await tx.one(JobDetail, sql.job, id=job_id)


def count(tallies: Iterable[Tally], state: str) -> int:
    return sum(tally.jobs for tally in tallies if tally.state == state)


def oldest(tallies: Iterable[Tally], state: str) -> dt.datetime | None:
    moments = [tally.oldest_at for tally in tallies if tally.state == state and tally.oldest_at]
    return min(moments, default=None)


def as_json(which: DeadFilter) -> str:
    return msgspec.json.encode(which).decode()


def _next_ticks(table: Timetable | None) -> list[dt.datetime]:
    if table is None:
        return []
    try:
        return cron.following(table, TICKS)
    except (Problem, ValueError):  # a row that somebody edited; its clock stands still and says so in the log
        return []


def _page(jobs: list[Job], limit: int, mark: Callable[[Job], Struct]) -> Page:
    more = len(jobs) > limit
    return Page(items=jobs[:limit], next_cursor=cursors.encode(mark(jobs[limit - 1])) if more else None)
