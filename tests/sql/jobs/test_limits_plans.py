"""What limits cost, in buffers: nothing where there are none, and nothing for each job that is held."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from conftest import TestDatabase
from queueing import NOON, Connection, claim, complete, insert, limit

CROWD = 100_000


@pytest.fixture
def owner(database: TestDatabase) -> Iterator[Connection]:
    """The owner sees what statements cost."""
    with psycopg.connect(database.owner_url, row_factory=dict_row, autocommit=True) as owner:
        owner.execute("alter table public.worker_jobs set (autovacuum_enabled = off)")
        owner.execute("select set_config('request.jwt.claims', '{\"role\": \"service_role\"}', false)")
        yield owner


def buffers(owner: Connection, jobs: int) -> int:
    """Of one claim of ``jobs`` noops, once the plans are made."""
    for _ in range(2):
        for _ in range(jobs):
            insert(owner)
        row = owner.execute(
            "explain (analyze, buffers, timing off, format json)"
            " select * from public.worker_claim_jobs(%s, array['default'], %s, null, %s)",
            (uuid4(), jobs, NOON),
        ).fetchone()
        assert row is not None
        plan = next(iter(row.values()))[0]["Plan"]
        assert plan["Actual Rows"] == jobs
        found: int = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return found


def test_a_hundred_thousand_held_jobs_cost_a_claim_nothing(owner: Connection) -> None:
    limit(owner, "type", "resize", most_running=1)
    for _ in range(2):
        insert(owner, job_type="resize")
    claim(owner)
    alone = buffers(owner, 20)
    owner.execute(
        "insert into public.worker_jobs (job_type, held_by) select 'resize', 'type:resize' from generate_series(1, %s)",
        (CROWD,),
    )
    crowded = buffers(owner, 20)

    assert crowded < alone + 40


def test_a_hundred_thousand_keys_that_are_held_cost_a_claim_nothing(owner: Connection) -> None:
    alone = buffers(owner, 20)
    owner.execute(
        "insert into public.worker_jobs (job_type, partition_key, held_by)"
        " select 'payout', n::text, 'key:payout:' || n from generate_series(1, %s) n",
        (CROWD,),
    )

    assert buffers(owner, 20) < alone + 40


def test_a_hundred_thousand_jobs_behind_cost_a_claim_nothing(owner: Connection) -> None:
    alone = buffers(owner, 20)
    owner.execute(
        "insert into public.worker_jobs (job_type, next_run_at)"
        " select 'noop', %s::timestamptz - interval '1 second' from generate_series(1, %s)",
        (NOON, CROWD),
    )

    assert buffers(owner, 20) < alone + 40


def test_a_crowd_of_one_saturated_type_is_held_once(owner: Connection) -> None:
    """Some claims pass it by, each with others; after that there is nothing to pass by."""
    limit(owner, "type", "resize", most_running=1)
    owner.execute(
        "insert into public.worker_jobs (job_type, next_run_at)"
        " select 'resize', %s::timestamptz - interval '1 hour' from generate_series(1, 12000)",
        (NOON,),
    )
    behind = insert(owner, next_run_at=NOON)
    claims = 0
    found: list[int] = []
    while behind not in found:
        claims += 1
        found += [run["id"] for run in claim(owner, limit=50)]

    assert claims <= 3
    assert buffers(owner, 20) < 2_000


def test_the_end_of_a_keyed_run_reads_little_among_many(owner: Connection) -> None:
    owner.execute(
        "insert into public.worker_jobs (job_type, partition_key, held_by)"
        " select 'payout', 'alice', 'key:payout:alice' from generate_series(1, %s)",
        (CROWD,),
    )
    insert(owner, job_type="payout", partition_key="bob")
    runs = claim(owner)
    before = _read(owner)
    complete(owner, *runs)

    assert _read(owner) - before < 20


def _read(owner: Connection) -> int:
    owner.execute("select pg_stat_force_next_flush()")
    row = owner.execute(
        "select seq_tup_read + coalesce(idx_tup_fetch, 0) as read"
        " from pg_stat_user_tables where relname = 'worker_jobs'"
    ).fetchone()
    assert row is not None
    found: int = row["read"]
    return found
