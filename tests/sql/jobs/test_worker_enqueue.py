"""A key is a job, for as long as the key is kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from conftest import Session, TestDatabase
from queueing import NOON, Connection, claim, complete, dead_letter, enqueue, fail, insert, job, whereabouts


def test_a_job_gets_what_it_was_given(session: Session, service: Connection) -> None:
    job_id = session.value(
        "select public.worker_enqueue('sleep', '{\"seconds\": 2}', 'k', 'bulk', 7, %s, 9)", NOON
    )
    row = job(service, job_id)

    assert (row["job_type"], row["payload"], row["queue"]) == ("sleep", {"seconds": 2}, "bulk")
    assert (row["priority"], row["next_run_at"], row["max_attempts"]) == (7, NOON, 9)
    assert (row["status"], row["attempts"], row["idempotency_key"]) == ("pending", 0, "k")


def test_attempts_follow_the_type_when_nobody_says(session: Session) -> None:
    session.run("insert into public.worker_job_types (job_type, max_attempts) values ('patient', 12)")
    with session.as_role("service_role"):
        patient, unknown = enqueue(session.connection, "patient"), enqueue(session.connection, "unknown")

        assert job(session.connection, patient)["max_attempts"] == 12
        assert job(session.connection, unknown)["max_attempts"] == 5


def test_jobs_without_a_key_are_always_new(service: Connection) -> None:
    assert enqueue(service) != enqueue(service)


def test_the_same_key_is_the_same_job_through_its_whole_life(session: Session, service: Connection) -> None:
    job_id = enqueue(service, key="k")
    ids = [enqueue(service, key="k")]
    (run,) = claim(service)
    ids.append(enqueue(service, key="k"))
    complete(service, run)
    ids.append(enqueue(service, key="k"))
    session.run("select public.worker_prune(5000, %s)", NOON.replace(month=8))
    pruned = whereabouts(service, job_id)
    ids.append(enqueue(service, key="k"))

    assert pruned == []
    assert ids == [job_id] * 4


def test_the_same_key_is_the_same_job_in_the_dead_letters_and_after(
    session: Session, service: Connection
) -> None:
    job_id = enqueue(service, key="k")
    for _ in range(5):
        fail(service, job_id)
    dead = enqueue(service, key="k")
    session.run("select public.worker_redrive(%s)", job_id)

    assert dead == job_id
    assert enqueue(service, key="k") == job_id
    assert whereabouts(service, job_id) == ["pending"]


def test_another_content_under_the_key_changes_nothing(service: Connection) -> None:
    job_id = enqueue(service, "noop", key="k")

    assert enqueue(service, "sleep", key="k", payload='{"seconds": 1}') == job_id
    assert job(service, job_id)["job_type"] == "noop"


@pytest.mark.parametrize("rivals", [20])
def test_twenty_callers_with_one_key_get_one_job(database: TestDatabase, rivals: int) -> None:
    start = threading.Barrier(rivals)

    def one(_: int) -> int:
        with database.connect() as connection, connection.transaction():
            connection.execute("select count(*) from public.worker_jobs")
            start.wait()
            return enqueue(connection, key="order:1")

    with ThreadPoolExecutor(rivals) as pool:
        ids = set(pool.map(one, range(rivals)))
    with database.connect() as connection:
        rows = connection.execute("select id from public.worker_jobs").fetchall()

    assert [row["id"] for row in rows] == list(ids)


def test_a_key_is_free_again_when_its_transaction_rolls_back(database: TestDatabase) -> None:
    with (
        database.connect(autocommit=False) as first,
        database.connect() as second,
        ThreadPoolExecutor(1) as pool,
    ):
        lost = enqueue(first, key="k")
        waiting = pool.submit(enqueue, second, key="k")
        first.rollback()
        kept = waiting.result(timeout=10)

        assert kept != lost
        assert whereabouts(second, kept) == ["pending"]


def test_under_repeatable_read_the_later_one_is_told_to_come_again(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as late, database.connect() as early:
        late.commit()
        late.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        late.execute("select 1")
        enqueue(early, key="k")

        with pytest.raises(psycopg.errors.SerializationFailure):
            enqueue(late, key="k")


def test_a_job_exists_when_its_transaction_commits(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as writer, database.connect() as reader:
        job_id = enqueue(writer)
        before = whereabouts(reader, job_id)
        writer.commit()

        assert before == []
        assert whereabouts(reader, job_id) == ["pending"]


def test_a_plain_insert_meets_the_key_of_a_job_that_is_there(session: Session, service: Connection) -> None:
    enqueue(service, key="k")

    with session.refused("23505"):
        insert(service, idempotency_key="k")


def test_a_plain_insert_may_leave_the_conflict_alone(session: Session, service: Connection) -> None:
    job_id = insert(service, idempotency_key="k")
    added = session.run(
        "insert into worker_jobs (job_type, idempotency_key) values ('noop', 'k') on conflict do nothing"
    )

    assert added == 0
    assert enqueue(service, key="k") == job_id


def test_a_plain_insert_meets_the_key_of_a_job_that_is_gone(session: Session, service: Connection) -> None:
    job_id = insert(service, idempotency_key="k", max_attempts=1)
    fail(service, job_id)

    with session.refused("conflict"):
        insert(service, idempotency_key="k")
    assert whereabouts(service, job_id) == ["dead"]


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "running"}, {"status": "completed"}, {"status": "lost"}, {"max_attempts": 0},
        {"job_type": ""}, {"queue": ""}, {"queue": "a:b"}, {"idempotency_key": ""},
        {"tags": ["x"] * 11}, {"tags": ["x" * 501]}, {"tags": [None]},
    ],
    ids=str,
)  # fmt: skip
def test_a_job_cannot_begin_in_a_state_it_could_not_reach(
    session: Session, service: Connection, columns: dict[str, object]
) -> None:
    with session.refused("23514"):
        insert(service, **columns)


def test_tags_go_with_a_job_into_the_dead_letters_and_back(session: Session, service: Connection) -> None:
    job_id = session.value("select public.worker_enqueue('noop', p_max_attempts => 1, p_tags => '{vip,eu}')")
    fail(service, job_id)
    dead = dead_letter(service, job_id)
    service.execute("select public.worker_redrive(%s)", (job_id,))

    assert dead is not None
    assert dead["tags"] == job(service, job_id)["tags"] == ["vip", "eu"]
