"""The sweep that opens gates which hold jobs for nothing."""

from __future__ import annotations

from conftest import Session
from queueing import Connection, claim, complete, insert, job, limit


def reopen(connection: Connection, after: str = "", most: int = 1000) -> str:
    row = connection.execute("select public.worker_reopen(%s, %s) as gate", (after, most)).fetchone()
    assert row is not None
    gate: str = row["gate"]
    return gate


def hold(session: Session, job_id: int, gate: str) -> None:
    """As if a crash, or a restore of an older state, had left it so."""
    session.connection.execute("reset role")
    session.run("update public.worker_jobs set held_by = %s where id = %s", gate, job_id)
    session.connection.execute("set local role service_role")


def test_a_key_of_which_nothing_runs_goes_on(session: Session, service: Connection) -> None:
    forgotten = insert(service, partition_key="alice")
    hold(session, forgotten, "key:noop:alice")
    stuck = claim(service)
    reopen(service)

    assert stuck == []
    assert [run["id"] for run in claim(service)] == [forgotten]


def test_a_key_that_runs_holds_on(service: Connection) -> None:
    _, second = insert(service, partition_key="alice"), insert(service, partition_key="alice")
    claim(service)
    reopen(service)

    assert job(service, second)["held_by"] == "key:noop:alice"


def test_a_key_that_may_run_more_often_now_does(service: Connection) -> None:
    for _ in range(3):
        insert(service, partition_key="alice")
    claim(service)
    limit(service, "type", "noop", most_per_key=2)
    reopen(service)

    assert len(claim(service)) == 1
    assert claim(service) == []


def test_a_type_that_has_no_limit_any_more_goes_on(session: Session, service: Connection) -> None:
    forgotten = insert(service)
    hold(session, forgotten, "type:noop")
    stuck = claim(service)
    reopen(service)

    assert stuck == []
    assert [run["id"] for run in claim(service)] == [forgotten]


def test_it_goes_from_gate_to_gate(session: Session, service: Connection) -> None:
    for key in ("a", "b", "c"):
        for _ in range(2):
            hold(session, insert(service, partition_key=key), f"key:noop:{key}")
    first = reopen(service, most=2)
    ready = len(claim(service))
    second = reopen(service, first, most=2)

    assert (first, ready, second) == ("key:noop:b", 2, "")
    assert len(claim(service)) == 1


def test_runs_that_slipped_past_a_new_limit_are_counted(session: Session, service: Connection) -> None:
    for _ in range(3):
        insert(service)
    runs = claim(service, limit=2)
    limit(service, "type", "noop", most_running=2)
    session.connection.execute("reset role")
    session.run("update public.worker_jobs set limited = false")
    session.connection.execute("set local role service_role")
    reopen(service)
    full = claim(service)
    complete(service, runs[0])

    assert (full, len(claim(service))) == ([], 1)


def test_parents_are_no_gate_that_opens_by_itself(service: Connection) -> None:
    parent = insert(service)
    service.execute("select public.worker_enqueue('noop', p_after => %s)", ([parent],))
    reopen(service)

    assert [run["id"] for run in claim(service)] == [parent]
