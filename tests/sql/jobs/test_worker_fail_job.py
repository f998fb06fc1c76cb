"""Backoff and dead letters."""

from __future__ import annotations

import datetime as dt

import pytest

from conftest import Session, TestDatabase
from people import ADA
from queueing import NOON, Connection, claim, complete, dead_letter, fail, insert, job, seconds, whereabouts


def test_the_statement_of_the_contract_works_for_an_admin(session: Session) -> None:
    with session.as_user(ADA):
        session.run(
            "insert into worker_jobs(job_type, payload, max_attempts, next_run_at, status)"
            " values ('poison_test', '{\"fail\":true}'::jsonb, 3, now(), 'pending')"
        )
        row = session.one("select * from worker_jobs where job_type = 'poison_test'")

    assert (row["status"], row["attempts"], row["queue"]) == ("pending", 0, "default")


def test_a_claimed_job_waits_60_120_and_240_seconds(service: Connection) -> None:
    job_id = insert(service, max_attempts=5)
    at = NOON
    waits = []
    for _ in range(4):
        (run,) = claim(service, at=at)
        next_run = fail(service, job_id, run_no=run["run_no"], at=at)
        assert next_run is not None
        waits.append((next_run - at).total_seconds())
        at = next_run

    assert waits == [60, 120, 240, 480]


def test_a_job_that_nobody_claimed_goes_through_the_same_series(service: Connection) -> None:
    job_id = insert(service, max_attempts=4)
    seen = []
    for _ in range(3):
        fail(service, job_id)
        row = job(service, job_id)
        seen.append((row["status"], row["attempts"], row["next_run_at"] - NOON))
    last = fail(service, job_id)

    assert seen == [("pending", 1, seconds(60)), ("pending", 2, seconds(120)), ("pending", 3, seconds(240))]
    assert last is None
    assert whereabouts(service, job_id) == ["dead"]


def test_at_max_attempts_the_job_is_a_dead_letter_with_everything_it_was(service: Connection) -> None:
    job_id = insert(
        service, job_type="poison_test", payload='{"fail": true}', max_attempts=2, queue="bulk", priority=3,
        idempotency_key="k",
    )  # fmt: skip
    fail(service, job_id, "first")
    fail(service, job_id, "second", at=NOON + seconds(60))
    dead = dead_letter(service, job_id)

    assert whereabouts(service, job_id) == ["dead"]
    assert dead is not None
    assert (dead["job_type"], dead["payload"], dead["queue"], dead["priority"]) == (
        "poison_test",
        {"fail": True},
        "bulk",
        3,
    )
    assert (dead["attempts"], dead["max_attempts"], dead["idempotency_key"]) == (2, 2, "k")
    assert dead["last_error"] == "second"
    assert dead["died_at"] == NOON + seconds(60)
    assert [(e["attempt"], e["outcome"], e["error"]) for e in dead["history"]] == [
        (1, "failed", "first"), (2, "failed", "second"),
    ]  # fmt: skip


def test_the_move_to_the_dead_letters_is_of_one_transaction(database: TestDatabase) -> None:
    with database.connect() as watcher, database.connect(autocommit=False) as worker:
        job_id = insert(worker, max_attempts=1)
        worker.commit()
        fail(worker, job_id)
        meanwhile = whereabouts(watcher, job_id)
        worker.rollback()

        assert meanwhile == ["pending"]
        assert whereabouts(watcher, job_id) == ["pending"]


def test_one_attempt_means_no_retry(service: Connection) -> None:
    job_id = insert(service, max_attempts=1)

    assert fail(service, job_id) is None
    assert whereabouts(service, job_id) == ["dead"]


def test_a_run_that_is_over_cannot_fail_the_next_one(session: Session, service: Connection) -> None:
    job_id = insert(service)
    (old,) = claim(service)
    fail(service, job_id, run_no=old["run_no"])
    (new,) = claim(service, at=NOON + seconds(60))

    with session.refused("lease_lost"):
        fail(service, job_id, run_no=old["run_no"])
    assert new["run_no"] == old["run_no"] + 1
    assert job(service, job_id)["status"] == "running"


def test_a_completed_job_cannot_fail(session: Session, service: Connection) -> None:
    job_id = insert(service)
    complete(service, *claim(service))

    with session.refused("invalid_job_state"):
        fail(service, job_id)


def test_a_job_that_is_not_there_is_not_found(session: Session, service: Connection) -> None:
    with session.refused("not_found"):
        fail(service, 999_999_999)


def test_a_dead_letter_says_how_to_get_it_back(session: Session, service: Connection) -> None:
    job_id = insert(service, max_attempts=1)
    fail(service, job_id)

    with session.refused("invalid_job_state"):
        fail(service, job_id)


@pytest.mark.parametrize(
    ("base", "factor", "cap", "waits"),
    [(1, 2, 3600, [1, 2, 4, 8]), (10, 1, 3600, [10, 10, 10, 10]), (60, 10, 500, [60, 500, 500, 500])],
)
def test_a_type_may_have_its_own_series(
    session: Session, base: float, factor: float, cap: float, waits: list[float]
) -> None:
    session.run(
        "insert into public.worker_job_types (job_type, backoff_base, backoff_factor, backoff_cap)"
        " values ('own', %s, %s, %s)",
        base, factor, cap,
    )  # fmt: skip
    with session.as_role("service_role"):
        job_id = insert(session.connection, job_type="own", max_attempts=9)
        seen = [fail(session.connection, job_id) for _ in waits]

    assert seen == [NOON + seconds(wait) for wait in waits]


def test_jitter_lengthens_and_spreads(session: Session) -> None:
    session.run("insert into public.worker_job_types (job_type, jitter) values ('spread', 0.5)")
    with session.as_role("service_role"):
        jobs = [insert(session.connection, job_type="spread") for _ in range(20)]
        moments = {fail(session.connection, job_id) for job_id in jobs}

    assert all(m and seconds(60) <= m - NOON <= seconds(90) for m in moments)
    assert len(moments) > 1


def test_a_late_attempt_waits_for_the_cap_and_does_not_overflow(service: Connection) -> None:
    job_id = insert(service, max_attempts=1000)
    for _ in range(120):
        last = fail(service, job_id)

    assert last == NOON + dt.timedelta(days=30)


def test_the_history_keeps_the_last_fifty(service: Connection) -> None:
    job_id = insert(service, max_attempts=1000)
    for number in range(60):
        fail(service, job_id, f"error {number}")
    history = job(service, job_id)["history"]

    assert [entry["error"] for entry in history] == [f"error {number}" for number in range(10, 60)]


def test_an_endless_error_is_cut(service: Connection) -> None:
    job_id = insert(service)
    fail(service, job_id, "x" * 1_000_000)

    assert len(job(service, job_id)["last_error"]) == 10_000
