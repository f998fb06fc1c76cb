"""Workers are killed, frozen and cut off; every job's effect happens once and none is lost."""

from __future__ import annotations

import random
import signal
from collections import Counter

from chaos.jobs.conftest import Workers, until
from conftest import TestDatabase
from queueing import Connection, dead_letter, insert, job, whereabouts
from rambla.kit.postgres import EmbeddedPostgres


def enqueue(service: Connection, jobs: int, seconds: float = 0.0) -> None:
    service.execute(
        "insert into worker_jobs (job_type, payload, max_attempts)"
        " select 'effect', jsonb_build_object('seconds', %s::float8), 100 from generate_series(1, %s)",
        (seconds, jobs),
    )


def left(service: Connection) -> int:
    row = service.execute(
        "select count(*) as n from worker_jobs where status in ('pending', 'running')"
    ).fetchone()
    assert row is not None
    found: int = row["n"]
    return found


def effects(service: Connection) -> Counter[int]:
    return Counter(row["job_id"] for row in service.execute("select job_id from public.effects").fetchall())


def once_each(service: Connection, jobs: int) -> bool:
    found = effects(service)
    return len(found) == jobs and set(found.values()) == {1}


def test_a_killed_workers_job_runs_again_and_its_attempt_counts(
    workers: Workers, service: Connection
) -> None:
    job_id = insert(service, job_type="effect", payload='{"seconds": 1}')
    first = workers.start()
    until(lambda: whereabouts(service, job_id) == ["running"])
    first.kill()
    first.wait()
    workers.start()
    until(lambda: whereabouts(service, job_id) == ["completed"])
    row = job(service, job_id)

    assert (row["attempts"], row["run_no"]) == (2, 2)
    assert [entry["outcome"] for entry in row["history"]] == ["lost"]
    assert once_each(service, 1)


def test_a_job_that_kills_its_process_ends_in_the_dead_letters(workers: Workers, service: Connection) -> None:
    job_id = insert(service, job_type="death", max_attempts=3)
    for _ in range(3):
        assert workers.start().wait(60) == -signal.SIGKILL
    workers.start()
    until(lambda: whereabouts(service, job_id) == ["dead"])
    dead = dead_letter(service, job_id)

    assert dead is not None
    assert dead["attempts"] == 3
    assert [entry["outcome"] for entry in dead["history"]] == ["lost"] * 3


def test_a_worker_that_is_asked_to_stop_gives_its_job_back(workers: Workers, service: Connection) -> None:
    job_id = insert(service, job_type="sleep", payload='{"seconds": 600}')
    worker = workers.start()
    until(lambda: whereabouts(service, job_id) == ["running"])
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(30) == 0
    assert (job(service, job_id)["status"], job(service, job_id)["attempts"]) == ("pending", 0)


def test_two_workers_never_run_one_job(workers: Workers, service: Connection) -> None:
    enqueue(service, 500)
    workers.start()
    workers.start()
    until(lambda: left(service) == 0)
    pids = {row["pid"] for row in service.execute("select distinct pid from public.effects").fetchall()}

    assert once_each(service, 500)
    assert len(pids) == 2


def test_workers_that_are_killed_at_random_lose_and_double_nothing(
    workers: Workers, service: Connection
) -> None:
    dice = random.Random(1)
    for _ in range(3):
        workers.start()
    enqueue(service, 600, seconds=0.05)
    for kill in range(1, 5):
        until(lambda kill=kill: left(service) <= 600 - 80 * kill)  # type: ignore[misc]  # a lambda with its own kill
        dice.choice([p for p in workers.processes if p.poll() is None]).kill()
        workers.start()
    until(lambda: left(service) == 0, patience=120)

    assert once_each(service, 600)


def test_a_worker_that_froze_past_its_lease_is_refused_when_it_wakes(
    workers: Workers, service: Connection
) -> None:
    job_id = insert(service, job_type="effect", payload='{"seconds": 0.5}')
    frozen = workers.start()
    until(lambda: whereabouts(service, job_id) == ["running"])
    frozen.send_signal(signal.SIGSTOP)
    workers.start()
    until(lambda: whereabouts(service, job_id) == ["completed"])
    frozen.send_signal(signal.SIGCONT)
    again = insert(service, job_type="effect")
    until(lambda: whereabouts(service, again) == ["completed"])

    assert once_each(service, 2)
    assert frozen.poll() is None
    assert job(service, job_id)["attempts"] == 2


def test_a_worker_whose_connections_are_cut_goes_on(
    workers: Workers, service: Connection, database: TestDatabase
) -> None:
    worker = workers.start()
    enqueue(service, 400, seconds=0.05)
    for cut in range(1, 4):
        until(lambda cut=cut: left(service) <= 400 - 100 * cut)  # type: ignore[misc]  # a lambda with its own cut
        with database.connect("owner") as owner:
            owner.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = 'rambla_login' and datname = current_database()"
            )
    until(lambda: left(service) == 0)

    assert once_each(service, 400)
    assert worker.poll() is None


def test_a_crash_of_the_server_loses_and_doubles_nothing(
    own_server: EmbeddedPostgres, own_database: TestDatabase
) -> None:
    workers = Workers(own_database.login_url)
    try:
        with own_database.connect() as service:
            enqueue(service, 400, seconds=0.05)
            workers.start()
            workers.start()
            until(lambda: left(service) <= 200)
        own_server.kill()
        own_server.start()
        with own_database.connect() as service:
            until(lambda: left(service) == 0)

            assert once_each(service, 400)
            assert [process.poll() for process in workers.processes] == [None, None]
    finally:
        workers.stop()
