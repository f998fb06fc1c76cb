"""Jobs for operators: figures, lists, dead letters, one job with everything that became of it."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from rambla.auth import viewer as viewers
from rambla.auth.guards import admin
from rambla.jobs import board
from rambla.jobs.types import Filter
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")
AnyRequest = Request[Any, Any, Any]

BOARD: Final = "/admin/jobs"
_PAGE: Final = 25
_DEAD: Final = 10

Status = Annotated[str | None, QueryParameter(pattern="^(|pending|running|completed|cancelled)$")]
Cursor = Annotated[str | None, QueryParameter(max_length=120)]


@get(BOARD, guards=[admin], include_in_schema=False)
async def show_board(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    pages: Pages,
    status: Status = None,
    type_: Annotated[str | None, QueryParameter(name="type")] = None,
    queue: str | None = None,
    cursor: Cursor = None,
) -> Response[bytes]:
    """The dashboard; the filter stands in the address, so that a view can be sent to somebody."""
    which = Filter(status=status or None, type=type_ or None, queue=queue or None)  # type: ignore[arg-type]  # the pattern is the literal's
    async with db.transaction(caller, read_only=True) as tx:
        view: dict[str, Any] = {
            "board": await board.read_board(tx),
            "jobs": await board.read_jobs(tx, which, cursor=cursor, limit=_PAGE),
            "dead": await board.read_dead_letters(tx, Filter(), cursor=None, limit=_DEAD),
        }
        viewer = await viewers.load(tx)
    return pages.render(
        request, "jobs/board.html", viewer=viewer, block="live",
        which=which, count=board.count, oldest=board.oldest, here=_address(which), cursor=cursor, **view,
    )  # fmt: skip


@get("/admin/workers", guards=[admin], include_in_schema=False)
async def show_workers() -> Redirect:
    """Where the dashboard is also looked for."""
    return Redirect(BOARD, status_code=301)


@get("/admin/jobs/dead-letters", guards=[admin], include_in_schema=False)
async def show_dead_letters(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, cursor: Cursor = None
) -> Response[bytes]:
    """All of the dead letters, page by page."""
    async with db.transaction(caller, read_only=True) as tx:
        dead = await board.read_dead_letters(tx, Filter(), cursor=cursor, limit=_PAGE)
        viewer = await viewers.load(tx)
    return pages.render(request, "jobs/dead_letters.html", viewer=viewer, dead=dead, first=cursor is None)


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


def _address(which: Filter) -> str:
    chosen = {name: value for name in which.__struct_fields__ if (value := getattr(which, name))}
    return f"{BOARD}?{urlencode(chosen)}" if chosen else BOARD


HANDLERS = [show_board, show_workers, show_dead_letters, show_job, retry, cancel]
