"""``rambla work``: one process or several that stop together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cli.conftest import PATIENCE, Run, clean_environment, free_port
from conftest import TestDatabase
from queueing import Connection, insert, job, whereabouts


@contextmanager
def working(database: TestDatabase, folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "rambla", "work", *arguments],
            cwd=folder, env=clean_environment() | {"DATABASE_URL": database.login_url}, stderr=output,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def pids(service: Connection) -> set[int]:
    rows = service.execute("select pid from worker_heartbeats where pid is not null").fetchall()
    return {row["pid"] for row in rows}


def get(port: int, path: str) -> str:
    with (
        suppress(urllib.error.URLError, OSError),
        urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        text: str = answer.read().decode()
        return text
    return ""


def test_several_processes_work_answer_and_stop_together(database: TestDatabase, tmp_path: Path) -> None:
    port = free_port()
    with database.connect() as service:
        with working(database, tmp_path, "--processes", "2", "--worker-port", str(port)) as parent:
            until(lambda: len(pids(service)) == 2)
            until(lambda: get(port, "/readyz") == get(port + 1, "/readyz") == "ready\n")
            job_id = insert(service)
            until(lambda: whereabouts(service, job_id) == ["completed"])
            children = pids(service)
            metrics = get(port, "/metrics")
        assert parent.returncode == 0
        assert pids(service) == set()

    assert parent.pid not in children
    assert "rambla_jobs_running" in metrics


def test_a_process_that_dies_is_replaced(database: TestDatabase, tmp_path: Path) -> None:
    with database.connect() as service, working(database, tmp_path, "--processes", "2"):
        until(lambda: len(pids(service)) == 2)
        before = pids(service)
        os.kill(min(before), signal.SIGKILL)
        until(lambda: len(pids(service) - before) == 1)


def test_one_process_is_this_process(database: TestDatabase, tmp_path: Path) -> None:
    with database.connect() as service, working(database, tmp_path) as process:
        until(lambda: pids(service) == {process.pid})


def test_a_line_about_a_job_names_it_and_its_type(database: TestDatabase, tmp_path: Path) -> None:
    with database.connect() as service, working(database, tmp_path, "--log-format", "json"):
        job_id = insert(service, job_type="poison_test", max_attempts=1)
        until(lambda: whereabouts(service, job_id) == ["dead"])
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    (failed,) = [line for line in lines if line["event"] == "job.failed"]

    assert (failed["job_id"], failed["job_type"], failed["queue"]) == (job_id, "poison_test", "default")
    assert (failed["attempt"], failed["max_attempts"], failed["outcome"]) == (1, 1, "failed")


def test_a_taken_worker_port_is_one_sentence(rambla: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = rambla("work", "--worker-port", str(other.getsockname()[1]))

    assert result.returncode == 1
    assert result.stderr.startswith("rambla: Port ")
    assert "--worker-port" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_second_signal_ends_the_grace_of_several_processes_and_counts_no_attempt(
    database: TestDatabase, tmp_path: Path
) -> None:
    with database.connect() as service:
        job_id = insert(service, job_type="sleep", payload='{"seconds": 60}')
        with working(database, tmp_path, "--processes", "2", "--job-grace", "50") as parent:
            until(lambda: whereabouts(service, job_id) == ["running"])
            parent.send_signal(signal.SIGTERM)
            time.sleep(1)
            asked_again = time.monotonic()
            parent.send_signal(signal.SIGTERM)
            parent.wait(PATIENCE)
            took = time.monotonic() - asked_again
        row = job(service, job_id)

    assert took < 10
    assert (row["status"], row["attempts"], row["last_error"]) == ("pending", 0, None)
