"""The command line as an operator has it: real processes in a folder of their own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
PATIENCE = 60.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that the unprivileged user of PostgreSQL can reach."""
    path = Path(tempfile.mkdtemp(prefix="rambla-cli-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def rambla(folder: Path) -> Run:
    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rambla", *arguments],
            cwd=folder, env=clean_environment() | environment, timeout=PATIENCE,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


class Product:
    """``rambla up`` in the background."""

    def __init__(self, folder: Path, *arguments: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.log = folder / "up.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "rambla", "up", "--port", str(self.port), *arguments],
                cwd=folder, env=clean_environment(), stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self) -> float:
        """Seconds until the addresses were printed."""
        started = time.monotonic()
        while not re.search(r"^ +Database", self.said, re.MULTILINE):
            if self.process.poll() is not None or time.monotonic() - started > PATIENCE:
                raise AssertionError(self.said)
            time.sleep(0.05)
        return time.monotonic() - started

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.url + path, timeout=10) as response:
            status: int = response.status
            return status

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def up(folder: Path) -> Iterator[Callable[..., Product]]:
    started: list[Product] = []

    def start(*arguments: str, port: int | None = None) -> Product:
        started.append(Product(folder, *arguments, port=port))
        return started[-1]

    yield start
    for product in started:
        with contextlib.suppress(ProcessLookupError):
            product.process.send_signal(signal.SIGINT)
            product.process.wait(PATIENCE)


def clean_environment() -> dict[str, str]:
    ours = ("RAMBLA_", "DATABASE_URL", "REDIS_URL", "SENTRY_DSN", "SMTP_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
