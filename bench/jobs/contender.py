"""A queue in the comparison: how to start its program, and how to see from outside that its work is done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

ROOT = Path(__file__).parents[2]
_PATIENCE = 300.0  # seconds without a word from a program

Options = dict[str, Any]
Line = dict[str, Any]


class Contender(Struct, frozen=True, kw_only=True):
    """One queue."""

    name: str
    version: str
    command: list[str]
    options: list[Options]  # every way to run its worker that is tried; the best one is taken
    left: str  # SQL: whether anything is not done yet
    tables: list[str]  # what grows with it
    share: float = 1.0  # of the jobs of a drain: a slow one would take minutes and go no faster

    def install(self, url: str) -> None:
        self._run("install", url)

    def load(self, url: str, count: int) -> float:
        """Seconds that its own bulk insert took."""
        return float(self._run("load", url, count)["seconds"])

    def insert(self, url: str, count: int, pause: float = 0.0) -> Line:
        """When each was sent, and how long the call took."""
        return self._run("insert", url, count, pause)

    @contextmanager
    def working(self, url: str, options: Options, *, count: int = 0) -> Iterator[Running]:
        """One worker process, until the end of the block."""
        command = "work" if count else "listen"
        with self._started(command, url, count, json.dumps(options)) as running:
            yield running

    def _run(self, *arguments: object) -> Line:
        with self._started(*arguments) as running:
            return running.finish()

    @contextmanager
    def _started(self, *arguments: object) -> Iterator[Running]:
        process = subprocess.Popen(
            [*self.command, *map(str, arguments)],
            cwd=ROOT,
            env=_environment(),
            text=True,
            stdout=subprocess.PIPE,
        )
        running = Running(process)
        try:
            yield running
        finally:
            running.stop()


class Running:
    """A program of a queue, and what it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[Line] = []
        self._spoke = threading.Condition()
        self._ended = False
        threading.Thread(target=self._listen, daemon=True).start()

    def wait_for(self, fact: str) -> float:
        """The value of ``fact`` in the first line that has it."""
        with self._spoke:
            if not self._spoke.wait_for(lambda: self.saw(fact) or self._ended, _PATIENCE) or not self.saw(
                fact
            ):
                raise RuntimeError(f"{self.process.args} did not say {fact}")
        return float(next(line[fact] for line in self.said if fact in line))

    def saw(self, fact: str) -> bool:
        return any(fact in line for line in self.said)

    def finish(self) -> Line:
        """Its last line, at its end."""
        with self._spoke:
            self._spoke.wait_for(lambda: self._ended, _PATIENCE)
        if self.process.wait(10):
            raise RuntimeError(f"{self.process.args} ended with {self.process.returncode}")
        return self.said[-1] if self.said else {}

    def seconds_of_processor(self) -> float:
        return seconds_of_processor(self.process.pid)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("{"):
                with self._spoke:
                    self.said.append(json.loads(line))
                    self._spoke.notify_all()
        with self._spoke:
            self._ended = True
            self._spoke.notify_all()


def seconds_of_processor(pid: int) -> float:
    """Of one process and all its threads, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rambla() -> Contender:
    return Contender(
        name="Rambla",
        version="this checkout",
        command=[sys.executable, "-m", "bench.jobs.rambla"],
        options=[{}],
        left="""select exists (select from worker_jobs where status = 'pending' and held_by is null)
            or exists (select from worker_jobs where status = 'running')""",
        tables=["worker_jobs", "worker_job_keys", "dead_letter_queue"],
    )


def now() -> float:
    return time.monotonic()


def _environment() -> dict[str, str]:
    """Of the peers' Node too, which looks for packages beside the program."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
