"""What a stopping worker gives back."""

from __future__ import annotations

from conftest import TestDatabase
from queueing import NOON, Connection, claim, insert, job


def release(connection: Connection, *runs: dict[str, int]) -> list[int]:
    rows = connection.execute(
        "select public.worker_release(%s, %s) as id", ([r["id"] for r in runs], [r["run_no"] for r in runs])
    ).fetchall()
    return [row["id"] for row in rows]


def test_a_released_job_is_as_it_was_but_for_the_token(service: Connection) -> None:
    job_id = insert(service, next_run_at=NOON)
    (run,) = claim(service)

    assert release(service, run) == [job_id]
    row = job(service, job_id)
    assert (row["status"], row["attempts"], row["next_run_at"], row["run_no"]) == ("pending", 0, NOON, 1)
    assert [r["id"] for r in claim(service)] == [job_id]


def test_only_ones_own_runs_are_given_back(service: Connection) -> None:
    insert(service)
    (run,) = claim(service)

    assert release(service, {**run, "run_no": 7}) == []
    assert job(service, run["id"])["status"] == "running"


def test_a_release_wakes_the_queue(database: TestDatabase) -> None:
    with database.connect() as listener, database.connect() as worker:
        insert(worker, queue="bulk")
        (run,) = claim(worker, queues=("bulk",))
        listener.execute("listen jobs")
        release(worker, run)

        assert [n.payload for n in listener.notifies(timeout=2, stop_after=1)] == ["bulk"]
