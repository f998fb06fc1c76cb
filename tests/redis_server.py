"""A Redis of the test's own, that the test may kill."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError


class RedisServer:
    """On a socket in a folder, so that no port is taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"unix://{folder}/redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                "redis-server", "--port", "0", "--unixsocket", f"{self._folder}/redis.sock",
                "--save", "", "--appendonly", "no", "--dir", str(self._folder),
            ],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 10
        with Redis.from_url(self.url) as redis:
            while time.monotonic() < deadline:
                try:
                    redis.ping()
                except RedisError:
                    time.sleep(0.02)
                else:
                    return
        raise AssertionError("redis-server did not come up")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
