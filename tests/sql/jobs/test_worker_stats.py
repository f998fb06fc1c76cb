"""How much of what."""

from __future__ import annotations

from conftest import Session
from queueing import NOON, Connection, claim, complete, enqueue_after, fail, insert, limit, seconds


def stats(connection: Connection, at: object = NOON) -> list[tuple[object, ...]]:
    rows = connection.execute("select * from public.worker_stats(%s)", (at,)).fetchall()
    return [(r["queue"], r["job_type"], r["state"], r["jobs"], r["oldest_at"], r["capped"]) for r in rows]


def test_an_empty_queue_has_nothing_to_say(service: Connection) -> None:
    assert stats(service) == []


def test_every_state_is_counted_with_its_oldest(service: Connection) -> None:
    dead = insert(service, max_attempts=1)
    fail(service, dead, at=NOON - seconds(99))
    for _ in range(2):
        insert(service, next_run_at=NOON - seconds(500))
    complete(service, *claim(service, at=NOON - seconds(400)), at=NOON - seconds(300))
    insert(service, next_run_at=NOON - seconds(200))
    claim(service, at=NOON - seconds(150))
    insert(service, next_run_at=NOON - seconds(30))
    insert(service, priority=1, next_run_at=NOON - seconds(40))
    insert(service, next_run_at=NOON + seconds(60))

    assert stats(service) == [
        ("default", "noop", "completed", 2, NOON - seconds(300), False),
        ("default", "noop", "dead", 1, NOON - seconds(99), False),
        ("default", "noop", "ready", 2, NOON - seconds(40), False),
        ("default", "noop", "running", 1, NOON - seconds(150), False),
        ("default", "noop", "scheduled", 1, NOON + seconds(60), False),
    ]


def test_completed_means_in_the_last_hour(service: Connection) -> None:
    insert(service)
    complete(service, *claim(service), at=NOON)

    assert stats(service, NOON + seconds(3600)) == []


def test_held_is_a_state_of_its_own_and_a_turn_is_ready(service: Connection) -> None:
    limit(service, "type", "sleep", most_running=1)
    for _ in range(3):
        insert(service, job_type="sleep", next_run_at=NOON)
    parent = insert(service, partition_key="alice", next_run_at=NOON)
    enqueue_after(service, parent)
    insert(service, partition_key="alice", next_run_at=NOON)
    runs = claim(service)
    complete(service, *(run for run in runs if run["id"] == parent))

    assert [row[1:4] for row in stats(service)] == [
        ("noop", "completed", 1), ("noop", "ready", 2), ("sleep", "held", 2), ("sleep", "running", 1),
    ]  # fmt: skip


def test_queues_and_types_are_apart(service: Connection) -> None:
    insert(service, queue="bulk", job_type="sleep")
    insert(service, queue="bulk")
    insert(service, job_type="sleep")

    assert [row[:4] for row in stats(service)] == [
        ("bulk", "noop", "ready", 1), ("bulk", "sleep", "ready", 1), ("default", "sleep", "ready", 1),
    ]  # fmt: skip


def test_counting_stops_at_twenty_thousand_and_says_so(session: Session, service: Connection) -> None:
    session.run(
        "insert into worker_jobs (job_type, next_run_at) select 'noop', %s from generate_series(1, 20001)",
        NOON,
    )

    assert stats(service) == [("default", "noop", "ready", 20_000, NOON, True)]
