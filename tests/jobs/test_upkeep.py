"""The chores of a worker do not keep each other waiting."""

from __future__ import annotations

import pytest

from conftest import TestDatabase
from queueing import Connection
from rambla.jobs import upkeep
from rambla.jobs.upkeep import BATCH, Upkeep
from rambla.kit.db import Database


def finish(owner: Connection, jobs: int) -> None:
    """Long ago, so that they can go."""
    owner.execute(
        "insert into worker_jobs (job_type, status, finished_at)"
        " select 'noop', 'completed', now() - interval '1 year' from generate_series(1, %s)",
        (jobs,),
    )


def left(owner: Connection) -> int:
    row = owner.execute("select count(*) as jobs from worker_jobs").fetchone()
    assert row is not None
    jobs: int = row["jobs"]
    return jobs


async def test_a_prune_that_takes_long_goes_on_at_the_next_sweep_and_rests_once_it_is_through(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "PRUNE", 3600)
    monkeypatch.setattr(upkeep, "PRUNE_AT_MOST", 0.0)
    with database.connect("owner") as owner:
        finish(owner, 2 * BATCH)
        async with Database.opened(database.login_url, size=1) as db:
            chores = Upkeep(db, sample=False)
            chores._pruned = float("-inf")
            seen = []
            for _ in range(3):
                await chores._prune()
                seen.append(left(owner))
            finish(owner, 1)
            await chores._prune()

        assert seen == [BATCH, 0, 0]
        assert left(owner) == 1
