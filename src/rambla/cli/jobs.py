"""``rambla jobs``: the queue from a terminal. Each command is one function of the SQL contract."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import msgspec
from cyclopts import App, Parameter

from rambla.cli.flags import Flags, settings_from
from rambla.errors import Problem
from rambla.instance import instance
from rambla.jobs import board
from rambla.jobs.types import (
    DeadFilter,
    Enqueued,
    Filter,
    Job,
    JobDetail,
    Matching,
    Queued,
    ScheduleDetail,
    Scope,
)
from rambla.kit.db import SERVICE, Database, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")
T = TypeVar("T")

Type = Annotated[str | None, Parameter(name="--type", help="Only of this job type.")]
Queue = Annotated[str | None, Parameter(help="Only of this queue.")]
Tag = Annotated[str | None, Parameter(help="Only with this tag.")]
Whose = Annotated[Scope, Parameter(help="Whether the name is that of a queue or of a job type.")]
Reason = Annotated[str, Parameter(help="Why; the audit log keeps it.")]


@dataclass(frozen=True, kw_only=True)
class Letters:
    """Which dead letters are meant, as flags."""

    type_: Type = None
    queue: Queue = None
    tag: Tag = None
    error: Annotated[str | None, Parameter(help="Only with this in the last error.")] = None
    died_from: Annotated[dt.datetime | None, Parameter(help="Only those that died then or later; UTC.")] = (
        None
    )
    died_until: Annotated[dt.datetime | None, Parameter(help="Only those that died until then; UTC.")] = None
    all_: Annotated[bool, Parameter(name="--all", negative="", help="All dead letters.")] = False

    @property
    def filter(self) -> DeadFilter:
        return DeadFilter(
            job_type=self.type_, queue=self.queue, tag=self.tag, error=self.error,
            died_from=_utc(self.died_from), died_until=_utc(self.died_until), all=self.all_,
        )  # fmt: skip


app = App(name="jobs", help="Look into the queue and decide about its jobs.")
schedules = App(name="schedules", help="Jobs that come by the clock.")
app.command(schedules)


@app.command(name="list")
def list_(
    flags: Flags = None,
    *,
    status: Annotated[str | None, Parameter(help="pending, running, completed, cancelled or dead.")] = None,
    type_: Type = None,
    queue: Queue = None,
    tag: Tag = None,
    limit: int = 50,
) -> None:
    """Print jobs, newest first, a line each: id, status, type, queue, attempts, when, last error."""

    async def read(tx: Transaction) -> list[Job]:
        if status == "dead":
            dead = DeadFilter(job_type=type_, queue=queue, tag=tag)
            return (await board.read_dead_letters(tx, dead, cursor=None, limit=limit)).items
        alive = Filter(status=_status(status), type=type_, queue=queue, tag=tag)
        return (await board.read_jobs(tx, alive, cursor=None, limit=limit)).items

    for job in _with_queue(flags, read):
        print(_line(job))


@app.command
def show(job_id: int, flags: Flags = None) -> None:
    """Print one job as JSON: payload, result, history, and why it is not running."""
    job = _with_queue(flags, lambda tx: board.read_job(tx, job_id))
    print(msgspec.json.format(msgspec.json.encode(job)).decode())


@app.command
def run(
    job_type: str,
    payload: Annotated[str, Parameter(help="A JSON object.")] = "{}",
    flags: Flags = None,
    *,
    queue: str = "default",
    key: Annotated[str | None, Parameter(help="Idempotency key: the same one is the same job.")] = None,
    tag: Annotated[list[str] | None, Parameter(help="May be given several times.")] = None,
) -> None:
    """Enqueue a job and print its id."""
    row = {
        "job_type": job_type, "payload": _object(payload), "queue": queue, "idempotency_key": key, "tags": tag or [],
    }  # fmt: skip
    jobs = msgspec.json.encode([row]).decode()
    print(_with_queue(flags, lambda tx: tx.one(Enqueued, sql.enqueue_many, jobs=jobs)).id)


@app.command
def retry(job_id: int, flags: Flags = None) -> None:
    """Run a job now: one that waits, was cancelled, or is a dead letter."""
    print(_line(_change(flags, sql.retry, job_id)))


@app.command
def cancel(job_id: int, flags: Flags = None, *, reason: Reason = "") -> None:
    """Cancel a job that waits or runs."""
    print(_line(_change(flags, sql.cancel, job_id, reason=reason)))


@app.command
def redrive(
    job_id: int | None = None,
    flags: Flags = None,
    *,
    letters: Annotated[Letters | None, Parameter(name="*")] = None,
    dry_run: Annotated[bool, Parameter(negative="", help="Only say how many it would be.")] = False,
) -> None:
    """Put a dead letter back into the queue, or those that a filter means, by a job whose id it prints."""
    if job_id is not None:
        print(_line(_change(flags, sql.redrive, job_id)))
        return
    which = board.as_json((letters or Letters()).filter)
    matching = _with_queue(flags, lambda tx: tx.one(Matching, sql.redrive_count, filter=which))
    if dry_run:
        print(f"{matching.letters} dead letters")
        return
    queued = _with_queue(flags, lambda tx: tx.one(Queued, sql.redrive_all, filter=which))
    print(f"{matching.letters} dead letters, by job {queued.id}")


@app.command
def pause(name: str, flags: Flags = None, *, scope: Whose = "queue", reason: Reason = "") -> None:
    """Stop claims from a queue, or of a type with --scope type; what runs goes on."""
    _with_queue(flags, lambda tx: tx.run(sql.pause, name=name, scope=scope, reason=reason))


@app.command
def resume(name: str, flags: Flags = None, *, scope: Whose = "queue") -> None:
    """Let workers claim from a queue, or of a type, again."""
    _with_queue(flags, lambda tx: tx.run(sql.resume, name=name, scope=scope))


@schedules.command(name="list")
def schedules_list(flags: Flags = None) -> None:
    """Print schedules, a line each: name, expression, time zone, job type, next tick or since when paused."""
    for schedule in _with_queue(flags, board.read_schedules):
        print(_schedule_line(schedule))


@schedules.command(name="run")
def schedules_run(name: str, flags: Flags = None) -> None:
    """Enqueue the job of a schedule now and print its id."""
    print(_with_queue(flags, lambda tx: tx.one(Queued, sql.schedule_run, name=name)).id)


@schedules.command(name="pause")
def schedules_pause(name: str, flags: Flags = None, *, reason: Reason = "") -> None:
    """Stop the ticks of a schedule."""
    _with_queue(flags, lambda tx: tx.run(sql.schedule_pause, name=name, reason=reason))


@schedules.command(name="resume")
def schedules_resume(name: str, flags: Flags = None) -> None:
    """Let a schedule tick again, from now on."""
    _with_queue(flags, lambda tx: tx.run(sql.schedule_resume, name=name))


def _with_queue(flags: Flags, act: Callable[[Transaction], Awaitable[T]]) -> T:
    """One transaction as the service."""

    async def do(owner_url: str) -> T:
        async with Database.opened(owner_url, size=1) as db, db.transaction(SERVICE) as tx:
            return await act(tx)

    with instance(settings_from(flags)) as here:
        return asyncio.run(do(here.owner_url))


def _change(flags: Flags, query: Any, job_id: int, **params: Any) -> JobDetail:
    async def do(tx: Transaction) -> JobDetail:
        await tx.run(query, id=job_id, **params)
        return await board.read_job(tx, job_id)

    return _with_queue(flags, do)


def _line(job: Job) -> str:
    when = job.next_run_at if job.status == "pending" else job.finished_at or job.started_at or job.created_at
    error = (job.last_error or "").partition("\n")[0]
    return (
        f"{job.id}  {job.status}  {job.job_type}  {job.queue}  {job.attempts}/{job.max_attempts}"
        f"  {when.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}  {error}"
    ).rstrip()


def _schedule_line(schedule: ScheduleDetail) -> str:
    if schedule.paused_at:
        state = f"paused since {schedule.paused_at:%Y-%m-%dT%H:%MZ} {schedule.pause_reason or ''}".rstrip()
    else:
        state = (
            f"next {schedule.next_ticks[0]:%Y-%m-%dT%H:%MZ}"
            if schedule.next_ticks
            else "no clock can follow it"
        )
    return f"{schedule.name}  {schedule.cron}  {schedule.timezone}  {schedule.job_type}  {state}"


def _status(text: str | None) -> Any:
    if text not in (None, "pending", "running", "completed", "cancelled"):
        raise Problem(
            "invalid_input", f"There is no status {text}: pending, running, completed, cancelled or dead."
        )
    return text


def _object(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Problem("invalid_input", f"The payload is not a JSON object: {error}.") from None


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=dt.UTC) if moment and moment.tzinfo is None else moment
