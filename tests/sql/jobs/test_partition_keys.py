"""Jobs with the same type and key run one after the other."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from conftest import Session
from queueing import NOON, Connection, Row, claim, complete, fail, insert, job, limit, release, seconds


def payouts(connection: Connection, *keys: str | None) -> list[int]:
    return [insert(connection, job_type="payout", partition_key=key) for key in keys]


def snooze(connection: Connection, run: Row) -> None:
    connection.execute("select public.worker_snooze(%s, %s, 60, %s)", (run["id"], run["run_no"], NOON))


def cancel(connection: Connection, run: Row) -> None:
    connection.execute("select public.worker_cancel(%s)", (run["id"],))


def lose(connection: Connection, run: Row) -> None:
    connection.execute("select public.worker_rescue(500, %s)", (NOON + seconds(30),))
    connection.execute("select public.worker_cancel(%s)", (run["id"],))


ENDS: dict[str, Callable[[Connection, Row], object]] = {
    "complete": complete,
    "fail": lambda connection, run: fail(connection, run["id"], run_no=run["run_no"]),
    "release": release,
    "snooze": snooze,
    "cancel": cancel,
    "lose": lose,
}


def test_one_at_a_time_of_each_key(service: Connection) -> None:
    ids = payouts(service, "alice", "alice", "bob", None, None, "alice")
    runs = claim(service)

    assert [run["id"] for run in runs] == [ids[0], *ids[2:5]]
    assert job(service, ids[1])["held_by"] == "key:payout:alice"
    assert claim(service) == []


@pytest.mark.parametrize("how", ENDS)
def test_however_a_run_ends_the_next_of_its_key_follows(service: Connection, how: str) -> None:
    first, second, third = payouts(service, "alice", "alice", "alice")
    (run,) = claim(service)
    ENDS[how](service, run)
    after = claim(service)

    assert [r["id"] for r in after] == [first if how == "release" else second]
    assert claim(service) == []
    assert third != second


def test_a_dead_letter_lets_the_next_go(service: Connection) -> None:
    first = insert(service, job_type="payout", partition_key="alice", max_attempts=1)
    (second,) = payouts(service, "alice")
    (run,) = claim(service)
    fail(service, first, run_no=run["run_no"])

    assert [r["id"] for r in claim(service)] == [second]


def test_a_job_whose_turn_it_was_passes_it_on_when_it_is_cancelled(service: Connection) -> None:
    _, second, third = payouts(service, "alice", "alice", "alice")
    complete(service, *claim(service))
    service.execute("select public.worker_cancel(%s)", (second,))

    assert [r["id"] for r in claim(service)] == [third]


def test_a_key_may_run_more_than_once_at_a_time(service: Connection) -> None:
    limit(service, "type", "payout", most_per_key=2)
    ids = payouts(service, "alice", "alice", "alice", "bob")
    runs = claim(service)
    complete(service, runs[0])

    assert [run["id"] for run in runs] == [ids[0], ids[1], ids[3]]
    assert [run["id"] for run in claim(service)] == [ids[2]]


def test_the_same_key_of_another_type_is_another_key(service: Connection) -> None:
    payouts(service, "alice")
    insert(service, job_type="mail", partition_key="alice")

    assert len(claim(service)) == 2


def test_names_that_read_alike_are_not_mixed_up(service: Connection) -> None:
    kept = [
        insert(service, job_type=t, partition_key=k) for t, k in (("a", "b:c"), ("a:b", "c")) for _ in "12"
    ]
    runs = claim(service)
    complete(service, runs[1])

    assert [run["id"] for run in runs] == [kept[0], kept[2]]
    assert [run["id"] for run in claim(service)] == [kept[3]]


def test_jobs_of_a_key_go_by_priority_and_time(service: Connection) -> None:
    (running,) = payouts(service, "alice")
    (run,) = claim(service)
    wanted = [
        insert(service, job_type="payout", partition_key="alice", priority=p, next_run_at=NOON - seconds(s))
        for p, s in ((5, 0), (0, 1), (0, 9))
    ][::-1]
    claim(service)
    order: list[int] = []
    while len(order) < 3:
        complete(service, run)
        (run,) = claim(service)
        order.append(run["id"])

    assert running not in order
    assert order == wanted


def test_a_turn_is_found_in_spite_of_the_low_water_mark(service: Connection) -> None:
    _, second = payouts(service, "alice", "alice")
    complete(service, *claim(service))

    assert [run["id"] for run in claim(service, low_water=NOON - seconds(5))] == [second]


def test_many_keys_are_a_few_claims(service: Connection) -> None:
    service.execute(
        "insert into public.worker_jobs (job_type, partition_key)"
        " select 'payout', n::text from generate_series(1, 350) n"
    )
    sizes = []
    while runs := claim(service, limit=1000, worker=uuid4()):
        sizes.append(len(runs))

    assert sizes == [100, 100, 100, 50], "a claim takes a hundred locks at most"


def test_the_key_stays_through_the_dead_letters(service: Connection) -> None:
    first = insert(service, job_type="payout", partition_key="alice", max_attempts=1)
    fail(service, first)
    service.execute("select public.worker_redrive(%s, %s)", (first, NOON))

    assert job(service, first)["partition_key"] == "alice"


def test_every_way_to_enqueue_takes_a_key(service: Connection) -> None:
    one = service.execute(
        "select public.worker_enqueue('payout', p_partition_key => 'alice') as id"
    ).fetchone()
    many = service.execute(
        """select id from public.worker_enqueue_many('[{"job_type": "payout", "partition_key": "alice"}]')"""
    ).fetchone()

    assert one is not None
    assert many is not None
    assert [job(service, row["id"])["partition_key"] for row in (one, many)] == ["alice", "alice"]


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_has_a_length(session: Session, service: Connection, key: str) -> None:
    with session.refused("23514"):
        payouts(service, key)


def test_keys_that_wait_in_a_full_queue_keep_no_key_of_another_from_its_turn(session: Session) -> None:
    with session.as_role("service_role"):
        limit(session.connection, "queue", "bulk", most_running=5)
        for _ in range(5):
            insert(session.connection, queue="bulk")
        assert len(claim(session.connection, queues=("bulk",))) == 5
    session.run(
        "insert into public.worker_jobs (job_type, queue, partition_key, held_by)"
        " select 'payout', 'bulk', n::text, 'turn' from generate_series(1, 150) n"
    )
    with session.as_role("service_role"):
        mine = insert(session.connection, job_type="payout", partition_key="alice")
        runs = claim(session.connection, queues=("bulk", "default"))
    goes_on = session.value("select current_setting('rambla.claim_goes_on', true)")

    assert [run["id"] for run in runs] == [mine]
    assert goes_on in {None, ""}
