"""Out of the dead letters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from conftest import Session, TestDatabase
from people import ADA
from queueing import NOON, Connection, claim, complete, dead_letter, fail, insert, job, seconds, whereabouts


def redrive(connection: Connection, job_id: int) -> None:
    connection.execute("select public.worker_redrive(%s, %s)", (job_id, NOON))


def test_a_redriven_job_is_the_same_job(service: Connection) -> None:
    job_id = insert(
        service, queue="bulk", priority=2, payload='{"n": 1}', max_attempts=1, idempotency_key="k"
    )
    fail(service, job_id, "boom")
    redrive(service, job_id)
    row = job(service, job_id)

    assert dead_letter(service, job_id) is None
    assert (row["status"], row["attempts"], row["max_attempts"], row["next_run_at"]) == (
        "pending",
        0,
        1,
        NOON,
    )
    assert (row["queue"], row["priority"], row["payload"], row["idempotency_key"]) == (
        "bulk",
        2,
        {"n": 1},
        "k",
    )
    assert row["redrives"] == 1
    assert [entry["outcome"] for entry in row["history"]] == ["failed", "redriven"]


def test_a_run_from_before_its_death_stays_over(service: Connection) -> None:
    job_id = insert(service, max_attempts=1)
    (old,) = claim(service)
    fail(service, job_id, run_no=old["run_no"])
    redrive(service, job_id)
    (new,) = claim(service)

    assert new["run_no"] > old["run_no"]
    assert complete(service, old) == []
    assert complete(service, new) == [job_id]


def test_it_dies_again_with_all_of_its_history(service: Connection) -> None:
    job_id = insert(service, max_attempts=1)
    fail(service, job_id, "first life")
    redrive(service, job_id)
    fail(service, job_id, "second life")
    dead = dead_letter(service, job_id)

    assert dead is not None
    assert dead["redrives"] == 1
    assert [entry.get("error") for entry in dead["history"]] == ["first life", None, "second life"]


def test_its_series_begins_anew(service: Connection) -> None:
    job_id = insert(service, max_attempts=2)
    fail(service, job_id)
    fail(service, job_id)
    redrive(service, job_id)

    assert fail(service, job_id) == NOON + seconds(60)


def test_what_is_not_dead_is_not_redriven(session: Session, service: Connection) -> None:
    job_id = insert(service)

    with session.refused("invalid_job_state"):
        redrive(service, job_id)
    with session.refused("not_found"):
        redrive(service, 999_999_999)


def test_two_operators_redrive_it_once(database: TestDatabase) -> None:
    with (
        database.connect(autocommit=False) as first,
        database.connect() as second,
        ThreadPoolExecutor(1) as pool,
    ):
        job_id = insert(first, max_attempts=1)
        fail(first, job_id)
        first.commit()
        redrive(first, job_id)
        waiting = pool.submit(redrive, second, job_id)
        first.commit()

        with pytest.raises(psycopg.Error, match="pending"):
            waiting.result(timeout=10)
        assert whereabouts(second, job_id) == ["pending"]
        assert second.execute("select count(*) as n from public.audit_log").fetchone() == {"n": 1}


def test_it_is_written_down_who_redrove(session: Session) -> None:
    with session.as_user(ADA):
        job_id = insert(session.connection, max_attempts=1)
        fail(session.connection, job_id)
        redrive(session.connection, job_id)
        entry = session.one("select * from public.audit_log where action = 'job.redrive'")

    assert (entry["actor_id"], entry["subject"]) == (ADA.id, str(job_id))
