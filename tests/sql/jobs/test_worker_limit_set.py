"""How many at once and how many in a period; an operator's word stands above the code's."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from conftest import Session, TestDatabase
from people import ADA
from queueing import NOON, Connection, claim, complete, insert, job, limit, release, seconds


def register(connection: Connection, **numbers: Any) -> None:
    """What a worker of this release says about the type noop when it starts."""
    row = {
        "job_type": "noop", "queue": "default", "max_attempts": 5, "backoff_base": 60, "backoff_factor": 2,
        "backoff_cap": 3600, "jitter": 0, **numbers,
    }  # fmt: skip
    connection.execute("select public.worker_register(%s)", (json.dumps([row]),))


def held(connection: Connection) -> list[str]:
    rows = connection.execute(
        "select held_by from public.worker_jobs where held_by is not null order by id"
    ).fetchall()
    return [row["held_by"] for row in rows]


def test_a_type_runs_as_many_at_once_as_its_limit(service: Connection) -> None:
    limit(service, "type", "noop", most_running=3)
    ids = [insert(service) for _ in range(5)]
    runs = claim(service)
    more = claim(service)
    complete(service, runs[0])

    assert [run["id"] for run in runs] == ids[:3]
    assert more == []
    assert [run["id"] for run in claim(service)] == ids[3:4]


def test_a_job_that_waits_is_held_once_and_stands_in_nobodys_way(service: Connection) -> None:
    limit(service, "type", "noop", most_running=1)
    for _ in range(700):
        insert(service)
    other = insert(service, job_type="sleep")
    runs = claim(service, limit=2)

    assert [run["id"] for run in runs] == [runs[0]["id"], other]
    assert held(service) == ["type:noop"] * 699


def test_a_type_is_counted_in_every_queue(service: Connection) -> None:
    limit(service, "type", "noop", most_running=2)
    for queue in ("a", "b", "a", "b"):
        insert(service, queue=queue)

    assert len(claim(service, queues=("a",), limit=1)) == 1
    assert len(claim(service, queues=("b",))) == 1
    assert claim(service, queues=("a", "b")) == []


def test_what_is_held_goes_before_what_came_later(service: Connection) -> None:
    limit(service, "type", "noop", most_running=1)
    first, second, third = (insert(service, next_run_at=NOON - seconds(9 - n)) for n in range(3))
    (run,) = claim(service)
    later, urgent = insert(service, next_run_at=NOON), insert(service, next_run_at=NOON, priority=-1)
    order = [run["id"]]
    while len(order) < 5:
        complete(service, run)
        (run,) = claim(service)
        order.append(run["id"])

    assert order == [first, urgent, second, third, later]


def test_a_queue_runs_as_many_at_once_as_its_limit_and_the_others_go_on(service: Connection) -> None:
    limit(service, "queue", "bulk", most_running=2)
    bulk = [insert(service, queue="bulk", priority=p) for p in (5, 0, 0, 0)]
    other = [insert(service, queue="default") for _ in range(3)]
    runs = claim(service, queues=("bulk", "default"))
    again = claim(service, queues=("bulk", "default"))
    complete(service, runs[0])

    assert [run["id"] for run in runs] == [*bulk[1:3], *other]
    assert again == []
    assert [run["id"] for run in claim(service, queues=("bulk",))] == bulk[3:]
    assert held(service) == []


def test_queue_type_and_key_hold_together(service: Connection) -> None:
    limit(service, "queue", "bulk", most_running=3)
    limit(service, "type", "noop", most_running=2)
    for key in ("a", "a", "b", "c", None):
        insert(service, queue="bulk", partition_key=key)
    for _ in range(2):
        insert(service, queue="bulk", job_type="sleep")
    runs = claim(service, queues=("bulk",))

    assert [(run["job_type"], key_of(service, run["id"])) for run in runs] == [
        ("noop", "a"),
        ("noop", "b"),
        ("sleep", None),
    ]


def key_of(connection: Connection, job_id: int) -> object:
    return job(connection, job_id)["partition_key"]


def test_a_rate_starts_so_many_in_a_period(service: Connection) -> None:
    limit(service, "type", "noop", rate=(10, 60))
    for _ in range(25):
        insert(service)
    complete(service, *claim(service, limit=4))
    complete(service, *claim(service))
    taken = [len(claim(service, at=NOON + seconds(t))) for t in (1, 59, 60.6, 61, 121.2)]

    assert taken == [0, 0, 10, 0, 5]


@pytest.mark.parametrize(("count", "period"), [(1, 1), (7, 10), (50, 3)])
def test_no_period_has_more_starts_than_the_rate(service: Connection, count: int, period: float) -> None:
    limit(service, "type", "noop", rate=(count, period))
    for _ in range(count * 9):
        insert(service)
    starts: list[float] = []
    now = 0.0
    for step in range(160):
        now += period * (0.003 + 0.05 * (step % 3))
        starts += [now] * len(claim(service, limit=1 + step % 9, at=NOON + seconds(now)))
    most = max(sum(1 for other in starts if start <= other < start + period) for start in starts)

    assert most <= count
    assert len(starts) >= count * 7, "a claim every tenth of a period loses no more than that"


def test_a_release_gives_its_place_back_but_not_its_start(service: Connection) -> None:
    limit(service, "type", "noop", most_running=1, rate=(2, 60))
    for _ in range(3):
        insert(service)
    for _ in range(2):
        release(service, *claim(service))

    assert claim(service) == []


def test_runs_that_began_before_the_limit_count(service: Connection) -> None:
    for _ in range(4):
        insert(service)
    runs = claim(service, limit=3)
    limit(service, "type", "noop", most_running=3)
    full = claim(service)
    complete(service, runs[0])

    assert full == []
    assert len(claim(service)) == 1


def test_an_operators_limit_stands_above_the_codes_also_after_a_restart(service: Connection) -> None:
    for _ in range(9):
        insert(service)
    register(service, most_running=1)
    by_code = len(claim(service))
    limit(service, "type", "noop", most_running=4)
    by_operator = len(claim(service))
    register(service, most_running=1)
    full = claim(service)
    service.execute("select public.worker_limit_clear('type', 'noop')")

    assert (by_code, by_operator, full) == (1, 3, [])
    assert claim(service) == []


def test_a_limit_that_is_gone_from_the_code_is_gone(service: Connection) -> None:
    register(service, most_running=1)
    for _ in range(4):
        insert(service)
    claim(service)
    register(service)

    assert len(claim(service)) == 3


def test_who_limited_what_and_why_is_in_the_audit_log(session: Session) -> None:
    with session.as_user(ADA):
        session.run("select public.worker_limit_set('queue', 'bulk', 5, p_reason => 'a small database')")
    entry = session.one("select actor_id, action, subject, details from public.audit_log")
    row = session.one(
        "select source, most_running, reason, set_by from public.worker_limits where scope = 'queue'"
    )

    assert (entry["actor_id"], entry["action"], entry["subject"]) == (ADA.id, "queue.limit", "bulk")
    assert entry["details"]["reason"] == "a small database"
    assert row == {"source": "operator", "most_running": 5, "reason": "a small database", "set_by": ADA.id}


@pytest.mark.parametrize(
    "arguments",
    [
        "'planet', 'noop', 1",
        "'type', 'noop', 0",
        "'type', 'noop', p_rate_count => 5",
        "'type', 'noop', p_rate_count => 5, p_rate_seconds => 0",
        "'queue', 'bulk', p_most_per_key => 2",
    ],
)
def test_what_is_no_limit_is_refused(session: Session, service: Connection, arguments: str) -> None:
    with session.refused("invalid_value" if "planet" in arguments else "23514"):
        service.execute(f"select public.worker_limit_set({arguments})".encode())


def test_a_claim_with_limits_does_not_trust_an_old_snapshot(database: TestDatabase) -> None:
    with database.connect() as service:
        limit(service, "type", "noop", most_running=1)
        insert(service)
        with pytest.raises(psycopg.Error, match="READ COMMITTED"), service.transaction():
            service.execute("set transaction isolation level repeatable read")
            claim(service)

        assert len(claim(service)) == 1
