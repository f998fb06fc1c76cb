"""What is kept, and for how long."""

from __future__ import annotations

import datetime as dt

from conftest import Session
from queueing import NOON, Connection, claim, complete, dead_letter, enqueue, fail, insert, whereabouts

DAY = dt.timedelta(days=1)


def prune(connection: Connection, at: dt.datetime, limit: int = 5000) -> int:
    row = connection.execute("select public.worker_prune(%s, %s) as n", (limit, at)).fetchone()
    assert row is not None
    found: int = row["n"]
    return found


def test_a_completed_job_is_kept_for_a_day(service: Connection) -> None:
    job_id = insert(service)
    complete(service, *claim(service))

    assert prune(service, NOON + DAY) == 0
    assert prune(service, NOON + DAY * 1.01) == 1
    assert whereabouts(service, job_id) == []


def test_a_cancelled_job_is_kept_for_a_week(service: Connection) -> None:
    job_id = insert(service)
    service.execute("select public.worker_cancel(%s, '', null, %s)", (job_id, NOON))

    assert prune(service, NOON + DAY * 7) == 0
    assert prune(service, NOON + DAY * 7.01) == 1


def test_a_dead_letter_waits_ninety_days_for_somebody(service: Connection) -> None:
    job_id = insert(service, max_attempts=1)
    fail(service, job_id)

    assert prune(service, NOON + DAY * 90) == 0
    assert prune(service, NOON + DAY * 90.01) == 1
    assert dead_letter(service, job_id) is None


def test_what_waits_or_runs_is_never_pruned(service: Connection) -> None:
    waiting, running = insert(service, next_run_at=NOON + DAY), insert(service)
    claim(service)

    assert prune(service, NOON + DAY * 10_000) == 0
    assert (whereabouts(service, waiting), whereabouts(service, running)) == (["pending"], ["running"])


def test_a_key_outlives_its_job_by_ninety_days(service: Connection) -> None:
    job_id = enqueue(service, key="k")
    complete(service, *claim(service))
    prune(service, NOON + DAY * 2)

    assert enqueue(service, key="k") == job_id
    assert prune(service, NOON + DAY * 92) == 0
    assert prune(service, NOON + DAY * 92.01) == 1
    assert enqueue(service, key="k") != job_id


def test_operators_may_keep_longer(session: Session, service: Connection) -> None:
    insert(service)
    complete(service, *claim(service))
    session.connection.execute("reset role")
    session.run("update internal.settings set value = '\"30 days\"' where key = 'jobs_keep_completed'")

    assert prune(service, NOON + DAY * 30) == 0
    assert prune(service, NOON + DAY * 30.01) == 1


def test_pruning_goes_in_small_steps(service: Connection) -> None:
    for _ in range(5):
        insert(service)
    complete(service, *claim(service))

    assert [prune(service, NOON + DAY * 2, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_type_keeps_its_own_time_and_stands_in_nobodys_way(session: Session, service: Connection) -> None:
    session.connection.execute("reset role")
    session.run(
        "insert into worker_job_types (job_type, keep_completed, keep_cancelled, keep_dead)"
        " values ('receipt', '30 days', '1 hour', '1 day')"
    )
    session.connection.execute("set role service_role")
    kept, quick = insert(service, job_type="receipt"), insert(service)
    complete(service, *claim(service))
    cancelled, dead = insert(service, job_type="receipt"), insert(service, job_type="receipt", max_attempts=1)
    service.execute("select public.worker_cancel(%s, '', null, %s)", (cancelled, NOON))
    fail(service, dead)
    steps = [prune(service, NOON + DAY * 2, limit=1) for _ in range(4)]

    assert steps == [1, 1, 1, 0]
    assert [whereabouts(service, id_) for id_ in (kept, quick, cancelled, dead)] == [
        ["completed"],
        [],
        [],
        [],
    ]
    assert prune(service, NOON + DAY * 30.01) == 1


def test_results_and_history_are_readable_until_then(service: Connection) -> None:
    done, dead = insert(service), insert(service, max_attempts=1)
    fail(service, dead, "boom")
    complete(service, *claim(service), result='{"sent": 3}')
    prune(service, NOON + DAY)
    row = service.execute("select result from worker_jobs where id = %s", (done,)).fetchone()
    letter = dead_letter(service, dead)

    assert row == {"result": {"sent": 3}}
    assert letter is not None
    assert letter["history"][0]["error"] == "boom"
