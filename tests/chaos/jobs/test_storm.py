"""The storm: workers are killed as fast as they come and the server crashes; every effect happens once."""

from __future__ import annotations

import random
import sys
import time
from typing import NamedTuple

import pytest

from chaos.jobs.conftest import Nursery
from conftest import TestDatabase
from rambla.kit.postgres import EmbeddedPostgres

LEFT = "select count(*) as n from worker_jobs where status in ('pending', 'running')"
TALLY = """
select
    (select count(*) from worker_jobs where status = 'completed') as completed,
    (select count(*) from worker_jobs j where not exists (select from effects e where e.job_id = j.id)) as lost,
    (select count(*) from (select from effects group by job_id having count(*) > 1) d) as doubled,
    (select count(*) from dead_letter_queue) as dead,
    (select sum(attempts) from worker_jobs) as runs
"""
PATIENCE = 1800.0


class Storm(NamedTuple):
    workers: int
    jobs: int
    seconds: float  # that a job takes
    kill_every: float  # seconds
    crashes: int


@pytest.mark.parametrize(
    "storm",
    [
        pytest.param(Storm(workers=2, jobs=400, seconds=0.1, kill_every=0.7, crashes=1), id="short"),
        pytest.param(
            Storm(workers=8, jobs=20_000, seconds=0, kill_every=0.2, crashes=2),
            id="whole",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_storm_loses_and_doubles_nothing(
    own_server: EmbeddedPostgres, own_database: TestDatabase, storm: Storm
) -> None:
    with own_database.connect() as service:
        service.execute(
            "select count(*) from worker_enqueue_many((select jsonb_agg(jsonb_build_object("
            " 'job_type', 'effect', 'max_attempts', 1000, 'idempotency_key', 'storm:' || n,"
            " 'payload', jsonb_build_object('seconds', %s::float8))) from generate_series(1, %s) n))",
            (storm.seconds, storm.jobs),
        )
    nursery = Nursery(own_database.login_url)
    started = time.monotonic()
    try:
        kills = rage(storm, nursery, own_database, own_server)
    finally:
        nursery.stop()
    with own_database.connect() as service:
        row = service.execute(TALLY).fetchone()
        assert row is not None

    sys.stdout.write(
        f"\n{storm.jobs} jobs, {storm.workers} workers, {kills} kills, {storm.crashes} crashes of the server,"
        f" {row['runs']} runs, {row['lost']} lost, {row['doubled']} doubled, {row['dead']} dead,"
        f" {time.monotonic() - started:.0f} s\n"
    )
    assert (row["completed"], row["lost"], row["doubled"], row["dead"]) == (storm.jobs, 0, 0, 0)
    assert kills > 0


def rage(storm: Storm, nursery: Nursery, database: TestDatabase, server: EmbeddedPostgres) -> int:
    """Kill and replace a worker again and again until nothing is left to do; how many were killed."""
    dice = random.Random(1)
    kills, crashes = 0, 0
    left = storm.jobs
    deadline = time.monotonic() + PATIENCE
    for _ in range(storm.workers):
        nursery.start()
    while left:
        assert time.monotonic() < deadline, f"{left} jobs are left"
        time.sleep(storm.kill_every)
        nursery.kill(dice.choice(nursery.alive))
        nursery.start()
        kills += 1
        left = count_left(database)
        if left <= storm.jobs - storm.jobs * (crashes + 1) // (storm.crashes + 1) and crashes < storm.crashes:
            server.kill()
            server.start()
            crashes += 1
    assert crashes == storm.crashes
    return kills


def count_left(database: TestDatabase) -> int:
    with database.connect() as service:
        row = service.execute(LEFT).fetchone()
    assert row is not None
    found: int = row["n"]
    return found
