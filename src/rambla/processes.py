"""Child processes that stop together: on Ctrl-C, when one of them dies, and when their parent is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from types import FrameType
from typing import Final

GRACE: Final = 30.0
_POLL: Final = 0.1


class Processes:
    """Starts ``rambla`` commands and waits for them.

    Each child holds the read end of a pipe whose write end only the parent has: when the parent is gone,
    however it went, the child reads end-of-file and stops (see ``die_with_parent``).
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False
        self._read_end, self._write_end = os.pipe()

    def start(self, command: str) -> None:
        # A session of its own: Ctrl-C reaches the parent alone, which then stops children in order.
        self._children[command] = subprocess.Popen(
            [sys.executable, "-m", "rambla", command, "--lifeline", str(self._read_end)],
            env={**os.environ, **self._environment},
            pass_fds=[self._read_end],
            start_new_session=True,
        )

    def wait(self) -> int:
        """Until all have ended; a child that dies by itself takes the others along. The exit status."""
        self._on_signals()
        status = 0
        deadline = float("inf")
        while running := [c for c in self._children.values() if c.poll() is None]:
            if len(running) < len(self._children) and not self._stopping:
                status = 1  # one ended by itself: the product without it would be half a product
                self.stop()
            if self._stopping and deadline == float("inf"):
                deadline = time.monotonic() + GRACE
            if time.monotonic() > deadline:
                self._signal(running, signal.SIGKILL)
            time.sleep(_POLL)
        return status

    def stop(self) -> None:
        self._stopping = True
        self._signal(list(self._children.values()), signal.SIGTERM)

    def _on_signals(self) -> None:
        def handle(_number: int, _frame: FrameType | None) -> None:
            if self._stopping:  # asked twice: at once
                self._signal(list(self._children.values()), signal.SIGKILL)
            else:
                self.stop()

        signal.signal(signal.SIGINT, handle)
        signal.signal(signal.SIGTERM, handle)

    @staticmethod
    def _signal(children: list[subprocess.Popen[bytes]], number: signal.Signals) -> None:
        for child in children:
            if child.poll() is None:
                if number == signal.SIGKILL:
                    os.killpg(child.pid, number)  # a server's own workers too
                else:
                    child.send_signal(number)


def die_with_parent(lifeline: int) -> None:
    """Stop this process when the other end of the pipe closes."""

    def watch() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
