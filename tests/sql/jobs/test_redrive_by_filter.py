"""Many dead letters at once: said beforehand how many, moved in batches, none of them lost."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from competing import Call, compete
from conftest import Session, TestDatabase
from people import ADA
from queueing import NOON, Connection, dead_letter, enqueue, fail, insert, job, seconds, whereabouts

BATCH = "select public.worker_redrive_batch(%s::jsonb, %s, %s) as n"


def kill(connection: Connection, error: str = "boom", at: dt.datetime = NOON, **columns: Any) -> int:
    job_id = insert(connection, max_attempts=1, **columns)
    fail(connection, job_id, error, at=at)
    return job_id


def count(connection: Connection, **which: Any) -> int:
    row = connection.execute(
        "select public.worker_redrive_count(%s::jsonb) as n", (json.dumps(which, default=str),)
    ).fetchone()
    assert row is not None
    found: int = row["n"]
    return found


def batch(connection: Connection, limit: int = 500, **which: Any) -> int:
    row = connection.execute(BATCH.encode(), (json.dumps(which, default=str), limit, NOON)).fetchone()
    assert row is not None
    found: int = row["n"]
    return found


def test_each_part_of_a_filter_narrows_it(service: Connection) -> None:
    kill(service, "Timeout after 3 s")
    kill(service, "KeyError: timeout_seconds", job_type="sleep", queue="bulk", tags=["vip"])
    kill(service, "KeyError", at=NOON + seconds(60))

    assert count(service, all=True) == 3
    assert count(service, error="TIMEOUT") == 2
    assert count(service, error="timeout", job_type="sleep") == 1
    assert (count(service, queue="bulk"), count(service, tag="vip"), count(service, tag="none")) == (1, 1, 0)
    assert count(service, died_from=NOON + seconds(1)) == 1
    assert count(service, died_until=NOON, job_type="noop") == 1
    assert count(service, error="100%") == 0


@pytest.mark.parametrize(
    "which", [{}, {"all": False}, {"queue": None}, {"died_until": NOON}, {"tipe": "noop"}]
)
def test_a_filter_that_says_nothing_or_is_misspelt_is_refused(
    session: Session, service: Connection, which: dict[str, Any]
) -> None:
    kill(service)

    with session.refused("invalid_input"):
        count(service, **which)
    with session.refused("invalid_input"):
        batch(service, **which)
    with session.refused("invalid_input"):
        service.execute("select public.worker_redrive_all(%s::jsonb)", (json.dumps(which, default=str),))


def test_batches_take_the_oldest_first(service: Connection) -> None:
    third, first, second = (kill(service, at=NOON + seconds(s)) for s in (3, 1, 2))

    assert batch(service, 2, all=True) == 2
    assert [whereabouts(service, id_) for id_ in (first, second, third)] == [
        ["pending"],
        ["pending"],
        ["dead"],
    ]
    assert (batch(service, 2, all=True), batch(service, 2, all=True)) == (1, 0)


def test_what_comes_back_is_what_died(service: Connection) -> None:
    ids = [
        kill(service, f"error {n}", payload=f'{{"n": {n}}}', tags=["t"], idempotency_key=f"k{n}")
        for n in range(3)
    ]
    batch(service, all=True)

    for n, id_ in enumerate(ids):
        row = job(service, id_)
        assert (row["payload"], row["tags"], row["idempotency_key"], row["redrives"]) == (
            {"n": n},
            ["t"],
            f"k{n}",
            1,
        )
        assert (row["attempts"], row["run_no"], row["next_run_at"]) == (0, 1, NOON)
        assert [entry["outcome"] for entry in row["history"]] == ["failed", "redriven"]


def test_a_letter_whose_id_another_job_has_stays_a_letter(session: Session, service: Connection) -> None:
    taken, free = kill(service), kill(service)
    session.connection.execute("reset role")
    session.run("insert into worker_jobs (id, job_type) overriding system value values (%s, 'thief')", taken)
    session.connection.execute("set role service_role")

    assert batch(service, 1, all=True) == 1
    assert whereabouts(service, free) == ["pending"]
    assert batch(service, all=True) == 0
    assert dead_letter(service, taken) is not None
    assert job(service, taken)["job_type"] == "thief"
    with session.refused("conflict"):
        service.execute("select public.worker_redrive(%s)", (taken,))
    assert dead_letter(service, taken) is not None


def test_a_letter_whose_key_has_another_job_comes_back_without_it(
    session: Session, service: Connection
) -> None:
    older = kill(service, idempotency_key="k")
    newer = session.value("select public.worker_enqueue('noop', '{}', 'k', p_unique => 'pending')")
    service.execute("select public.worker_redrive(%s)", (older,))

    assert newer != older
    assert (job(service, older)["idempotency_key"], job(service, newer)["idempotency_key"]) == (None, "k")
    assert enqueue(service, key="k") == newer


def test_a_cancelled_job_whose_key_has_another_job_runs_without_it(
    session: Session, service: Connection
) -> None:
    older = enqueue(service, key="k")
    service.execute("select public.worker_cancel(%s)", (older,))
    newer = session.value("select public.worker_enqueue('noop', '{}', 'k', p_unique => 'pending')")
    service.execute("select public.worker_retry(%s)", (older,))

    assert (job(service, older)["idempotency_key"], job(service, newer)["idempotency_key"]) == (None, "k")


def test_redrives_and_enqueues_at_once_lose_and_double_nothing(database: TestDatabase) -> None:
    with database.connect() as service:
        ids = [kill(service, idempotency_key=f"k{n}") for n in range(100)]
    batches = [Call("service_role", BATCH, ('{"all": true}', 40, NOON)) for _ in range(4)]
    single = [Call("service_role", "select public.worker_redrive(%s)", (id_,)) for id_ in ids[:4]]
    enqueues = [
        Call(
            "service_role",
            "select public.worker_enqueue('noop', '{}', %s, p_unique => 'pending')",
            (f"k{n}",),
        )
        for n in range(4)
    ]
    compete(database, batches + single + enqueues)
    with database.connect() as service:
        while batch(service, all=True):
            pass
        found = [whereabouts(service, id_) for id_ in ids]
        keys = service.execute(
            "select idempotency_key, count(*) as n from worker_jobs where idempotency_key is not null group by 1"
        ).fetchall()

    assert found == [["pending"]] * 100
    assert [row["n"] for row in keys] == [1] * 100


def test_the_job_that_redrives_keeps_the_moment_it_was_asked_for(
    session: Session, service: Connection
) -> None:
    kill(service)
    id_ = session.value("""select public.worker_redrive_all('{"queue": "default"}', %s)""", NOON + seconds(1))
    kill(service, at=NOON + seconds(2))
    row = job(service, id_)

    assert row["job_type"] == "jobs_redrive"
    assert set(row["payload"]["filter"]) == {"queue", "died_until"}
    assert count(service, **row["payload"]["filter"]) == 1


def test_it_is_written_down_who_redrove_and_how_many(session: Session) -> None:
    with session.as_user(ADA):
        kill(session.connection)
        session.run("""select public.worker_redrive_all('{"all": true}', %s)""", NOON)
        entry = session.one("select * from public.audit_log where action = 'jobs.redrive'")

    assert (entry["actor_id"], entry["details"]["letters"]) == (ADA.id, 1)
