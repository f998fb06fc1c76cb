"""A worker behind PgBouncer in transaction mode, where LISTEN hears nothing and the poll must do."""

from __future__ import annotations

import asyncio

import pytest

from conftest import TestDatabase
from jobs.conftest import becomes
from pgbouncer import pooled
from queueing import Connection, insert, job
from rambla.jobs import worker
from rambla.jobs.tasks import TASKS


@pytest.mark.parametrize("listens", [True, False], ids=["listens past it", "polls through it"])
async def test_jobs_run_through_a_transaction_pooler(
    database: TestDatabase, service: Connection, listens: bool
) -> None:
    stop = asyncio.Event()
    with pooled(database.login_url, size=2) as url:
        direct_url = database.login_url if listens else url
        async with worker.connected(url, TASKS, direct_url=direct_url) as one:
            running = asyncio.create_task(one.run(stop))
            try:
                for _ in range(3):
                    ids = [insert(service) for _ in range(20)]
                    for job_id in ids:
                        await becomes(service, job_id, "completed")
            finally:
                stop.set()
                await running

    assert {job(service, job_id)["attempts"] for job_id in ids} == {1}
