"""The queue against a model of it: whatever happens in whatever order, no job is lost and none is run twice at once.

Nor does any run past a limit, beside another of its key or before its parents; and whatever may run, does.
"""

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
from queueing import NOON, Row, claim, complete, fail, limit, seconds

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
    key: str | None = None
    waits_for: set[int] = msgspec.field(default_factory=set)  # parents that have not completed
    cancel_with_parent: bool = False


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
        self.paused: set[str] = set()
        self.most: int | None = None

    def teardown(self) -> None:
        self.connection.rollback()
        self.connection.close()

    @rule(
        key=st.none() | st.sampled_from(["a", "b", "c"]),
        max_attempts=st.integers(1, 4),
        delay=st.sampled_from([0, 0, 0, 90]),
        turn=st.none() | st.sampled_from(["alice", "bob"]),
    )
    def enqueue(self, key: str | None, max_attempts: int, delay: int, turn: str | None) -> None:
        due = self.now + seconds(delay)
        job_id = self._value(
            "worker_enqueue('noop', '{}', %s, 'default', 0, %s, %s, %s)", key, due, max_attempts, turn
        )
        if key in self.keys:
            assert job_id == self.keys[key]
            return
        assert job_id not in self.jobs
        self.jobs[job_id] = Model(id=job_id, max_attempts=max_attempts, due=due, key=turn)
        if key is not None:
            self.keys[key] = job_id

    @rule(choice=st.data(), turn=st.none() | st.sampled_from(["alice", "bob"]), cancel=st.booleans())
    def enqueue_after(self, choice: st.DataObject, turn: str | None, cancel: bool) -> None:
        if not self.jobs:
            return
        parents = choice.draw(
            st.lists(st.sampled_from(sorted(self.jobs)), min_size=1, max_size=3, unique=True)
        )
        job_id = self._value(
            "worker_enqueue('noop', '{}', null, 'default', 0, %s, 3, %s, %s, %s)",
            self.now, turn, parents, "cancel" if cancel else "wait",
        )  # fmt: skip
        waits_for = {parent for parent in parents if self.jobs[parent].status != "completed"}
        self.jobs[job_id] = Model(
            id=job_id, max_attempts=3, due=self.now, key=turn, waits_for=waits_for, cancel_with_parent=cancel
        )
        for parent in parents:
            self._parent_failed(self.jobs[parent])

    @rule(most=st.sampled_from([None, 1, 2, 3]))
    def limit(self, most: int | None) -> None:
        self.most = most
        if most:
            limit(self.connection, "type", "noop", most_running=most)
        else:
            self._value("worker_limit_clear('type', 'noop')")

    @rule(target=runs, most=st.integers(1, 4))
    def claim(self, most: int) -> Any:
        worker = uuid4()
        ready = [job for job in self._ready() if self._fits(job)]
        claimed = claim(self.connection, worker=worker, limit=most, at=self.now)
        if self.most is None and not any(job.key for job in self.jobs.values()):
            assert [run["id"] for run in claimed] == [job.id for job in ready[:most]]
        self.beats[worker] = self.now
        for run in claimed:
            job = self.jobs[run["id"]]
            assert job in self._ready()
            assert self._fits(job)
            job.status, job.worker = "running", worker
            job.attempts += 1
            job.run_no += 1
            assert (run["attempt"], run["run_no"]) == (job.attempts, job.run_no)
        if len(claimed) < most:
            assert [job.id for job in self._ready() if self._fits(job)] == []
        return multiple(*claimed)

    @rule(run=runs)
    def complete(self, run: Row) -> None:
        """Also for runs that ended long ago, which must change nothing."""
        ours = self._holds(run)
        assert complete(self.connection, run, at=self.now) == ([run["id"]] if ours else [])
        if ours:
            self._end(run, "completed")
            for job in self.jobs.values():
                job.waits_for.discard(run["id"])

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
            self._parent_failed(job)

    @rule(run=runs)
    def run_now(self, run: Row) -> None:
        job = self.jobs[run["id"]]
        if job.status in ("pending", "cancelled", "dead"):
            self._value("worker_retry(%s, %s)", job.id, self.now)
            job.due = self.now if job.status == "dead" else min(job.due, self.now)
            job.attempts = job.attempts if job.status == "pending" else 0
            job.status = "pending"
            job.waits_for.clear()  # an operator's word

    @rule(scope=st.sampled_from(["queue", "type"]))
    def pause_or_resume(self, scope: str) -> None:
        name = "default" if scope == "queue" else "noop"
        if scope in self.paused:
            self._value("worker_resume(%s, %s)", name, scope)
        else:
            self._value("worker_pause(%s, '', %s)", name, scope)
        self.paused ^= {scope}

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

    def _ready(self) -> list[Model]:
        """What waits for nothing but a worker, in the order of a claim."""
        ready = [
            job
            for job in self.jobs.values()
            if job.status == "pending" and job.due <= self.now and not job.waits_for and not self.paused
        ]
        return sorted(ready, key=lambda job: (job.due, job.id))

    def _fits(self, job: Model) -> bool:
        running = [other for other in self.jobs.values() if other.status == "running"]
        full = self.most is not None and len(running) >= self.most
        return not full and (job.key is None or job.key not in {other.key for other in running})

    def _parent_failed(self, parent: Model) -> None:
        if parent.status not in ("cancelled", "dead"):
            return
        for job in self.jobs.values():
            if parent.id in job.waits_for and job.cancel_with_parent and job.status == "pending":
                job.status = "cancelled"
                self._parent_failed(job)

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
            self._parent_failed(job)
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
