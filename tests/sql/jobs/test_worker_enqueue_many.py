"""Many jobs in one statement."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from conftest import Session, TestDatabase
from queueing import NOON, Connection, enqueue, job


def many(connection: Connection, *jobs: dict[str, Any]) -> list[dict[str, Any]]:
    return connection.execute(
        "select * from public.worker_enqueue_many(%s::jsonb)", (json.dumps(jobs),)
    ).fetchall()


def test_answers_come_in_the_order_of_the_jobs(service: Connection) -> None:
    rows = many(service, *({"job_type": "noop", "payload": {"n": n}} for n in range(200)))

    assert [job(service, row["id"])["payload"]["n"] for row in rows] == list(range(200))
    assert {row["created"] for row in rows} == {True}
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)


def test_what_is_left_out_has_its_default(session: Session, service: Connection) -> None:
    bare, full = many(
        service,
        {"job_type": "noop"},
        {
            "job_type": "noop", "queue": "bulk", "priority": 4, "next_run_at": NOON.isoformat(), "max_attempts": 2,
            "payload": {"a": 1},
        },
    )  # fmt: skip
    first, second = job(service, bare["id"]), job(service, full["id"])

    assert (first["queue"], first["priority"], first["max_attempts"], first["payload"]) == (
        "default",
        0,
        5,
        {},
    )
    assert first["next_run_at"] == session.value("select now()")
    assert (second["queue"], second["priority"], second["max_attempts"]) == ("bulk", 4, 2)
    assert (second["next_run_at"], second["payload"]) == (NOON, {"a": 1})


def test_a_key_that_is_known_is_not_new(service: Connection) -> None:
    known = enqueue(service, key="known")
    rows = many(
        service,
        {"job_type": "noop", "idempotency_key": "new"},
        {"job_type": "noop", "idempotency_key": "known"},
    )

    assert [(row["created"], row["same_payload"]) for row in rows] == [(True, True), (False, True)]
    assert rows[1]["id"] == known


def test_a_key_twice_in_one_call_is_one_job(service: Connection) -> None:
    keyed = {"job_type": "noop", "idempotency_key": "k"}
    first, second = many(service, keyed, keyed)

    assert first["id"] == second["id"]
    assert (first["created"], second["created"]) == (True, False)


def test_another_content_under_the_key_is_reported(service: Connection) -> None:
    many(service, {"job_type": "noop", "idempotency_key": "k", "payload": {"n": 1}})
    (row,) = many(service, {"job_type": "noop", "idempotency_key": "k", "payload": {"n": 2}})

    assert (row["created"], row["same_payload"]) == (False, False)


def test_nothing_to_enqueue_is_fine(service: Connection) -> None:
    assert many(service) == []


def test_what_is_not_an_array_is_refused(session: Session, service: Connection) -> None:
    with session.refused("invalid_input"):
        service.execute("select public.worker_enqueue_many('{}')")


def test_overlapping_keys_in_opposite_order_do_not_deadlock(database: TestDatabase) -> None:
    keys = [f"k{n:03}" for n in range(100)]
    start = threading.Barrier(8)

    def one(number: int) -> list[int]:
        jobs = [{"job_type": "noop", "idempotency_key": k} for k in (keys if number % 2 else reversed(keys))]
        with database.connect() as connection:
            start.wait()
            ids = [row["id"] for row in many(connection, *jobs)]
        return ids if number % 2 else ids[::-1]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(8)))

    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0])) == 100


def test_one_notification_a_queue_however_many_jobs(database: TestDatabase) -> None:
    with database.connect() as listener, database.connect() as writer:
        listener.execute("listen jobs")
        many(
            writer,
            *({"job_type": "noop", "queue": queue} for queue in ("default", "bulk") for _ in range(50)),
        )
        many(writer, {"job_type": "noop", "next_run_at": NOON.isoformat()})
        heard = [n.payload for n in listener.notifies(timeout=2, stop_after=2)]
        heard += [n.payload for n in listener.notifies(timeout=0.2)]

    assert sorted(heard) == ["bulk", "default"]


def test_a_rolled_back_enqueue_wakes_nobody(database: TestDatabase) -> None:
    with database.connect() as listener, database.connect(autocommit=False) as writer:
        listener.execute("listen jobs")
        many(writer, {"job_type": "noop"})
        writer.rollback()

        assert list(listener.notifies(timeout=0.2)) == []


def test_a_bad_job_takes_none_with_it(session: Session, service: Connection) -> None:
    with session.refused("23502"):
        many(service, {"job_type": "noop", "idempotency_key": "good"}, {"payload": {}})
    assert service.execute("select from public.worker_job_keys").fetchall() == []
