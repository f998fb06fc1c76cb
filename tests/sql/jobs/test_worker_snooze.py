"""Not now, and not counted."""

from __future__ import annotations

from conftest import Session
from queueing import NOON, Connection, claim, insert, job, seconds


def test_a_snooze_gives_the_attempt_back_and_keeps_the_token(service: Connection) -> None:
    job_id = insert(service)
    (run,) = claim(service)
    service.execute("select public.worker_snooze(%s, %s, 90, %s)", (job_id, run["run_no"], NOON))
    row = job(service, job_id)

    assert (row["status"], row["attempts"], row["run_no"]) == ("pending", 0, 1)
    assert row["next_run_at"] == NOON + seconds(90)


def test_a_job_may_snooze_any_number_of_times(service: Connection) -> None:
    job_id = insert(service, max_attempts=1)
    for _ in range(10):
        (run,) = claim(service)
        service.execute("select public.worker_snooze(%s, %s, 0, %s)", (job_id, run["run_no"], NOON))

    assert job(service, job_id)["run_no"] == 10
    assert job(service, job_id)["attempts"] == 0


def test_a_run_that_is_over_cannot_snooze(session: Session, service: Connection) -> None:
    job_id = insert(service)
    (run,) = claim(service)

    with session.refused("lease_lost"):
        service.execute("select public.worker_snooze(%s, %s, 1)", (job_id, run["run_no"] - 1))
