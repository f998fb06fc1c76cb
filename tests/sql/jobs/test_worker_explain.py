"""Why is it not running?"""

from __future__ import annotations

from uuid import uuid4

from conftest import Session
from queueing import NOON, Connection, claim, complete, fail, insert, limit, seconds


def explain(connection: Connection, job_id: int, at: object = NOON) -> list[str]:
    rows = connection.execute("select public.worker_explain(%s, %s) as reason", (job_id, at)).fetchall()
    return [row["reason"] for row in rows]


def live_worker(connection: Connection, *types: str) -> None:
    connection.execute(
        "select public.worker_beat(%s, p_queues := array['default'], p_job_types := %s, p_at := %s)",
        (uuid4(), list(types), NOON),
    )


def test_a_job_for_later_waits(service: Connection) -> None:
    live_worker(service, "noop")

    assert explain(service, insert(service, next_run_at=NOON + seconds(60))) == [
        "It waits until 2030-06-01 12:01:00+00."
    ]


def test_a_paused_queue_says_why(service: Connection) -> None:
    live_worker(service, "noop")
    service.execute("select public.worker_pause('default', 'provider down', p_at => %s)", (NOON,))

    assert explain(service, insert(service)) == [
        "The queue default is paused since 2030-06-01 12:00:00+00: provider down"
    ]


def test_a_paused_type_says_why(service: Connection) -> None:
    live_worker(service, "noop")
    service.execute("select public.worker_pause('noop', 'provider down', 'type', %s)", (NOON,))
    held = insert(service)
    before = explain(service, held)
    claim(service)

    assert before == ["The type noop is paused since 2030-06-01 12:00:00+00: provider down"]
    assert explain(service, held) == before


def test_a_limit_names_those_that_run_in_its_place(service: Connection) -> None:
    live_worker(service, "noop")
    limit(service, "type", "noop", most_running=2)
    jobs, worker = [insert(service) for _ in range(3)], uuid4()
    claim(service, worker=worker)

    running = ", ".join(f"{job_id} on worker {worker}" for job_id in jobs[:2])
    assert explain(service, jobs[2]) == [f"The type noop runs at most 2 at once, and these run: {running}."]


def test_the_limit_of_a_queue_names_them_too(service: Connection) -> None:
    live_worker(service, "noop")
    limit(service, "queue", "default", most_running=1)
    first, second, worker = insert(service), insert(service), uuid4()
    claim(service, worker=worker)

    assert explain(service, second) == [
        f"The queue default runs at most 1 at once, and these run: {first} on worker {worker}."
    ]


def test_a_key_names_who_has_it(service: Connection) -> None:
    live_worker(service, "noop")
    first, second = (insert(service, partition_key="alice") for _ in range(2))
    worker = uuid4()
    claim(service, worker=worker)

    assert explain(service, second) == [
        f"At most 1 of the type noop with the key alice at once, and these run: {first} on worker {worker}."
    ]


def test_a_rate_says_how_many_have_started(service: Connection) -> None:
    live_worker(service, "noop")
    limit(service, "type", "noop", rate=(2, 60))
    jobs = [insert(service) for _ in range(3)]
    complete(service, *claim(service))

    assert explain(service, jobs[2]) == ["The type noop starts at most 2 in 60 seconds, and has started 2."]


def test_nobody_serves_the_queue(service: Connection) -> None:
    live_worker(service, "noop")

    assert explain(service, insert(service, queue="other")) == ["No live worker serves the queue other."]


def test_a_worker_that_was_alive_yesterday_does_not_count(service: Connection) -> None:
    live_worker(service, "noop")

    assert explain(service, insert(service), NOON + seconds(20)) == [
        "No live worker serves the queue default."
    ]


def test_nobody_knows_the_type(service: Connection) -> None:
    live_worker(service, "noop")

    assert explain(service, insert(service, job_type="mystery")) == [
        "No live worker of the queue default knows the type mystery."
    ]


def test_a_ready_job_waits_its_turn(service: Connection) -> None:
    live_worker(service, "noop")

    assert explain(service, insert(service)) == [
        "It is ready: the next free one of 1 workers takes it, after those before it."
    ]


def test_a_running_job_names_its_worker_and_whether_it_lives(service: Connection) -> None:
    job_id, worker = insert(service), uuid4()
    claim(service, worker=worker)
    alive, silent = explain(service, job_id), explain(service, job_id, NOON + seconds(20))

    assert alive == [f"It has been running since 2030-06-01 12:00:00+00, attempt 1 of 5, on worker {worker}."]
    assert silent[1:] == ["That worker has fallen silent; the next sweep of any worker ends the attempt."]


def test_what_is_over_says_how_it_ended(service: Connection) -> None:
    completed = insert(service)
    complete(service, *claim(service))
    cancelled, dead = insert(service), insert(service, max_attempts=1)
    service.execute("select public.worker_cancel(%s, 'not wanted', null, %s)", (cancelled, NOON))
    fail(service, dead)

    assert explain(service, completed) == ["It completed at 2030-06-01 12:00:00+00."]
    assert explain(service, cancelled) == ["It was cancelled at 2030-06-01 12:00:00+00: not wanted"]
    assert explain(service, dead) == [
        "It is a dead letter since 2030-06-01 12:00:00+00, after attempt 1 of 1. Redrive it to run it again."
    ]


def test_a_job_that_is_not_there_is_not_found(session: Session, service: Connection) -> None:
    with session.refused("not_found"):
        explain(service, 999_999_999)
