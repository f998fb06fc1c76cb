from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import MAJOR, UNSAFE_AND_QUICK, TestDatabase
from queueing import Connection
from rambla.kit.migrate import migrate
from rambla.kit.postgres import EmbeddedPostgres, find_binaries

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


class Nursery:
    """Worker processes that come and go in a moment."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chaos.jobs.nursery", url],
            cwd=PROGRAM.parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.alive: list[int] = []

    def start(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        print(file=self._process.stdin, flush=True)
        self.alive.append(int(self._process.stdout.readline()))

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.alive.remove(pid)

    def stop(self) -> None:
        for pid in list(self.alive):
            with contextlib.suppress(ProcessLookupError):
                self.kill(pid)
        self._process.communicate()


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    """A server of the test's own, to be crashed; it is as durable as a production one."""
    folder = Path(tempfile.mkdtemp(prefix="rambla-crash-"))
    folder.chmod(0o755)
    settings = UNSAFE_AND_QUICK | {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    server = EmbeddedPostgres(folder / "pg", bin_dir=find_binaries(MAJOR), settings=settings)
    server.start()
    migrate(server.dsn("postgres"))
    yield server
    server.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_database(own_server: EmbeddedPostgres) -> TestDatabase:
    database = TestDatabase(
        "postgres", own_server.dsn("postgres"), own_server.dsn("postgres", user="rambla_login")
    )
    prepare(database)
    return database


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
