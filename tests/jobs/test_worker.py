"""A worker and what handlers may do in it."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from msgspec import Struct

from conftest import TestDatabase
from jobs.conftest import Working, becomes, until
from queueing import Connection, dead_letter, enqueue, insert, job
from rambla.errors import Problem
from rambla.jobs import claims, heart, worker
from rambla.jobs.context import JobContext
from rambla.jobs.outcomes import Cancel, Snooze
from rambla.jobs.registry import Backoff, Registry, Schedule
from rambla.jobs.tasks import TASKS
from rambla.kit.queries import Query


class Word(Struct, frozen=True, kw_only=True):
    text: str = ""


class Greeting(Struct, frozen=True, kw_only=True):
    name: str


class Number(Struct, frozen=True, kw_only=True):
    n: int


@pytest.fixture
def registry() -> Registry:
    return Registry()


async def test_a_job_runs_and_its_answer_is_kept(
    working: Working, service: Connection, registry: Registry
) -> None:
    @registry.job("greet")
    async def greet(_job: JobContext, greeting: Greeting) -> dict[str, str]:
        return {"said": f"Hello, {greeting.name}"}

    job_id = insert(service, job_type="greet", payload='{"name": "Alice"}')
    async with working(registry):
        await becomes(service, job_id, "completed")

    assert job(service, job_id)["result"] == {"said": "Hello, Alice"}


async def test_a_plain_function_runs_in_a_thread(
    working: Working, service: Connection, registry: Registry
) -> None:
    threads = []

    @registry.job("plain")
    def plain(_job: JobContext, _payload: Number) -> int:
        threads.append(threading.current_thread())
        time.sleep(0.05)
        return 7

    ids = [insert(service, job_type="plain", payload='{"n": 1}') for _ in range(3)]
    async with working(registry):
        for job_id in ids:
            await becomes(service, job_id, "completed")

    assert job(service, ids[0])["result"] == 7
    assert threading.main_thread() not in threads


async def test_a_failure_keeps_the_error_and_waits(working: Working, service: Connection) -> None:
    job_id = insert(service, job_type="poison_test", payload='{"fail": true}')
    async with working(TASKS):
        await until(lambda: job(service, job_id)["last_error"] is not None)
    row = job(service, job_id)

    assert (row["status"], row["attempts"]) == ("pending", 1)
    assert row["last_error"].startswith("rambla.jobs.tasks.Poisoned: The payload asked to fail")
    assert "in poison_test" in row["last_error"]
    assert (row["next_run_at"] - row["started_at"]).total_seconds() == pytest.approx(60, abs=5)


async def test_poison_ends_in_the_dead_letters(
    working: Working, service: Connection, registry: Registry
) -> None:
    @registry.job("poison", max_attempts=3, backoff=Backoff(base=0))
    async def poison(_job: JobContext, _payload: Word) -> None:
        raise ValueError("never")

    job_id = insert(service, job_type="poison", max_attempts=3)
    async with working(registry):
        await becomes(service, job_id, "dead")
    dead = dead_letter(service, job_id)

    assert dead is not None
    assert [entry["attempt"] for entry in dead["history"]] == [1, 2, 3]


async def test_poison_with_fail_false_is_no_poison(working: Working, service: Connection) -> None:
    job_id = insert(service, job_type="poison_test", payload='{"fail": false}')
    async with working(TASKS):
        await becomes(service, job_id, "completed")


async def test_a_payload_that_does_not_fit_is_not_tried_again(working: Working, service: Connection) -> None:
    job_id = insert(service, job_type="sleep", payload='{"seconds": "long"}')
    async with working(TASKS):
        await becomes(service, job_id, "dead")
    dead = dead_letter(service, job_id)

    assert dead is not None
    assert "$.seconds" in dead["last_error"]


async def test_an_unknown_type_is_tried_again_by_whoever_knows_it(
    working: Working, service: Connection
) -> None:
    job_id = insert(service, job_type="from_the_next_release")
    async with working(TASKS):
        await until(lambda: job(service, job_id)["last_error"] is not None)

    assert job(service, job_id)["status"] == "pending"
    assert "from_the_next_release" in job(service, job_id)["last_error"]


async def test_an_error_that_no_retry_mends(
    working: Working, service: Connection, registry: Registry
) -> None:
    @registry.job("look_up", no_retry=(LookupError,))
    async def look_up(_job: JobContext, _payload: Word) -> None:
        raise KeyError("the user is gone")

    job_id = insert(service, job_type="look_up")
    async with working(registry):
        await becomes(service, job_id, "dead")


async def test_a_snooze_is_no_attempt(working: Working, service: Connection, registry: Registry) -> None:
    runs = []

    @registry.job("patient", max_attempts=1)
    async def patient(job: JobContext, _payload: Word) -> None:
        runs.append(job.attempt)
        if len(runs) < 3:
            raise Snooze(0)

    job_id = insert(service, job_type="patient", max_attempts=1)
    async with working(registry):
        await becomes(service, job_id, "completed")

    assert runs == [1, 1, 1]


async def test_a_handler_cancels_its_own_job(
    working: Working, service: Connection, registry: Registry
) -> None:
    @registry.job("pointless")
    async def pointless(_job: JobContext, _payload: Word) -> None:
        raise Cancel("the order was refunded")

    job_id = insert(service, job_type="pointless")
    async with working(registry):
        await becomes(service, job_id, "cancelled")

    assert job(service, job_id)["last_error"] == "the order was refunded"


async def test_a_handler_that_outlives_its_timeout_is_stopped(
    working: Working, service: Connection, registry: Registry
) -> None:
    cleaned_up = []

    @registry.job("slow", timeout=0.1)
    async def slow(_job: JobContext, _payload: Word) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cleaned_up.append(True)

    job_id = insert(service, job_type="slow")
    after = insert(service, job_type="noop")
    async with working(Registry(registry, TASKS), concurrency=1):
        await until(lambda: job(service, job_id)["last_error"] is not None)
        await becomes(service, after, "completed")

    assert cleaned_up == [True]
    assert [entry["outcome"] for entry in job(service, job_id)["history"]] == ["timed_out"]


async def test_a_thread_that_outlives_its_timeout_keeps_nobody_waiting(
    working: Working, service: Connection, registry: Registry
) -> None:
    release = threading.Event()
    told = []

    @registry.job("stuck", timeout=0.1)
    def stuck(job: JobContext, _payload: Word) -> None:
        release.wait(20)
        told.append(job.interrupted)

    job_id, after = insert(service, job_type="stuck"), insert(service, job_type="noop")
    async with working(Registry(registry, TASKS), concurrency=1):
        await until(lambda: job(service, job_id)["last_error"] is not None)
        await becomes(service, after, "completed")
    release.set()
    await until(lambda: told == [True])


async def test_writes_and_completion_commit_together(
    working: Working, service: Connection, registry: Registry
) -> None:
    @registry.job("write")
    async def write(job: JobContext, _payload: Word) -> None:
        async with job.transaction() as tx:
            await tx.run(Query("select public.worker_enqueue('noop', '{}', 'effect')"))

    job_id = insert(service, job_type="write")
    async with working(registry):
        await becomes(service, job_id, "completed")

    assert service.execute(
        "select count(*) as n from worker_jobs where idempotency_key = 'effect'"
    ).fetchone() == {"n": 1}


async def test_writes_of_a_run_that_lost_its_job_are_rolled_back(
    working: Working, service: Connection, registry: Registry
) -> None:
    refused = []

    @registry.job("late")
    async def late(job: JobContext, _payload: Word) -> None:
        try:
            async with job.transaction() as tx:
                await tx.run(Query("select public.worker_enqueue('noop', '{}', 'effect')"))
                # In a thread: it may have to wait for a sweep of this worker, which needs the loop to end.
                await asyncio.to_thread(service.execute, "select public.worker_cancel(%s)", (job.id,))
        except Problem as problem:
            refused.append(problem.code)
            raise

    job_id = insert(service, job_type="late")
    async with working(registry):
        await until(lambda: bool(refused))

    assert refused == ["lease_lost"]
    assert service.execute(
        "select count(*) as n from worker_jobs where idempotency_key = 'effect'"
    ).fetchone() == {"n": 0}
    assert job(service, job_id)["status"] == "cancelled"


async def test_a_handler_says_how_far_it_is(
    working: Working, service: Connection, registry: Registry
) -> None:
    @registry.job("long")
    async def long(job: JobContext, _payload: Word) -> None:
        await job.progress(40, "resizing")
        await asyncio.sleep(0.3)

    job_id = insert(service, job_type="long")
    async with working(registry):
        await until(lambda: job(service, job_id)["progress"] == 40)
        await becomes(service, job_id, "completed")


async def test_a_cancelled_run_is_stopped_at_the_next_beat(
    working: Working, service: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heart, "INTERVAL", 0.1)
    job_id, after = (insert(service, job_type="sleep", payload=f'{{"seconds": {s}}}') for s in (60, 0))
    async with working(TASKS, concurrency=1):
        await becomes(service, job_id, "running")
        service.execute("select public.worker_cancel(%s)", (job_id,))
        await becomes(service, after, "completed")

    assert job(service, job_id)["status"] == "cancelled"


async def test_a_result_that_cannot_be_stored_harms_no_other_job(
    working: Working, service: Connection, registry: Registry
) -> None:
    @registry.job("echo")
    async def echo(_job: JobContext, payload: Word) -> str:
        return payload.text or "\x00"

    bad, good = insert(service, job_type="echo"), insert(service, job_type="echo", payload='{"text": "fine"}')
    async with working(registry):
        await becomes(service, good, "completed")
        await becomes(service, bad, "dead")


async def test_an_enqueue_wakes_an_idle_worker(
    working: Working, service: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "POLL", 3600)
    async with working(TASKS):
        first = enqueue(service)
        await becomes(service, first, "completed")
        second = enqueue(service)
        await becomes(service, second, "completed")


async def test_without_notifications_the_poll_finds_the_job(
    working: Working, service: Connection, database: TestDatabase
) -> None:
    with database.connect("owner") as owner:
        owner.execute("alter table public.worker_jobs disable trigger worker_jobs_arrived")
    insert(service)  # its lane is not known yet
    with database.connect("owner") as owner:
        owner.execute("insert into public.worker_lanes values ('default', 0) on conflict do nothing")
    async with working(TASKS):
        job_id = insert(service)
        await becomes(service, job_id, "completed")


async def test_a_schedule_in_code_enqueues_at_its_tick(
    working: Working, service: Connection, registry: Registry
) -> None:
    ran = []

    @registry.job("minutely")
    async def minutely(_job: JobContext, payload: Word) -> None:
        ran.append(payload.text)

    registry.schedule(Schedule(name="every-minute", cron="* * * * *", payload=Word(text="tick")))
    async with working(registry):
        await until(lambda: service.execute("select from worker_schedules").fetchone() is not None)
    with_an_older_tick = "update worker_schedules set last_tick = now() - interval '1 hour'"
    service.execute(with_an_older_tick)
    async with working(registry):
        await until(lambda: "tick" in ran)


async def test_a_schedule_that_no_clock_can_follow_stops_the_worker_at_its_start(
    database: TestDatabase, registry: Registry
) -> None:
    @registry.job("never")
    async def never(_job: JobContext, _payload: Word) -> None: ...

    registry.schedule(Schedule(name="broken", cron="61 * * * *", payload=Word()))
    async with worker.connected(database.login_url, registry) as one:
        with pytest.raises(Problem, match="cron expression"):
            await one.run(asyncio.Event())


async def test_a_handler_that_was_stopped_has_time_to_put_its_things_away(
    working: Working, service: Connection, registry: Registry
) -> None:
    put_away = []

    @registry.job("untidy", timeout=0.1)
    async def untidy(_job: JobContext, _payload: Word) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(1)
            put_away.append(True)

    job_id = insert(service, job_type="untidy")
    async with working(registry):
        await until(lambda: job(service, job_id)["last_error"] is not None)

    assert put_away == [True]


@pytest.mark.parametrize(
    "error", [SystemExit(1), asyncio.CancelledError(), ValueError("\x00\ud800")], ids=repr
)
async def test_whatever_a_handler_raises_the_worker_goes_on(
    working: Working, service: Connection, registry: Registry, error: BaseException
) -> None:
    @registry.job("rude")
    async def rude(_job: JobContext, _payload: Word) -> None:
        raise error

    job_id = insert(service, job_type="rude")
    async with working(Registry(registry, TASKS), concurrency=1):
        await until(lambda: job(service, job_id)["last_error"] is not None)
        after = insert(service)
        await becomes(service, after, "completed")

    assert (job(service, job_id)["status"], job(service, job_id)["attempts"]) == ("pending", 1)
