"""Only the run that holds a job completes it."""

from __future__ import annotations

from conftest import TestDatabase
from queueing import NOON, Connection, claim, complete, fail, insert, job, seconds


def test_a_completed_job_keeps_its_result_and_its_time(service: Connection) -> None:
    job_id = insert(service)
    done = complete(service, *claim(service), result='{"rows": 3}', at=NOON + seconds(1))
    row = job(service, job_id)

    assert done == [job_id]
    assert (row["status"], row["finished_at"], row["result"], row["worker_id"]) == (
        "completed", NOON + seconds(1), {"rows": 3}, None,
    )  # fmt: skip


def test_many_are_completed_at_once(service: Connection) -> None:
    ids = {insert(service) for _ in range(30)}

    assert set(complete(service, *claim(service))) == ids


def test_a_late_completion_is_refused(service: Connection) -> None:
    job_id = insert(service)
    (late,) = claim(service)
    fail(service, job_id, run_no=late["run_no"])
    (current,) = claim(service, at=NOON + seconds(60))

    assert complete(service, late) == []
    assert job(service, job_id)["status"] == "running"
    assert complete(service, current) == [job_id]


def test_a_completion_is_refused_the_second_time(service: Connection) -> None:
    insert(service)
    runs = claim(service)

    assert len(complete(service, *runs)) == 1
    assert complete(service, *runs) == []


def test_attempts_that_are_given_back_do_not_bring_an_old_run_back(service: Connection) -> None:
    """Why the token is not the number of the attempt: after a snooze that is the same number again."""
    job_id = insert(service)
    (asleep,) = claim(service)
    service.execute("select public.worker_snooze(%s, %s, 0, %s)", (job_id, asleep["run_no"], NOON))
    (awake,) = claim(service)

    assert asleep["attempt"] == awake["attempt"]
    assert complete(service, asleep) == []


def test_one_late_run_does_not_stop_the_others(service: Connection) -> None:
    ids = [insert(service) for _ in range(3)]
    runs = claim(service)
    service.execute("select public.worker_cancel(%s)", (ids[1],))

    assert complete(service, *runs) == [ids[0], ids[2]]


def test_an_old_error_is_not_shown_on_what_completed(service: Connection) -> None:
    job_id = insert(service)
    fail(service, job_id, "at first")
    complete(service, *claim(service, at=NOON + seconds(60)))
    row = job(service, job_id)

    assert row["last_error"] is None
    assert [entry["error"] for entry in row["history"]] == ["at first"]


def test_a_person_at_a_prompt_may_leave_out_the_runs(service: Connection) -> None:
    job_id, waiting = insert(service), insert(service, next_run_at=NOON + seconds(60))
    claim(service)
    rows = service.execute(
        "select public.worker_complete_jobs(array[%s, %s]::bigint[]) as id", (job_id, waiting)
    ).fetchall()

    assert [row["id"] for row in rows] == [job_id]


def test_two_completions_at_once_are_one(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as first, database.connect(autocommit=False) as second:
        insert(first)
        runs = claim(first)
        first.commit()
        mine = complete(first, *runs)
        first.commit()
        theirs = complete(second, *runs)

    assert (len(mine), theirs) == (1, [])
