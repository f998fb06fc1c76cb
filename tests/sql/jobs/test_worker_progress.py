"""How far a job is."""

from __future__ import annotations

from conftest import Session
from queueing import Connection, claim, insert, job


def test_a_run_says_how_far_it_is(service: Connection) -> None:
    job_id = insert(service)
    (run,) = claim(service)
    service.execute("select public.worker_progress(%s, %s, 40, 'resizing')", (job_id, run["run_no"]))
    row = job(service, job_id)

    assert (row["progress"], row["progress_note"]) == (40, "resizing")


def test_only_the_present_run_says_so(session: Session, service: Connection) -> None:
    job_id = insert(service)
    claim(service)

    with session.refused("lease_lost"):
        service.execute("select public.worker_progress(%s, 0, 40)", (job_id,))


def test_more_than_all_of_it_is_refused(session: Session, service: Connection) -> None:
    job_id = insert(service)
    (run,) = claim(service)

    with session.refused("23514"):
        service.execute("select public.worker_progress(%s, %s, 101)", (job_id, run["run_no"]))
