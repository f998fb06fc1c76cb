"""How long a key means the same job: forever, while its job is not over, or for a period."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from competing import Call, compete
from conftest import Session, TestDatabase
from queueing import NOON, Connection, claim, complete, fail, insert, job, seconds, whereabouts

ENQUEUE = "select public.worker_enqueue('noop', '{}', %s, p_unique => %s, p_at => %s) as id"
MANY = "select id from public.worker_enqueue_many(%s::jsonb, %s)"


def enqueue(connection: Connection, unique: str, at: dt.datetime = NOON, key: str = "k") -> int:
    row = connection.execute(ENQUEUE.encode(), (key, unique, at)).fetchone()
    assert row is not None
    found: int = row["id"]
    return found


def many(connection: Connection, *jobs: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [{"job_type": "noop", "idempotency_key": "k", **row} for row in jobs]
    return connection.execute(
        "select * from public.worker_enqueue_many(%s::jsonb, %s)", (json.dumps(rows), NOON)
    ).fetchall()


def test_while_pending_is_while_it_waits_or_runs(service: Connection) -> None:
    first = enqueue(service, "pending")
    waiting = enqueue(service, "pending")
    (run,) = claim(service)
    running = enqueue(service, "pending")
    complete(service, run)
    second = enqueue(service, "pending")

    assert (waiting, running) == (first, first)
    assert second != first
    assert whereabouts(service, first) == ["completed"]
    assert enqueue(service, "pending") == second


@pytest.mark.parametrize("end", ["dead", "cancelled", "pruned"])
def test_a_job_that_is_over_in_any_way_frees_the_key(service: Connection, end: str) -> None:
    first = enqueue(service, "pending")
    if end == "dead":
        for _ in range(5):
            fail(service, first)
    elif end == "cancelled":
        service.execute("select public.worker_cancel(%s)", (first,))
    else:
        complete(service, *claim(service))
        service.execute("select public.worker_prune(5000, %s)", (NOON + dt.timedelta(days=2),))

    assert enqueue(service, "pending") != first


def test_a_period_is_counted_from_the_job_that_has_the_key(service: Connection) -> None:
    first = enqueue(service, "1 hour")
    within = enqueue(service, "1 hour", NOON + seconds(3599))
    second = enqueue(service, "1 hour", NOON + seconds(3600))
    still = enqueue(service, "1 hour", NOON + seconds(7199))

    assert (within, still) == (first, second)
    assert second != first


def test_a_job_that_outlasts_its_period_goes_on_without_the_key(service: Connection) -> None:
    first = enqueue(service, "1 hour")
    second = enqueue(service, "1 hour", NOON + seconds(3600))

    assert (job(service, first)["status"], job(service, first)["idempotency_key"]) == ("pending", None)
    assert job(service, second)["idempotency_key"] == "k"


def test_forever_is_what_holds_when_nobody_says(service: Connection) -> None:
    first = enqueue(service, "pending")
    complete(service, *claim(service))

    assert enqueue(service, "forever") == first


@pytest.mark.parametrize("unique", ["sometimes", "1 parsec"])
def test_what_is_no_window_is_refused_from_the_first_job_on(
    session: Session, service: Connection, unique: str
) -> None:
    with session.refused("22007"):
        enqueue(service, unique)
    with session.refused("22007"):
        many(service, {"unique": unique})


def test_many_at_once_have_a_window_each(service: Connection) -> None:
    first, done = enqueue(service, "forever", key="a"), enqueue(service, "pending", key="b")
    complete(service, *claim(service))
    rows = many(
        service,
        {"idempotency_key": "a"},
        {"idempotency_key": "b", "unique": "pending", "payload": {"n": 2}},
        {"idempotency_key": "b", "unique": "pending", "payload": {"n": 3}},
        {"idempotency_key": "c", "unique": "1 hour"},
    )

    assert [row["created"] for row in rows] == [False, True, False, True]
    assert [row["same_payload"] for row in rows] == [True, True, False, True]
    assert rows[0]["id"] == first
    assert done != rows[1]["id"] == rows[2]["id"]
    assert job(service, rows[1]["id"])["payload"] == {"n": 2}


@pytest.mark.parametrize("unique", ["pending", "1 hour"])
def test_twenty_rivals_for_a_key_that_is_free_again_get_one_job(database: TestDatabase, unique: str) -> None:
    one = json.dumps([{"job_type": "noop", "idempotency_key": "k", "unique": unique}])
    with database.connect() as service:
        first = enqueue(service, unique, NOON - dt.timedelta(days=4000))
        complete(service, *claim(service))
    calls = [Call("service_role", MANY, (one, NOON)) if n % 2 else Call("service_role", ENQUEUE, ("k", unique, NOON))
             for n in range(20)]  # fmt: skip
    ids = set(compete(database, calls))
    with database.connect() as service:
        pending = service.execute("select id from worker_jobs where status = 'pending'").fetchall()

    assert len(ids) == 1
    assert first not in ids
    assert [row["id"] for row in pending] == list(ids)


def test_a_plain_insert_meets_the_key_whatever_its_window_was(session: Session, service: Connection) -> None:
    enqueue(service, "pending")
    with session.refused("23505"):
        insert(service, idempotency_key="k")
    complete(service, *claim(service))
    with session.refused("conflict"):
        insert(service, idempotency_key="k")


def test_pruning_the_older_job_of_a_key_leaves_the_key_alone(service: Connection) -> None:
    enqueue(service, "pending")
    complete(service, *claim(service))
    second = enqueue(service, "pending")
    service.execute("select public.worker_prune(5000, %s)", (NOON + dt.timedelta(days=200),))
    service.execute("select public.worker_prune(5000, %s)", (NOON + dt.timedelta(days=400),))

    assert enqueue(service, "forever", NOON + dt.timedelta(days=400)) == second
