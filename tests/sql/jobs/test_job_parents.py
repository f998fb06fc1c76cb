"""Jobs that come after others: fan-out, fan-in, and what becomes of children when a parent fails."""

from __future__ import annotations

import json

import pytest

from conftest import Session
from queueing import (
    NOON,
    Connection,
    claim,
    complete,
    enqueue,
    enqueue_after,
    fail,
    insert,
    job,
    release,
    seconds,
    whereabouts,
)


def explain(connection: Connection, job_id: int) -> list[str]:
    rows = connection.execute("select public.worker_explain(%s, %s) as reason", (job_id, NOON)).fetchall()
    return [row["reason"] for row in rows]


def die(connection: Connection, job_id: int) -> None:
    connection.execute(
        "select public.worker_fail_jobs(%s, %s)",
        (
            json.dumps(
                [{"id": job_id, "run_no": job(connection, job_id)["run_no"], "error": "boom", "final": True}]
            ),
            NOON,
        ),
    )


def test_a_child_waits_for_all_of_its_parents(service: Connection) -> None:
    parents = [insert(service) for _ in range(3)]
    child = enqueue_after(service, *parents)
    runs = claim(service)
    complete(service, *runs[:2])
    early = claim(service)
    complete(service, runs[2])

    assert [run["id"] for run in runs] == parents
    assert early == []
    assert [run["id"] for run in claim(service)] == [child]


def test_one_parent_releases_all_of_its_children(service: Connection) -> None:
    parent = insert(service)
    children = [enqueue_after(service, parent) for _ in range(3)]
    complete(service, *claim(service))

    assert [run["id"] for run in claim(service)] == children


def test_a_chain_goes_link_by_link(service: Connection) -> None:
    links = [insert(service)]
    for _ in range(3):
        links.append(enqueue_after(service, links[-1]))
    order = []
    while runs := claim(service):
        order += [run["id"] for run in runs]
        complete(service, *runs)

    assert order == links


def test_a_parent_that_has_completed_does_not_count(service: Connection) -> None:
    done, waiting = insert(service), insert(service, next_run_at=NOON + seconds(60))
    complete(service, *claim(service))
    free, held = enqueue_after(service, done), enqueue_after(service, done, waiting)

    assert [run["id"] for run in claim(service)] == [free]
    assert job(service, held)["parents_left"] == 1


def test_the_same_parent_named_twice_is_one(service: Connection) -> None:
    parent = insert(service)
    child = enqueue_after(service, parent, parent)
    complete(service, *claim(service))

    assert [run["id"] for run in claim(service)] == [child]


def test_a_child_for_later_waits_for_its_time_too(service: Connection) -> None:
    parent = insert(service)
    child = enqueue_after(service, parent, at=NOON + seconds(60))
    complete(service, *claim(service))

    assert claim(service) == []
    assert [run["id"] for run in claim(service, at=NOON + seconds(60))] == [child]


def test_a_released_child_is_found_in_spite_of_the_low_water_mark(service: Connection) -> None:
    parent = insert(service)
    child = enqueue_after(service, parent)
    complete(service, *claim(service))

    assert [run["id"] for run in claim(service, low_water=NOON - seconds(5))] == [child]


def test_a_parent_that_is_tried_again_keeps_its_child_waiting(service: Connection) -> None:
    parent = insert(service)
    child = enqueue_after(service, parent)
    fail(service, parent, run_no=claim(service)[0]["run_no"])
    release(service, *claim(service, at=NOON + seconds(60)))

    assert job(service, child)["held_by"] == "parents"


def test_a_parent_that_died_lets_its_child_wait_until_it_is_redriven(service: Connection) -> None:
    parent, other = insert(service), insert(service)
    child = enqueue_after(service, parent, other)
    claim(service)
    die(service, parent)
    reasons = explain(service, child)
    service.execute("select public.worker_redrive(%s, %s)", (parent, NOON))
    complete(service, *claim(service))
    service.execute("select public.worker_complete_jobs(%s)", ([other],))

    assert reasons[0] == "It waits for 2 of its parents to complete."
    assert reasons[1] == (
        f"Job {parent}, its parent, is a dead letter. Redrive it, or run this one now without it."
    )
    assert reasons[2] == f"Job {other}, its parent, is running."
    assert [run["id"] for run in claim(service)] == [child]


def test_a_child_that_asked_for_it_is_cancelled_with_its_parent(service: Connection) -> None:
    parent = insert(service)
    child = enqueue_after(service, parent, on_failure="cancel")
    grandchild = enqueue_after(service, child, on_failure="cancel")
    patient = enqueue_after(service, child)
    claim(service)
    die(service, parent)

    assert [whereabouts(service, j) for j in (child, grandchild, patient)] == [
        ["cancelled"],
        ["cancelled"],
        ["pending"],
    ]
    assert job(service, child)["last_error"] == f"Job {parent}, which it was to come after, did not complete."


