"""Ada pauses a queue or a type, and says why."""

from __future__ import annotations

import pytest

from conftest import Session
from people import ADA
from queueing import NOON, Connection, claim, complete, insert, job, limit


def pause(connection: Connection, scope: str, name: str, reason: str = "") -> None:
    connection.execute("select public.worker_pause(%s, %s, %s, %s)", (name, reason, scope, NOON))


def test_a_paused_type_rests_in_every_queue_and_its_running_jobs_go_on(service: Connection) -> None:
    running = insert(service)
    runs = claim(service)
    pause(service, "type", "noop")
    held = [insert(service, queue=q) for q in ("default", "bulk")]
    other = insert(service, job_type="sleep")
    paused = claim(service, queues=("default", "bulk"))
    finished = complete(service, *runs)
    service.execute("select public.worker_resume('noop', 'type')")

    assert [run["id"] for run in paused] == [other]
    assert finished == [running]
    assert [run["id"] for run in claim(service, queues=("default", "bulk"))] == held


def test_a_paused_type_stands_in_nobodys_way(service: Connection) -> None:
    pause(service, "type", "noop")
    service.execute("insert into worker_jobs (job_type) select 'noop' from generate_series(1, 600)")
    other = insert(service, job_type="sleep")

    assert [run["id"] for run in claim(service, limit=10)] == [other]


def test_after_the_pause_the_limit_still_holds(service: Connection) -> None:
    limit(service, "type", "noop", most_running=2)
    pause(service, "type", "noop")
    for _ in range(3):
        insert(service)
    paused = claim(service)
    service.execute("select public.worker_resume('noop', 'type')")

    assert (paused, len(claim(service))) == ([], 2)


def test_a_key_does_not_go_past_a_paused_queue(service: Connection) -> None:
    insert(service, partition_key="alice")
    second = insert(service, partition_key="alice")
    runs = claim(service)
    claim(service)
    pause(service, "queue", "default")
    complete(service, *runs)
    paused = claim(service)
    service.execute("select public.worker_resume('default')")

    assert (paused, [run["id"] for run in claim(service)]) == ([], [second])


def test_who_paused_what_and_why(session: Session) -> None:
    with session.as_user(ADA):
        session.run("select public.worker_pause('noop', 'the provider is down', 'type')")
        session.run("select public.worker_resume('noop', 'type')")
        session.run("select public.worker_resume('noop', 'type')")
    entries = session.all("select actor_id, action, subject, details from public.audit_log order by action")

    assert [(e["actor_id"], e["action"], e["subject"]) for e in entries] == [
        (ADA.id, "type.pause", "noop"),
        (ADA.id, "type.resume", "noop"),
    ]
    assert entries[0]["details"] == {"reason": "the provider is down"}


def test_a_held_job_keeps_its_place_in_the_table(service: Connection) -> None:
    pause(service, "type", "noop")
    held = insert(service)
    claim(service)

    assert (job(service, held)["status"], job(service, held)["attempts"]) == ("pending", 0)


@pytest.mark.parametrize("call", ["worker_pause('x', '', 'planet')", "worker_resume('x', 'planet')"])
def test_there_are_queues_and_types_and_nothing_else(
    session: Session, service: Connection, call: str
) -> None:
    with session.refused("invalid_value"):
        service.execute(f"select public.{call}".encode())
