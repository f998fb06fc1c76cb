"""Failures in batches, as workers report them."""

from __future__ import annotations

import json
from typing import Any

from queueing import NOON, Connection, claim, dead_letter, insert, job, seconds, whereabouts


def fail_many(connection: Connection, *failures: dict[str, Any]) -> dict[int, Any]:
    rows = connection.execute(
        "select * from public.worker_fail_jobs(%s::jsonb, %s)", (json.dumps(failures), NOON)
    ).fetchall()
    return {row["job_id"]: row["next_run_at"] for row in rows}


def test_each_goes_its_own_way(service: Connection) -> None:
    again, last = insert(service, max_attempts=5), insert(service, max_attempts=1)
    runs = claim(service)
    ended = fail_many(service, *({"id": r["id"], "run_no": r["run_no"], "error": "boom"} for r in runs))

    assert ended == {again: NOON + seconds(60), last: None}
    assert (whereabouts(service, again), whereabouts(service, last)) == (["pending"], ["dead"])


def test_a_final_failure_does_not_wait_for_the_last_attempt(service: Connection) -> None:
    job_id = insert(service, max_attempts=5)
    (run,) = claim(service)
    fail_many(service, {"id": job_id, "run_no": run["run_no"], "error": "no such user", "final": True})
    dead = dead_letter(service, job_id)

    assert dead is not None
    assert (dead["attempts"], dead["max_attempts"]) == (1, 5)


def test_an_outcome_is_kept_in_the_history(service: Connection) -> None:
    job_id = insert(service)
    (run,) = claim(service)
    fail_many(service, {"id": job_id, "run_no": run["run_no"], "error": "slow", "outcome": "timed_out"})
    (entry,) = job(service, job_id)["history"]

    assert (entry["outcome"], entry["run_no"], entry["attempt"]) == ("timed_out", 1, 1)
    assert entry["worker_id"] is not None


def test_a_run_that_is_over_is_left_out(service: Connection) -> None:
    job_id = insert(service)
    (run,) = claim(service)

    assert fail_many(service, {"id": job_id, "run_no": run["run_no"] + 1, "error": "boom"}) == {}
    assert whereabouts(service, job_id) == ["running"]


def test_a_batch_never_goes_unfenced(service: Connection) -> None:
    job_id = insert(service)
    claim(service)

    assert fail_many(service, {"id": job_id, "error": "boom"}) == {}
    assert whereabouts(service, job_id) == ["running"]


def test_an_empty_batch_is_fine(service: Connection) -> None:
    assert fail_many(service) == {}
