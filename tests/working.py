"""A worker that runs one job of a slice and goes home."""

from __future__ import annotations

import asyncio
from typing import Any

from conftest import TestDatabase
from rambla.jobs import worker
from rambla.jobs.registry import Registry


async def worked(database: TestDatabase, tasks: Registry, job_type: str) -> Any:
    """The result of one job of that type."""
    stop = asyncio.Event()
    with database.connect() as service:

        def of_job(what: str) -> Any:
            row = service.execute(
                f"select {what} as it from worker_jobs where id = %s".encode(), (job,)
            ).fetchone()
            return row["it"] if row else None

        async with worker.connected(database.login_url, tasks) as one, asyncio.timeout(30):
            running = asyncio.create_task(one.run(stop))
            job = service.execute("select public.worker_enqueue(%s) as id", (job_type,)).fetchone()["id"]  # type: ignore[index]  # it returns an id
            while of_job("status") != "completed":  # noqa: ASYNC110 - what is waited for happens in a database
                await asyncio.sleep(0.02)
            stop.set()
            await running
        return of_job("result")
