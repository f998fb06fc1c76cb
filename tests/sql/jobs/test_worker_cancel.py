"""Stopping a job, and running one after all."""

from __future__ import annotations

from conftest import Session
from people import ADA
from queueing import NOON, Connection, claim, complete, fail, insert, job, seconds, whereabouts


def cancel(connection: Connection, job_id: int, reason: str = "no longer wanted") -> None:
    connection.execute("select public.worker_cancel(%s, %s, null, %s)", (job_id, reason, NOON))


def retry(connection: Connection, job_id: int) -> None:
    connection.execute("select public.worker_retry(%s, %s)", (job_id, NOON))


def test_a_waiting_job_is_cancelled(service: Connection) -> None:
    job_id = insert(service)
    cancel(service, job_id)
    row = job(service, job_id)

    assert (row["status"], row["finished_at"], row["last_error"]) == ("cancelled", NOON, "no longer wanted")
    assert claim(service) == []


def test_a_running_job_is_cancelled_and_its_completion_refused(service: Connection) -> None:
    job_id = insert(service)
    runs = claim(service)
    cancel(service, job_id)

    assert complete(service, *runs) == []
    assert whereabouts(service, job_id) == ["cancelled"]


def test_a_completed_job_cannot_be_cancelled(session: Session, service: Connection) -> None:
    job_id = insert(service)
    complete(service, *claim(service))

    with session.refused("invalid_job_state"):
        cancel(service, job_id)


def test_a_handler_that_gives_up_is_fenced(session: Session, service: Connection) -> None:
    job_id = insert(service)
    (run,) = claim(service)

    with session.refused("lease_lost"):
        service.execute("select public.worker_cancel(%s, 'stale', %s)", (job_id, run["run_no"] - 1))
    service.execute("select public.worker_cancel(%s, 'the user is gone', %s)", (job_id, run["run_no"]))
    assert job(service, job_id)["last_error"] == "the user is gone"


def test_it_is_written_down_who_cancelled(session: Session) -> None:
    with session.as_user(ADA):
        job_id = insert(session.connection)
        cancel(session.connection, job_id)
        entry = session.one("select * from public.audit_log where action = 'job.cancel'")

    assert (entry["actor_id"], entry["subject"], entry["details"]) == (
        ADA.id,
        str(job_id),
        {"reason": "no longer wanted"},
    )


def test_a_job_that_waits_for_its_next_attempt_runs_now(service: Connection) -> None:
    job_id = insert(service)
    fail(service, job_id)
    retry(service, job_id)

    assert [run["attempt"] for run in claim(service, at=NOON)] == [2]


def test_a_cancelled_job_runs_after_all(service: Connection) -> None:
    job_id = insert(service, max_attempts=2)
    fail(service, job_id)
    cancel(service, job_id)
    retry(service, job_id)
    (run,) = claim(service)

    assert (run["attempt"], run["run_no"]) == (1, 2)


def test_a_dead_letter_runs_again(service: Connection) -> None:
    job_id = insert(service, max_attempts=1)
    fail(service, job_id)
    retry(service, job_id)

    assert whereabouts(service, job_id) == ["pending"]


def test_what_runs_or_completed_is_not_run_now(session: Session, service: Connection) -> None:
    job_id = insert(service)
    runs = claim(service)

    with session.refused("invalid_job_state"):
        retry(service, job_id)
    complete(service, *runs)
    with session.refused("invalid_job_state"):
        retry(service, job_id)


def test_a_retry_never_makes_a_job_later(service: Connection) -> None:
    job_id = insert(service, next_run_at=NOON - seconds(60))
    retry(service, job_id)

    assert job(service, job_id)["next_run_at"] == NOON - seconds(60)
