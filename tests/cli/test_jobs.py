"""The queue from a terminal: each command is one function of the SQL contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from cli.conftest import PATIENCE, clean_environment
from conftest import TestDatabase
from queueing import NOON, Connection, claim, complete, enqueue, fail, insert, job, whereabouts

Jobs = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def service(database: TestDatabase) -> Iterator[Connection]:
    with database.connect() as connection:
        yield connection


@pytest.fixture
def jobs(database: TestDatabase, tmp_path: os.PathLike[str]) -> Jobs:
    """``rambla jobs ...`` on the test's own database."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rambla", "jobs", *arguments],
            cwd=tmp_path, env=clean_environment() | {"DATABASE_URL": database.owner_url}, timeout=PATIENCE,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def kill(service: Connection, error: str = "boom", job_type: str = "noop") -> int:
    job_id = insert(service, job_type=job_type, max_attempts=1)
    fail(service, job_id, error)
    return job_id


def test_run_enqueues_and_prints_the_id(jobs: Jobs, service: Connection) -> None:
    said = jobs("run", "sleep", '{"seconds": 2}', "--queue", "bulk", "--key", "k", "--tag", "a", "--tag", "b")
    row = job(service, int(said.stdout))

    assert (row["job_type"], row["payload"], row["queue"]) == ("sleep", {"seconds": 2}, "bulk")
    assert (row["idempotency_key"], row["tags"]) == ("k", ["a", "b"])


def test_a_payload_that_is_no_object_is_one_sentence(jobs: Jobs) -> None:
    said = jobs("run", "sleep", "[1]")

    assert said.returncode == 1
    assert said.stderr.startswith("rambla: The payload is not a JSON object")


def test_list_prints_a_line_each_and_filters(jobs: Jobs, service: Connection) -> None:
    done, waiting, dead = (
        enqueue(service),
        insert(service, job_type="sleep", queue="bulk", tags=["vip"]),
        kill(service),
    )
    complete(service, *claim(service))

    assert [line.split()[0] for line in jobs("list").stdout.splitlines()] == [str(waiting), str(done)]
    assert jobs("list", "--status", "completed").stdout.split()[:2] == [str(done), "completed"]
    assert jobs("list", "--tag", "vip", "--type", "sleep", "--queue", "bulk").stdout.startswith(f"{waiting} ")
    assert jobs("list", "--status", "dead").stdout.startswith(
        f"{dead}  dead  noop  default  1/1  2030-06-01T12:00"
    )
    assert "There is no status lost" in jobs("list", "--status", "lost").stderr


def test_show_prints_the_job_with_its_history(jobs: Jobs, service: Connection) -> None:
    shown = json.loads(jobs("show", str(kill(service, "the mail server said no"))).stdout)

    assert (shown["status"], shown["history"][0]["error"]) == ("dead", "the mail server said no")
    assert "dead letter" in shown["reasons"][0]


def test_a_job_that_is_not_there_is_one_sentence(jobs: Jobs) -> None:
    said = jobs("show", "999999")

    assert (said.returncode, said.stderr.count("\n")) == (1, 1)


def test_cancel_and_retry(jobs: Jobs, service: Connection) -> None:
    job_id = insert(service, next_run_at=NOON)

    assert "cancelled" in jobs("cancel", str(job_id), "--reason", "not today").stdout
    assert job(service, job_id)["last_error"] == "not today"
    assert "pending" in jobs("retry", str(job_id)).stdout


def test_redrive_one(jobs: Jobs, service: Connection) -> None:
    dead = kill(service)

    assert jobs("redrive", str(dead)).stdout.startswith(f"{dead}  pending")
    assert whereabouts(service, dead) == ["pending"]


def test_redrive_by_filter_after_a_dry_run(jobs: Jobs, service: Connection) -> None:
    kill(service, "Timeout")
    kill(service, "KeyError")
    kill(service, "timeout", "sleep")

    dry = jobs("redrive", "--error", "timeout", "--dry-run")
    meant = jobs("redrive", "--error", "timeout", "--type", "noop", "--died-from", "2030-01-01")
    job_id = int(meant.stdout.split()[-1])

    assert dry.stdout == "2 dead letters\n"
    assert meant.stdout.startswith("1 dead letters, by job")
    assert job(service, job_id)["payload"]["filter"]["error"] == "timeout"


def test_redrive_of_everything_has_to_be_said(jobs: Jobs, service: Connection) -> None:
    kill(service)

    assert 'Say which dead letters, or "all": true.' in jobs("redrive").stderr
    assert jobs("redrive", "--all", "--dry-run").stdout == "1 dead letters\n"


def test_a_queue_and_a_type_are_paused_and_resumed(jobs: Jobs, service: Connection) -> None:
    jobs("pause", "bulk", "--reason", "the mail server is down")
    jobs("pause", "sleep", "--scope", "type")
    paused = service.execute("select scope, name, reason from worker_pauses order by name").fetchall()
    jobs("resume", "bulk")
    jobs("resume", "sleep", "--scope", "type")

    assert paused == [
        {"scope": "queue", "name": "bulk", "reason": "the mail server is down"},
        {"scope": "type", "name": "sleep", "reason": ""},
    ]
    assert service.execute("select from worker_pauses").fetchall() == []


def test_schedules_are_listed_run_paused_and_resumed(jobs: Jobs, service: Connection) -> None:
    service.execute(
        "insert into worker_schedules (name, cron, job_type) values ('yearly', '0 0 1 1 *', 'noop')"
    )

    assert "yearly  0 0 1 1 *  UTC  noop  next 2" in jobs("schedules", "list").stdout
    assert whereabouts(service, int(jobs("schedules", "run", "yearly").stdout)) == ["pending"]
    jobs("schedules", "pause", "yearly", "--reason", "holidays")
    assert "paused since" in jobs("schedules", "list").stdout
    jobs("schedules", "resume", "yearly")
    assert "next 2" in jobs("schedules", "list").stdout
    assert jobs("schedules", "run", "nightly").stderr == "rambla: There is no schedule nightly.\n"
