"""Workers that fall silent, and workers that are only thought to."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from conftest import Session, TestDatabase
from queueing import NOON, Connection, claim, complete, dead_letter, insert, job, seconds, whereabouts


def rescue(connection: Connection, at: dt.datetime, limit: int = 500) -> int:
    row = connection.execute("select public.worker_rescue(%s, %s) as n", (limit, at)).fetchone()
    assert row is not None
    found: int = row["n"]
    return found


def beat(connection: Connection, worker: UUID, at: dt.datetime, *held: dict[str, int]) -> list[int]:
    rows = connection.execute(
        "select public.worker_beat(%s, %s, %s, p_at := %s) as id",
        (worker, [r["id"] for r in held], [r["run_no"] for r in held], at),
    ).fetchall()
    return [row["id"] for row in rows]


def test_a_silent_worker_loses_its_jobs_after_its_lease(service: Connection) -> None:
    job_id = insert(service)
    claim(service)

    assert rescue(service, NOON + seconds(19)) == 0
    assert rescue(service, NOON + seconds(20)) == 1
    row = job(service, job_id)
    assert (row["status"], row["attempts"]) == ("pending", 1)
    assert [entry["outcome"] for entry in row["history"]] == ["lost"]


def test_a_worker_that_beats_keeps_a_job_however_old(service: Connection) -> None:
    job_id, worker = insert(service), uuid4()
    (run,) = claim(service, worker=worker)
    for minute in range(1, 601, 60):
        beat(service, worker, NOON + seconds(60 * minute), run)
        assert rescue(service, NOON + seconds(60 * minute + 15)) == 0

    assert whereabouts(service, job_id) == ["running"]


def test_the_first_loss_runs_again_at_once_and_the_second_waits(service: Connection) -> None:
    job_id = insert(service)
    claim(service)
    rescue(service, NOON + seconds(20))
    first = job(service, job_id)["next_run_at"]
    claim(service, at=NOON + seconds(20))
    rescue(service, NOON + seconds(40))
    second = job(service, job_id)["next_run_at"]

    assert first == NOON + seconds(20)
    assert second == NOON + seconds(40 + 60)


def test_a_job_that_kills_its_workers_ends_in_the_dead_letters(service: Connection) -> None:
    job_id = insert(service, max_attempts=3)
    at = NOON
    for _ in range(3):
        assert len(claim(service, at=at)) == 1
        rescue(service, at + seconds(20))
        at += seconds(1000)
    dead = dead_letter(service, job_id)

    assert dead is not None
    assert dead["attempts"] == 3
    assert [entry["outcome"] for entry in dead["history"]] == ["lost"] * 3


def test_a_worker_thought_dead_cannot_complete_what_it_lost(service: Connection) -> None:
    job_id, frozen = insert(service), uuid4()
    (run,) = claim(service, worker=frozen)
    rescue(service, NOON + seconds(20))
    (again,) = claim(service, at=NOON + seconds(20))

    assert complete(service, run) == []
    assert beat(service, frozen, NOON + seconds(21), run) == [job_id]
    assert complete(service, again) == [job_id]


def test_a_beat_does_not_complain_about_what_is_still_held(service: Connection) -> None:
    insert(service)
    worker = uuid4()
    runs = claim(service, worker=worker)

    assert beat(service, worker, NOON, *runs) == []


def test_a_beat_tells_of_a_cancelled_job(service: Connection) -> None:
    job_id, worker = insert(service), uuid4()
    runs = claim(service, worker=worker)
    service.execute("select public.worker_cancel(%s)", (job_id,))

    assert beat(service, worker, NOON, *runs) == [job_id]


def test_a_claim_whose_answer_was_lost_is_released_by_the_beat(service: Connection) -> None:
    lost, worker = insert(service), uuid4()
    claim(service, worker=worker)
    kept = insert(service)
    runs = claim(service, worker=worker, at=NOON + seconds(10))
    beat(service, worker, NOON + seconds(19), *runs)
    early = whereabouts(service, lost)
    beat(service, worker, NOON + seconds(20), *runs)

    assert early == ["running"]
    assert (job(service, lost)["status"], job(service, lost)["attempts"]) == ("pending", 0)
    assert whereabouts(service, kept) == ["running"]


def test_after_a_crash_of_the_server_every_worker_gets_one_lease_to_speak_up(session: Session) -> None:
    """Heartbeats are unlogged: recovery from a crash empties them, and nobody has died of it."""
    with session.as_role("service_role"):
        job_id, worker = insert(session.connection), uuid4()
        (run,) = claim(session.connection, worker=worker)
    session.run("truncate public.worker_heartbeats")
    with session.as_role("service_role"):
        service = session.connection
        spared = rescue(service, NOON + seconds(100))
        beat(service, worker, NOON + seconds(110), run)
        alive = rescue(service, NOON + seconds(125))
        silent = rescue(service, NOON + seconds(130))

        assert (spared, alive, silent) == (0, 0, 1)
        assert whereabouts(service, job_id) == ["pending"]


def test_a_sweep_takes_what_its_limit_allows(service: Connection) -> None:
    for _ in range(5):
        insert(service)
    claim(service)

    assert [rescue(service, NOON + seconds(20), limit=3) for _ in range(3)] == [3, 2, 0]


def test_one_sweep_at_a_time(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as first, database.connect() as second:
        insert(first)
        claim(first)
        first.commit()
        rescue(first, NOON)

        assert rescue(second, NOON + seconds(60)) == 0
        first.commit()
        assert rescue(second, NOON + seconds(60)) == 1


def test_a_job_that_is_completing_right_now_is_not_waited_for(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as worker, database.connect() as sweeper:
        sweeper.execute("set lock_timeout = '2s'")
        held, other = insert(worker), insert(worker)
        runs = claim(worker)
        worker.commit()
        complete(worker, *[run for run in runs if run["id"] == held])

        assert rescue(sweeper, NOON + seconds(60)) == 1
        worker.commit()
        assert (whereabouts(sweeper, held), whereabouts(sweeper, other)) == (["completed"], ["pending"])


def test_a_worker_that_leaves_gives_everything_back(session: Session, service: Connection) -> None:
    job_id, worker = insert(service), uuid4()
    claim(service, worker=worker)
    service.execute("select public.worker_leave(%s)", (worker,))

    assert (job(service, job_id)["status"], job(service, job_id)["attempts"]) == ("pending", 0)
    assert session.value("select count(*) from public.worker_heartbeats") == 0


def test_heartbeats_of_the_long_dead_are_swept(session: Session, service: Connection) -> None:
    beat(service, uuid4(), NOON)
    rescue(service, NOON + seconds(3601))

    assert session.value("select count(*) from public.worker_heartbeats") == 0
