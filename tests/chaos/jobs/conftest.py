from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import TestDatabase
from queueing import Connection

PROGRAM = Path(__file__).with_name("program.py")


class Workers:
    """Worker processes of one test, and an end to all of them."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, PROGRAM, self._url])
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def workers(database: TestDatabase) -> Iterator[Workers]:
    prepare(database)
    workers = Workers(database.login_url)
    yield workers
    workers.stop()


@pytest.fixture
def service(database: TestDatabase) -> Iterator[Connection]:
    with database.connect() as connection:
        yield connection


def prepare(database: TestDatabase) -> None:
    """A table for what jobs do, without a key that would hide a second time; and a lease of two seconds."""
    with database.connect("owner") as owner:
        owner.execute(
            "create table public.effects (job_id bigint not null, run_no integer not null, pid integer not null)"
        )
        owner.execute("grant select, insert on public.effects to service_role")
        owner.execute("update internal.settings set value = '\"2 seconds\"' where key = 'jobs_lease'")


def until(holds: Callable[[], bool], patience: float = 60.0) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
