"""Jobs for operators: figures, lists, dead letters, one job with everything that became of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect
from msgspec.structs import asdict

from rambla.auth import viewer as viewers
from rambla.auth.guards import admin
from rambla.jobs import board
from rambla.jobs.api import DEAD, JOBS
from rambla.jobs.types import DeadFilter, Filter, Matching, Queued
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")
AnyRequest = Request[Any, Any, Any]

BOARD: Final = "/admin/jobs"
DEAD_LETTERS: Final = "/admin/jobs/dead-letters"
SCHEDULES: Final = "/admin/jobs/schedules"
_PAGE: Final = 25
_DEAD: Final = 10

Cursor = Annotated[str | None, QueryParameter(max_length=120)]


@get(BOARD, guards=[admin], include_in_schema=False, dependencies=JOBS)
async def show_board(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, which: Filter, cursor: Cursor = None
) -> Response[bytes]:
    """The dashboard; the filter stands in the address, so that a view can be sent to somebody."""
    async with db.transaction(caller, read_only=True) as tx:
        view: dict[str, Any] = {
            "board": await board.read_board(tx),
            "jobs": await board.read_jobs(tx, which, cursor=cursor, limit=_PAGE),
            "dead": await board.read_dead_letters(tx, DeadFilter(), cursor=None, limit=_DEAD),
        }
        viewer = await viewers.load(tx)
    return pages.render(
        request, "jobs/board.html", viewer=viewer, block="live",
        which=which, count=board.count, oldest=board.oldest, here=_address(BOARD, which), cursor=cursor, **view,
    )  # fmt: skip


@get("/admin/workers", guards=[admin], include_in_schema=False)
async def show_workers() -> Redirect:
    """Where the dashboard is also looked for."""
    return Redirect(BOARD, status_code=301)


@get(DEAD_LETTERS, guards=[admin], include_in_schema=False, dependencies=DEAD)
async def show_dead_letters(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, which: DeadFilter, cursor: Cursor = None
) -> Response[bytes]:
    """The dead letters of a filter and how many they are, before anybody runs them again."""
    async with db.transaction(caller, read_only=True) as tx:
        dead = await board.read_dead_letters(tx, which, cursor=cursor, limit=_PAGE)
        everything = DeadFilter(all=True) if which == DeadFilter() else which
        matching = await tx.one(Matching, sql.redrive_count, filter=board.as_json(everything))
        viewer = await viewers.load(tx)
    return pages.render(
        request, "jobs/dead_letters.html", viewer=viewer, dead=dead, first=cursor is None, which=which,
        letters=matching.letters, here=_address(DEAD_LETTERS, which),
        again=_address(f"{DEAD_LETTERS}/redrives", everything),
    )  # fmt: skip


@post(f"{DEAD_LETTERS}/redrives", guards=[admin], include_in_schema=False, dependencies=DEAD)
async def redrive_all(caller: Caller, db: Database, which: DeadFilter) -> Redirect:
    """Run the dead letters of a filter again; the page of the job that does it shows how far it is."""
    async with db.transaction(caller) as tx:
        queued = await tx.one(Queued, sql.redrive_all, filter=board.as_json(which))
    return _to_job(queued.id)


@get(SCHEDULES, guards=[admin], include_in_schema=False)
async def show_schedules(request: AnyRequest, caller: Caller, db: Database, pages: Pages) -> Response[bytes]:
    """What comes by the clock, and when next."""
    async with db.transaction(caller, read_only=True) as tx:
        schedules = await board.read_schedules(tx)
        viewer = await viewers.load(tx)
    return pages.render(request, "jobs/schedules.html", viewer=viewer, schedules=schedules)


@post(f"{SCHEDULES}/{{name:str}}/runs", guards=[admin], include_in_schema=False)
async def run_schedule(name: str, caller: Caller, db: Database) -> Redirect:
    """Enqueue the job of a schedule now."""
    async with db.transaction(caller) as tx:
        queued = await tx.one(Queued, sql.schedule_run, name=name)
    return _to_job(queued.id)


@post(f"{SCHEDULES}/{{name:str}}/pause", guards=[admin], include_in_schema=False)
async def pause_schedule(name: str, caller: Caller, db: Database) -> Redirect:
    """Stop the ticks of a schedule."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.schedule_pause, name=name, reason="paused on its page")
    return Redirect(SCHEDULES, status_code=303)


@post(f"{SCHEDULES}/{{name:str}}/resumption", guards=[admin], include_in_schema=False)
async def resume_schedule(name: str, caller: Caller, db: Database) -> Redirect:
    """Let a schedule tick again."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.schedule_resume, name=name)
    return Redirect(SCHEDULES, status_code=303)


@get("/admin/jobs/{job_id:int}", guards=[admin], include_in_schema=False)
async def show_job(
    request: AnyRequest, job_id: int, caller: Caller, db: Database, pages: Pages
) -> Response[bytes]:
    """One job: where it stands and why, its payload, and every attempt that did not complete."""
    async with db.transaction(caller, read_only=True) as tx:
        job = await board.read_job(tx, job_id)
        viewer = await viewers.load(tx)
    return pages.render(request, "jobs/job.html", viewer=viewer, block="job", job=job)


@post("/admin/jobs/{job_id:int}/retries", guards=[admin], include_in_schema=False)
async def retry(job_id: int, caller: Caller, db: Database) -> Redirect:
    """Run a job now, also a dead letter."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.retry, id=job_id)
    return _to_job(job_id)


@post("/admin/jobs/{job_id:int}/cancellation", guards=[admin], include_in_schema=False)
async def cancel(job_id: int, caller: Caller, db: Database) -> Redirect:
    """Cancel a job that waits or runs."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.cancel, id=job_id, reason="cancelled on its page")
    return _to_job(job_id)


def _to_job(job_id: int) -> Redirect:
    return Redirect(f"/admin/jobs/{job_id}", status_code=303)


def _address(path: str, which: Filter | DeadFilter) -> str:
    named = {
        ("type" if name == "job_type" else name): value for name, value in asdict(which).items() if value
    }
    texts = {
        name: value.isoformat()
        if isinstance(value, dt.datetime)
        else str(value).lower()
        if value is True
        else value
        for name, value in named.items()
    }
    return f"{path}?{urlencode(texts)}" if texts else path


HANDLERS = [
    show_board, show_workers, show_dead_letters, redrive_all, show_schedules, run_schedule, pause_schedule,
    resume_schedule, show_job, retry, cancel,
]  # fmt: skip
