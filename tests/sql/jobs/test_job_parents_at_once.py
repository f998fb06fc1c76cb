"""Children and their parents' ends at the same moment: no completion is missed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar
from uuid import uuid4

import pytest

from conftest import TestDatabase
from queueing import Connection, Row, insert

ROUNDS = 25
PATIENCE = 60.0  # seconds, far more than it takes
T = TypeVar("T")


def take(connection: Connection) -> list[Row]:
    return connection.execute(
        "select * from public.worker_claim_jobs(%s, array['default'], 100)", (uuid4(),)
    ).fetchall()


def end(connection: Connection, runs: list[Row]) -> int:
    return connection.execute(
        "select public.worker_complete_jobs(%s, %s)", ([r["id"] for r in runs], [r["run_no"] for r in runs])
    ).rowcount


def enqueue_after(connection: Connection, parents: list[int]) -> int:
    row = connection.execute(
        "select public.worker_enqueue('noop', p_after => %s) as id", (parents,)
    ).fetchone()
    assert row is not None
    found: int = row["id"]
    return found


def waiting(connection: Connection) -> int:
    row = connection.execute("select count(*) as n from worker_jobs where status <> 'completed'").fetchone()
    assert row is not None
    found: int = row["n"]
    return found


def at_once(*calls: Callable[[], T]) -> list[T]:
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_the_last_parent_completes_while_the_child_is_enqueued(database: TestDatabase) -> None:
    with database.connect() as enqueuer, database.connect() as worker:
        for _ in range(ROUNDS):
            parents = [insert(worker) for _ in range(3)]
            runs = take(worker)
            child, _ = at_once(partial(enqueue_after, enqueuer, parents), partial(end, worker, runs))
            after = take(worker)
            end(worker, after)

            assert [run["id"] for run in after] == [child]


def test_two_parents_complete_at_once(database: TestDatabase) -> None:
    with database.connect() as one, database.connect() as other:
        for _ in range(ROUNDS):
            parents = [insert(one), insert(one)]
            children = [enqueue_after(one, parents) for _ in range(3)]
            first, second = take(one)
            at_once(partial(end, one, [first]), partial(end, other, [second]))
            after = take(one)
            end(one, after)

            assert [run["id"] for run in after] == children


@pytest.mark.parametrize("first", ["child", "parent"])
def test_each_waits_for_the_other_in_either_order(database: TestDatabase, first: str) -> None:
    with database.connect() as enqueuer, database.connect() as worker, ThreadPoolExecutor(1) as threads:
        parent = insert(worker)
        runs = take(worker)
        if first == "child":
            with enqueuer.transaction():
                enqueue_after(enqueuer, [parent])
                ending = threads.submit(end, worker, runs)
            ending.result()
        else:
            with worker.transaction():
                end(worker, runs)
                adding = threads.submit(enqueue_after, enqueuer, [parent])
            adding.result()

        assert len(take(worker)) == 1


def test_graphs_grow_and_drain_at_once(database: TestDatabase) -> None:
    """Two grow a graph in which each job comes after some of the last ones, four drain it; nothing is left."""
    grown = threading.Event()

    def grow(_: int) -> None:
        with database.connect() as connection:
            ids = [insert(connection)]
            for n in range(60):
                ids.append(enqueue_after(connection, ids[-1 - n % 3 :]))

    def drain(_: int) -> None:
        with database.connect() as connection:
            connection.execute("set statement_timeout = '20s'")
            deadline = time.monotonic() + PATIENCE
            while not grown.is_set() or waiting(connection):
                assert time.monotonic() < deadline, "children are held for nothing"
                if runs := take(connection):
                    end(connection, runs)

    with ThreadPoolExecutor(6) as threads:
        drains = [threads.submit(drain, n) for n in range(4)]
        list(threads.map(grow, range(2)))
        grown.set()
        for future in drains:
            future.result(timeout=60)

    with database.connect() as connection:
        assert waiting(connection) == 0
        assert connection.execute("select count(*) as n from worker_jobs").fetchone() == {"n": 122}