def test_a_cancelled_parent_cancels_the_child_that_asked_for_it(service: Connection) -> None:
    parent = insert(service)
    child = enqueue_after(service, parent, on_failure="cancel")
    patient = enqueue_after(service, parent)
    service.execute("select public.worker_cancel(%s)", (parent,))

    assert whereabouts(service, child) == ["cancelled"]
    assert explain(service, patient)[1] == (
        f"Job {parent}, its parent, was cancelled. Retry it, or run this one now without it."
    )


def test_a_child_of_a_parent_that_has_failed_already_is_told_so_at_once(service: Connection) -> None:
    dead, cancelled = insert(service, max_attempts=1), insert(service)
    fail(service, dead)
    service.execute("select public.worker_cancel(%s)", (cancelled,))
    children = [
        enqueue_after(service, p, on_failure=f) for p in (dead, cancelled) for f in ("cancel", "wait")
    ]

    assert [whereabouts(service, child)[0] for child in children] == ["cancelled", "pending"] * 2


def test_an_operator_runs_a_child_without_its_parents(service: Connection) -> None:
    parent = insert(service, next_run_at=NOON + seconds(60))
    child = enqueue_after(service, parent)
    service.execute("select public.worker_retry(%s, %s)", (child, NOON))
    runs = claim(service)
    complete(service, *claim(service, at=NOON + seconds(60)))

    assert [run["id"] for run in runs] == [child]
    assert whereabouts(service, child) == ["running"]


def test_a_child_waits_with_its_key_for_nobody_until_its_parents_are_done(service: Connection) -> None:
    parent = insert(service)
    service.execute(
        "select public.worker_enqueue('noop', p_partition_key => 'alice', p_after => %s)", ([parent],)
    )
    other = insert(service, partition_key="alice")

    assert [run["id"] for run in claim(service)] == [parent, other]


def test_many_are_enqueued_with_their_parents(service: Connection) -> None:
    first, second = insert(service), insert(service)
    jobs = [
        {"job_type": "noop", "after": [first]},
        {"job_type": "noop"},
        {"job_type": "noop", "after": [first, second], "on_parent_failure": "cancel"},
        {"job_type": "noop", "after": [], "idempotency_key": "k"},
        {"job_type": "noop", "after": [second], "idempotency_key": "k"},
    ]
    ids = [
        row["id"]
        for row in service.execute(
            "select id from public.worker_enqueue_many(%s)", (json.dumps(jobs),)
        ).fetchall()
    ]
    edges = service.execute(
        "select child_id, parent_id from public.worker_job_parents order by 1, 2"
    ).fetchall()

    assert [(e["child_id"], e["parent_id"]) for e in edges] == [
        (ids[0], first),
        (ids[2], first),
        (ids[2], second),
    ]
    assert [job(service, i)["parents_left"] for i in ids] == [1, None, 2, None, None]
    assert ids[3] == ids[4]


def test_the_same_key_is_the_same_job_whatever_it_came_after(service: Connection) -> None:
    first, parent = enqueue(service, key="k"), insert(service)
    again = service.execute(
        "select public.worker_enqueue('noop', '{}', 'k', p_after => %s) as id", ([parent],)
    ).fetchone()

    assert again == {"id": first}
    assert job(service, first)["held_by"] is None


@pytest.mark.parametrize("many", [False, True])
def test_nobody_comes_after_a_job_that_is_not_there(
    session: Session, service: Connection, many: bool
) -> None:
    with session.refused("not_found"):
        if many:
            service.execute(
                """select public.worker_enqueue_many('[{"job_type": "noop", "after": [999999999]}]')"""
            )
        else:
            enqueue_after(service, 999_999_999)


def test_a_result_stays_while_a_child_may_need_it(service: Connection) -> None:
    parent, childless = insert(service), insert(service)
    child = enqueue_after(service, parent)
    complete(service, *claim(service))
    later = NOON + seconds(200_000)
    service.execute("select public.worker_prune(500, %s)", (later,))
    kept = [whereabouts(service, j) for j in (parent, childless, child)]
    complete(service, *claim(service))
    for _ in range(2):
        service.execute("select public.worker_prune(500, %s)", (later,))

    assert kept == [["completed"], [], ["pending"]]
    assert [whereabouts(service, j) for j in (parent, child)] == [[], []]
    assert service.execute("select from public.worker_job_parents").fetchone() is None


def test_a_dead_parent_stays_while_a_child_waits(service: Connection) -> None:
    parent = insert(service, max_attempts=1)
    enqueue_after(service, parent)
    fail(service, parent)
    service.execute("select public.worker_prune(500, %s)", (NOON + seconds(100 * 86_400),))

    assert whereabouts(service, parent) == ["dead"]


def test_a_child_that_came_back_from_the_dead_letters_has_its_parents_still(service: Connection) -> None:
    parent = insert(service)
    child = enqueue_after(service, parent)
    complete(service, *claim(service))
    claim(service)
    die(service, child)
    service.execute("select public.worker_prune(500, %s)", (NOON + seconds(200_000),))
    service.execute("select public.worker_redrive(%s, %s)", (child, NOON))

    assert whereabouts(service, parent) == ["completed"]
    assert [run["id"] for run in claim(service)] == [child]
