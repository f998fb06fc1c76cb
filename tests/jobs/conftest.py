from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial

import pytest

from conftest import TestDatabase
from queueing import Connection, whereabouts
from rambla.jobs import worker
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

    return partial(worker.working, database.login_url)


async def becomes(connection: Connection, job_id: int, status: str, patience: float = 10.0) -> None:
    """Wait until the job is there."""
    await until(lambda: whereabouts(connection, job_id) == [status], patience)


async def until(holds: Callable[[], bool], patience: float = 10.0) -> None:
    async with asyncio.timeout(patience):
        while not holds():  # noqa: ASYNC110 - what is waited for happens in a database
            await asyncio.sleep(0.01)
