"""Claims, ends and limits from eight connections at the same moment."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg

from conftest import TestDatabase
from queueing import Connection, Row, insert, limit, release

WORKERS = 8
PATIENCE = 30.0  # seconds, far more than it takes


def work(database: TestDatabase, turn: Callable[[Connection, random.Random], bool]) -> None:
    """Eight connections take turns until each of them says that all is done; the first error ends the test."""
    barrier = threading.Barrier(WORKERS)

    def run(number: int) -> None:
        with database.connect() as connection:
            connection.execute("set statement_timeout = '20s'")
            barrier.wait()
            chance = random.Random(number)
            deadline = time.monotonic() + PATIENCE
            while turn(connection, chance):
                assert time.monotonic() < deadline, "jobs are held for nothing"

    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(run, range(WORKERS)))


def take(connection: Connection, most: int) -> list[Row]:
    """A claim by the clock of the database, in which failed jobs are due again in a while."""
    return connection.execute(
        "select * from public.worker_claim_jobs(%s, array['default'], %s)", (uuid4(), most)
    ).fetchall()


def end(connection: Connection, runs: list[Row]) -> None:
    connection.execute(
        "select public.worker_complete_jobs(%s, %s)", ([r["id"] for r in runs], [r["run_no"] for r in runs])
    )


def count(connection: Connection, what: str) -> int:
    row = connection.execute(f"select count(*) as n from public.worker_jobs where {what}".encode()).fetchone()
    assert row is not None
    found: int = row["n"]
    return found


def test_a_type_never_runs_more_at_once_than_its_limit(database: TestDatabase) -> None:
    with database.connect() as service:
        limit(service, "type", "noop", most_running=3)
        service.execute("insert into worker_jobs (job_type) select 'noop' from generate_series(1, 400)")
    seen: list[int] = []

    def turn(connection: Connection, chance: random.Random) -> bool:
        runs = take(connection, chance.randint(1, 4))
        seen.append(count(connection, "status = 'running'"))
        if runs:
            end(connection, runs)
        return count(connection, "status <> 'completed'") > 0

    work(database, turn)

    assert max(seen) == 3


def test_a_queue_never_runs_more_at_once_than_its_limit(database: TestDatabase) -> None:
    with database.connect() as service:
        limit(service, "queue", "default", most_running=3)
        service.execute(
            "insert into worker_jobs (job_type, priority) select 'noop', n % 3 from generate_series(1, 300) n"
        )
    seen: list[int] = []

    def turn(connection: Connection, chance: random.Random) -> bool:
        runs = take(connection, chance.randint(1, 4))
        seen.append(count(connection, "status = 'running'"))
        if runs:
            end(connection, runs)
        return count(connection, "status <> 'completed'") > 0

    work(database, turn)

    assert max(seen) == 3


def test_keys_run_one_at_a_time_and_all_of_them_drain(database: TestDatabase) -> None:
    """No sweep helps here: whatever ends a run must let the next one go."""
    with database.connect("owner") as owner:
        owner.execute("insert into public.worker_job_types (job_type, backoff_base) values ('payout', 0)")
        owner.execute(
            "insert into public.worker_jobs (job_type, partition_key, max_attempts)"
            " select 'payout', 'key ' || n % 20, 1000 from generate_series(1, 200) n"
        )
    twice: list[Row] = []

    def turn(connection: Connection, chance: random.Random) -> bool:
        runs = take(connection, chance.randint(1, 10))
        twice.extend(
            connection.execute(
                "select partition_key from worker_jobs where status = 'running' group by partition_key"
                " having count(*) > 1"
            ).fetchall()
        )
        for run in runs:
            way = chance.random()
            if way < 0.1:
                release(connection, run)
            elif way < 0.2:
                connection.execute("select public.worker_fail_job(%s, 'x', %s)", (run["id"], run["run_no"]))
            else:
                end(connection, [run])
        return count(connection, "status <> 'completed'") > 0

    work(database, turn)

    assert twice == []


def test_a_rate_is_never_exceeded_however_many_claim(database: TestDatabase) -> None:
    with database.connect() as service:
        limit(service, "type", "noop", rate=(10, 3600))
        service.execute("insert into worker_jobs (job_type) select 'noop' from generate_series(1, 100)")
    tries = iter(range(80))

    def turn(connection: Connection, chance: random.Random) -> bool:
        take(connection, chance.randint(1, 4))
        return next(tries, None) is not None

    work(database, turn)
    with database.connect() as service:
        assert count(service, "status = 'running'") == 10


def test_ends_of_the_same_keys_do_not_wait_for_each_other_in_a_circle(database: TestDatabase) -> None:
    with database.connect() as first, database.connect() as second, ThreadPoolExecutor(2) as threads:
        limit(first, "type", "payout", most_per_key=2)
        for _ in range(15):
            for key in ("a", "b") * 4:
                insert(first, job_type="payout", partition_key=key)
            runs = take(first, 10)
            take(first, 10)
            ends = [threads.submit(end, first, runs[:2]), threads.submit(end, second, runs[:1:-1])]
            for ending in ends:
                ending.result()
            while runs := take(first, 10):
                end(first, runs)

        assert count(first, "status <> 'completed'") == 0


def test_a_claim_waits_for_nobody(database: TestDatabase) -> None:
    with database.connect() as holder, database.connect() as claimer:
        limit(holder, "type", "noop", most_running=5)
        for key in ("a", "a", None):
            insert(holder, partition_key=key)
        claimer.execute("set lock_timeout = '2s'")
        with holder.transaction():
            first = take(holder, 1)
            second = take(claimer, 10)
        third = take(claimer, 10)

    assert len(first) == 1
    assert second == [], "the gate of the type was the other's"
    assert len(third) == 1, "and what was passed over is not lost"


def test_a_job_is_not_held_because_of_a_run_that_is_just_ending(database: TestDatabase) -> None:
    """The end does not see what is held after it looked, so a claim leaves such a job in sight."""
    with database.connect() as ender, database.connect() as claimer:
        for _ in range(2):
            insert(ender, job_type="payout", partition_key="alice")
        runs = take(ender, 1)
        with ender.transaction():
            end(ender, runs)
            meanwhile = take(claimer, 10)
        after = take(claimer, 10)

    assert meanwhile == []
    assert len(after) == 1


def test_an_end_sees_what_a_claim_was_just_holding(database: TestDatabase) -> None:
    with database.connect() as ender, database.connect() as claimer:
        for _ in range(2):
            insert(ender, job_type="payout", partition_key="alice")
        runs = take(ender, 1)
        with ThreadPoolExecutor(1) as threads:
            with claimer.transaction():
                assert take(claimer, 10) == []
                ending = threads.submit(end, ender, runs)
                _until_somebody_waits(database)
            ending.result()

        assert len(take(claimer, 10)) == 1


def test_an_end_does_not_pass_by_a_job_that_somebody_has_locked(database: TestDatabase) -> None:
    """As a claim does that found it ready a moment before another one held it."""
    with database.connect() as ender, database.connect("owner") as other, ThreadPoolExecutor(1) as threads:
        for _ in range(2):
            insert(ender, job_type="payout", partition_key="alice")
        runs = take(ender, 1)
        take(ender, 1)
        with other.transaction():
            other.execute("select from public.worker_jobs where held_by is not null for update")
            ending = threads.submit(end, ender, runs)
            _until_somebody_waits(database)
        ending.result()

        assert len(take(ender, 1)) == 1


def _until_somebody_waits(database: TestDatabase) -> None:
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute(
            "do $$ begin for n in 1..1000 loop perform pg_stat_clear_snapshot();"
            " exit when exists (select from pg_locks where not granted);"
            " perform pg_sleep(0.01); end loop; end $$"
        )
