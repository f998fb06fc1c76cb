from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from conftest import TestDatabase
from queueing import Connection, whereabouts
from rambla.jobs import worker
from rambla.jobs.registry import Registry
from rambla.jobs.worker import Worker

Working = Callable[..., AbstractAsyncContextManager[Worker]]


@pytest.fixture
def service(database: TestDatabase) -> Iterator[Connection]:
    """The service, whose every statement commits."""
    with database.connect() as connection:
        yield connection


@pytest.fixture
def working(database: TestDatabase) -> Working:
    """A worker that runs for as long as the block lasts."""

    @asynccontextmanager
    async def work(registry: Registry, **options: Any) -> AsyncIterator[Worker]:
        stop = asyncio.Event()
        async with worker.connected(database.login_url, registry, **options) as one:
            running = asyncio.create_task(one.run(stop))
            try:
                yield one
            finally:
                stop.set()
                await running

    return work


async def becomes(connection: Connection, job_id: int, status: str, patience: float = 10.0) -> None:
    """Wait until the job is there."""
    await until(lambda: whereabouts(connection, job_id) == [status], patience)


async def until(holds: Callable[[], bool], patience: float = 10.0) -> None:
    async with asyncio.timeout(patience):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in a database
            await asyncio.sleep(0.01)
