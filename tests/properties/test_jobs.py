"""The queue against a model of it: whatever happens in whatever order, no job is lost and none is run twice at once."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from psycopg.rows import dict_row

from conftest import become
from people import ADA
from queueing import NOON, Row, claim, complete, fail, seconds

LEASE = 20
EXAMPLES = int(os.environ.get("RAMBLA_TEST_EXAMPLES", "40"))


class Model(msgspec.Struct):
    """A job as it must be."""

    id: int
    max_attempts: int
    due: dt.datetime
    status: str = "pending"
    attempts: int = 0
    run_no: int = 0
    worker: UUID | None = None


class Queue(RuleBasedStateMachine):
    """Each step does the same to the database and to the model; the clock is the test's own."""

    url: str
    runs = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.connection: psycopg.Connection[Row] = psycopg.connect(self.url, row_factory=dict_row)
        become(self.connection, ADA)
        self.now = NOON
        self.jobs: dict[int, Model] = {}
        self.keys: dict[str, int] = {}
        self.beats: dict[UUID, dt.datetime] = {}
        self.paused = False

    def teardown(self) -> None:
        self.connection.rollback()
        self.connection.close()

    @rule(
        key=st.none() | st.sampled_from(["a", "b", "c"]),
        max_attempts=st.integers(1, 4),
        delay=st.sampled_from([0, 0, 0, 90]),
    )
    def enqueue(self, key: str | None, max_attempts: int, delay: int) -> None:
        due = self.now + seconds(delay)
        job_id = self._value("worker_enqueue('noop', '{}', %s, 'default', 0, %s, %s)", key, due, max_attempts)
        if key in self.keys:
            assert job_id == self.keys[key]
            return
        assert job_id not in self.jobs
        self.jobs[job_id] = Model(id=job_id, max_attempts=max_attempts, due=due)
        if key is not None:
            self.keys[key] = job_id

    @rule(target=runs, limit=st.integers(1, 4))
    def claim(self, limit: int) -> Any:
        worker = uuid4()
        claimed = claim(self.connection, worker=worker, limit=limit, at=self.now)
        ready = sorted(
            (job for job in self.jobs.values() if job.status == "pending" and job.due <= self.now),
            key=lambda job: (job.due, job.id),
        )
        assert [run["id"] for run in claimed] == ([] if self.paused else [job.id for job in ready[:limit]])
        self.beats[worker] = self.now
        for run in claimed:
            job = self.jobs[run["id"]]
            job.status, job.worker = "running", worker
            job.attempts += 1
            job.run_no += 1
            assert (run["attempt"], run["run_no"]) == (job.attempts, job.run_no)
        return multiple(*claimed)

    @rule(run=runs)
    def complete(self, run: Row) -> None:
        """Also for runs that ended long ago, which must change nothing."""
        ours = self._holds(run)
        assert complete(self.connection, run, at=self.now) == ([run["id"]] if ours else [])
        if ours:
            self._end(run, "completed")

    @rule(run=consumes(runs))
    def fail(self, run: Row) -> None:
        ours = self._holds(run)
        try:
            with self.connection.transaction():
                next_run = fail(self.connection, run["id"], run_no=run["run_no"], at=self.now)
        except psycopg.Error:
            assert not ours
            return
        assert ours
        self._failed(self.jobs[run["id"]], next_run, 60)

    @rule(run=runs, delay=st.integers(0, 100))
    def snooze(self, run: Row, delay: int) -> None:
        if self._holds(run):
            self._value("worker_snooze(%s, %s, %s, %s)", run["id"], run["run_no"], delay, self.now)
            self._end(run, "pending")
            self.jobs[run["id"]].attempts -= 1
            self.jobs[run["id"]].due = self.now + seconds(delay)

    @rule(run=runs)
    def release(self, run: Row) -> None:
        released = self._all("worker_release(%s, %s)", [run["id"]], [run["run_no"]])
        assert released == ([run["id"]] if self._holds(run) else [])
        if released:
            self._end(run, "pending")
            self.jobs[run["id"]].attempts -= 1

    @rule(run=runs)
    def cancel(self, run: Row) -> None:
        job = self.jobs[run["id"]]
        if job.status in ("pending", "running"):
            self._value("worker_cancel(%s, 'why not', null, %s)", job.id, self.now)
            self._end(run, "cancelled")

    @rule(run=runs)
    def run_now(self, run: Row) -> None:
        job = self.jobs[run["id"]]
        if job.status in ("pending", "cancelled", "dead"):
            self._value("worker_retry(%s, %s)", job.id, self.now)
            job.due = self.now if job.status == "dead" else min(job.due, self.now)
            job.attempts = job.attempts if job.status == "pending" else 0
            job.status = "pending"

    @rule()
    def pause_or_resume(self) -> None:
        self._value("worker_resume('default')" if self.paused else "worker_pause('default')")
        self.paused = not self.paused

    @rule(run=runs)
    def beat(self, run: Row) -> None:
        job = self.jobs[run["id"]]
        if job.worker is not None:
            held = [j for j in self.jobs.values() if j.worker == job.worker]
            lost = self._all(
                "worker_beat(%s, %s, %s, p_at := %s)",
                job.worker,
                [j.id for j in held],
                [j.run_no for j in held],
                self.now,
            )
            assert lost == []
            self.beats[job.worker] = self.now

    @rule(passed=st.sampled_from([1, 15, 61, 130]))
    def time_passes(self, passed: int) -> None:
        self.now += seconds(passed)

    @rule(passed=st.sampled_from([0, 25]))
    def rescue(self, passed: int) -> None:
        self.now += seconds(passed)
        silent = [
            job
            for job in self.jobs.values()
            if job.worker and self.beats[job.worker] <= self.now - seconds(LEASE)
        ]
        assert self._value("worker_rescue(500, %s)", self.now) == len(silent)
        for job in silent:
            wait = 0 if job.attempts == 1 else 30  # 30 * 2 ** attempts, one step behind a failure
            last = job.attempts == job.max_attempts
            self._failed(job, None if last else self.now + seconds(wait * 2 ** (job.attempts - 1)), wait)

    @invariant()
    def every_job_is_in_one_place_and_as_it_must_be(self) -> None:
        rows = self.connection.execute(
            "select id, status, attempts, run_no, worker_id, next_run_at from public.worker_jobs"
            " union all select job_id, 'dead', attempts, run_no, null, null from public.dead_letter_queue"
        ).fetchall()
        found = sorted(
            (r["id"], r["status"], r["attempts"], r["run_no"], str(r["worker_id"]), _due(r)) for r in rows
        )
        assert found == sorted(
            (j.id, j.status, j.attempts, j.run_no, str(j.worker), j.due if j.status == "pending" else NOON)
            for j in self.jobs.values()
        )

    def _holds(self, run: Row) -> bool:
        job = self.jobs[run["id"]]
        return job.status == "running" and job.run_no == run["run_no"]

    def _end(self, run: Row, status: str) -> None:
        job = self.jobs[run["id"]]
        job.status, job.worker = status, None

    def _failed(self, job: Model, next_run: dt.datetime | None, base: int) -> None:
        job.worker = None
        if job.attempts == job.max_attempts:
            assert next_run is None
            job.status = "dead"
        else:
            assert next_run == self.now + seconds(base * 2 ** (job.attempts - 1))
            job.status, job.due = "pending", next_run

    def _value(self, call: str, *params: Any) -> Any:
        (value,) = self._all(call, *params)
        return value

    def _all(self, call: str, *params: Any) -> list[Any]:
        query = f"select public.{call} as answer".encode()
        return [row["answer"] for row in self.connection.execute(query, params).fetchall()]


def _due(row: Row) -> dt.datetime:
    due: dt.datetime = row["next_run_at"] if row["status"] == "pending" else NOON
    return due


def test_the_queue_behaves_as_its_model(shared: str) -> None:
    Queue.url = shared
    run_state_machine_as_test(
        Queue,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
