"""Who gets which job, and when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from conftest import Session, TestDatabase
from queueing import NOON, Connection, claim, complete, fail, insert, job, seconds
from rambla import migrations


def test_a_claim_counts_the_attempt_and_raises_the_token(service: Connection) -> None:
    job_id, worker = insert(service, payload='{"a": 1}'), uuid4()
    (run,) = claim(service, worker=worker)
    row = job(service, job_id)

    assert (run["id"], run["run_no"], run["attempt"], run["payload"]) == (job_id, 1, 1, {"a": 1})
    assert (row["status"], row["attempts"], row["worker_id"], row["started_at"]) == (
        "running",
        1,
        worker,
        NOON,
    )


def test_nobody_gets_a_job_that_somebody_has(service: Connection) -> None:
    insert(service)

    assert len(claim(service)) == 1
    assert claim(service) == []


def test_order_is_priority_then_due_time_then_id(service: Connection) -> None:
    wanted = [
        insert(service, priority=-5, next_run_at=NOON),
        insert(service, priority=0, next_run_at=NOON - seconds(20)),
        insert(service, priority=0, next_run_at=NOON - seconds(10)),
        insert(service, priority=0, next_run_at=NOON - seconds(10)),
        insert(service, priority=100, next_run_at=NOON - seconds(99)),
    ]
    shuffled = service.execute("select count(*) as n from public.worker_jobs").fetchone()
    one_by_one = [claim(service, limit=1)[0]["id"] for _ in range(2)]
    the_rest = [run["id"] for run in claim(service)]

    assert shuffled == {"n": 5}
    assert one_by_one + the_rest == wanted


def test_queues_go_in_the_order_that_the_worker_names(service: Connection) -> None:
    bulk, critical, other = (
        insert(service, queue=q, priority=p) for q, p in (("bulk", 0), ("critical", 9), ("other", 0))
    )

    assert [run["id"] for run in claim(service, queues=("critical", "bulk"))] == [critical, bulk]
    assert [run["id"] for run in claim(service, queues=("other",))] == [other]


def test_a_job_for_later_waits_until_then(service: Connection) -> None:
    insert(service, next_run_at=NOON + seconds(1))

    assert claim(service, at=NOON) == []
    assert len(claim(service, at=NOON + seconds(1))) == 1


def test_jobs_for_later_do_not_stand_in_the_way_of_a_lower_priority(service: Connection) -> None:
    for _ in range(5):
        insert(service, priority=0, next_run_at=NOON + seconds(60))
    due = insert(service, priority=5)

    assert [run["id"] for run in claim(service, limit=1)] == [due]


def test_a_paused_queue_rests_and_its_running_jobs_go_on(service: Connection) -> None:
    running = insert(service)
    (run,) = claim(service)
    insert(service)
    service.execute("select public.worker_pause('default', 'the provider is down')")
    paused = claim(service)
    finished = complete(service, run)
    service.execute("select public.worker_resume('default')")

    assert paused == []
    assert finished == [running]
    assert len(claim(service)) == 1


def test_a_claim_takes_no_more_than_its_limit(service: Connection) -> None:
    for queue in ("a", "b"):
        for priority in range(3):
            insert(service, queue=queue, priority=priority)

    assert [len(claim(service, limit=4, queues=("a", "b"))) for _ in range(3)] == [4, 2, 0]


@pytest.mark.parametrize("limit", [0, -1, 5001])
def test_a_limit_out_of_range_is_refused(session: Session, service: Connection, limit: int) -> None:
    with session.refused("invalid_value"):
        claim(service, limit=limit)


def test_a_low_water_mark_hides_what_is_before_it(service: Connection) -> None:
    early = insert(service, next_run_at=NOON - seconds(60))
    late = insert(service, next_run_at=NOON - seconds(10))

    assert [run["id"] for run in claim(service, low_water=NOON - seconds(30))] == [late]
    assert [run["id"] for run in claim(service)] == [early]


def test_whoever_claims_is_alive(session: Session, service: Connection) -> None:
    insert(service)
    worker = uuid4()
    claim(service, worker=worker)

    assert session.value("select beat_at from public.worker_heartbeats where worker_id = %s", worker) == NOON


def test_two_claims_at_once_share_without_waiting(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as first, database.connect() as second:
        second.execute("set lock_timeout = '2s'")
        for _ in range(10):
            insert(first)
        first.commit()
        mine = {run["id"] for run in claim(first, limit=6)}
        theirs = {run["id"] for run in claim(second, limit=6)}
        first.commit()

    assert len(mine) == 6
    assert len(theirs) == 4
    assert mine & theirs == set()


def test_a_claim_that_rolls_back_was_never_made(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as first, database.connect() as second:
        job_id = insert(first)
        first.commit()
        claim(first)
        hidden = claim(second)
        first.rollback()
        (run,) = claim(second)

    assert hidden == []
    assert (run["id"], run["attempt"], run["run_no"]) == (job_id, 1, 1)


CROWD = 50_000


@pytest.fixture
def crowd(database: TestDatabase) -> Iterator[Connection]:
    """Fifty jobs to claim among what a busy day leaves: finished jobs, jobs for later, other queues, dead rows.

    The owner sees what statements cost; an open snapshot keeps vacuum and the index from tidying up.
    """
    with (
        psycopg.connect(database.owner_url, row_factory=dict_row) as pin,
        psycopg.connect(database.owner_url, row_factory=dict_row, autocommit=True) as owner,
    ):
        owner.execute("select set_config('request.jwt.claims', '{\"role\": \"service_role\"}', false)")
        owner.execute(
            "insert into public.worker_jobs (job_type, queue, next_run_at)"
            " select 'noop', case when n %% 2 = 0 then 'other' else 'default' end,"
            "  %s::timestamptz + case when n %% 5 = 0 then interval '1 day' else interval '-1 hour' end"
            " from generate_series(1, %s) n",
            (NOON, CROWD),
        )
        pin.execute(
            "set transaction isolation level repeatable read; select count(*) from public.worker_jobs"
        )
        worker = uuid4()
        while runs := claim(owner, worker=worker, limit=5000):
            complete(owner, *runs)
        for _ in range(50):
            insert(owner, next_run_at=NOON)
        yield owner


def test_a_claim_among_a_crowd_reads_little(crowd: Connection) -> None:
    """Buffers, not time: what a claim reads depends on what it takes and not on what lies around."""
    marked = _buffers(crowd, low_water=True)
    for _ in range(50):
        insert(crowd, next_run_at=NOON)
    unmarked = _buffers(crowd, low_water=False)

    assert (marked["rows"], unmarked["rows"]) == (50, 50)
    assert marked["buffers"] < 1_000
    assert unmarked["buffers"] > 2 * marked["buffers"]  # else the mark can go


def test_the_plan_uses_the_ready_index_even_when_it_was_made_on_an_empty_table(
    database: TestDatabase,
) -> None:
    with psycopg.connect(database.owner_url, row_factory=dict_row, autocommit=True) as owner:
        owner.execute("alter table public.worker_jobs set (autovacuum_enabled = off)")
        owner.execute("select set_config('request.jwt.claims', '{\"role\": \"service_role\"}', false)")
        for _ in range(10):  # past the fifth, the plan is kept
            insert(owner)
            complete(owner, *claim(owner))
        owner.execute(
            "insert into public.worker_jobs (job_type, queue)"
            " select 'noop', case when n %% 100 = 0 then 'default' else 'other' end from generate_series(1, %s) n",
            (CROWD,),
        )
        before = _scans(owner)
        complete(owner, *claim(owner, limit=100))
        after = _scans(owner)

    assert after["seq_scan"] == before["seq_scan"]
    assert after["read"] - before["read"] < 1_000


def test_a_retry_is_claimed_again_with_a_higher_token(service: Connection) -> None:
    job_id = insert(service)
    (first,) = claim(service)
    fail(service, job_id, run_no=first["run_no"])
    (second,) = claim(service, at=NOON + seconds(60))

    assert (second["attempt"], second["run_no"]) == (2, 2)


def _buffers(owner: Connection, *, low_water: bool) -> dict[str, int]:
    mark = NOON - seconds(1) if low_water else None
    row = owner.execute(
        "explain (analyze, buffers, timing off, format json)"
        " select * from public.worker_claim_jobs(%s, array['default'], 50, %s, %s)",
        (uuid4(), mark, NOON),
    ).fetchone()
    assert row is not None
    plan = next(iter(row.values()))[0]["Plan"]
    return {
        "rows": int(plan["Actual Rows"]),
        "buffers": plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
    }


def _scans(owner: Connection) -> dict[str, int]:
    owner.execute("select pg_stat_force_next_flush()")
    row = owner.execute(
        "select seq_scan, seq_tup_read + coalesce(idx_tup_fetch, 0) as read"
        " from pg_stat_user_tables where relname = 'worker_jobs'"
    ).fetchone()
    assert row is not None
    return row


def test_a_worker_of_the_release_before_still_gets_objects(database: TestDatabase) -> None:
    with database.connect() as service:
        job_id = insert(service)
    with psycopg.connect(database.login_url, row_factory=dict_row) as old:
        (answer,) = old.execute(
            "select internal.jobs_claim_json(%s, %s, array['default'], 5, null)::jsonb as it",
            ('{"role": "service_role"}', uuid4()),
        ).fetchall()

    assert [run["id"] for run in answer["it"]["jobs"]] == [job_id]


@pytest.mark.parametrize("never", ["-infinity", "infinity", "0044-03-15 12:00 BC", "10000-01-01"])
def test_a_job_has_a_moment_that_clocks_know(session: Session, service: Connection, never: str) -> None:
    """Or the claim of it could be read by no worker, and its job went from one to the next."""
    with session.refused("23514"):
        insert(service, next_run_at=never)


def test_a_job_of_an_older_release_that_had_no_moment_gets_one(database: TestDatabase) -> None:
    """Due at once is due at once, and what never comes does not come."""
    with psycopg.connect(database.owner_url, row_factory=dict_row) as owner:
        owner.execute("alter table public.worker_jobs drop constraint worker_jobs_next_run_at_in_range")
        owner.execute(
            "alter table public.worker_schedules drop constraint worker_schedules_last_tick_in_range"
        )
        owner.execute(
            "insert into public.worker_schedules (name, cron, job_type, last_tick)"
            " values ('x', '* * * * *', 'noop', 'infinity')"
        )
        ids = [insert(owner, next_run_at=never) for never in ("-infinity", "infinity")]
        owner.execute((Path(migrations.__file__).parent / "0017_jobs_at_a_time.sql").read_bytes())
        years = [job(owner, job_id)["next_run_at"].year for job_id in ids]
        tick = owner.execute("select last_tick from public.worker_schedules where name = 'x'").fetchone()

    assert years == [1970, 9998]
    assert tick is not None
    assert tick["last_tick"].year == 9998


def test_a_claim_takes_no_more_than_asked_behind_jobs_that_have_to_wait(service: Connection) -> None:
    keyed = [insert(service, partition_key="alice", next_run_at=NOON - seconds(9)) for _ in range(50)]
    plain = [insert(service, next_run_at=NOON - seconds(1)) for _ in range(500)]

    assert [run["id"] for run in claim(service, limit=50)] == keyed[:1] + plain[:49]
    assert [run["id"] for run in claim(service, limit=50)] == plain[49:99]
