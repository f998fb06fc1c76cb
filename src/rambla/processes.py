"""Child processes that stop together: on Ctrl-C, and when their parent is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Final

_POLL: Final = 0.1
_PAUSE: Final = 1.0
_HURRY: Final = 3.0  # seconds that children have left after a second signal
Process = subprocess.Popen[bytes]


class Processes:
    """Starts ``rambla`` commands and waits for them.

    Each child holds the read end of a pipe whose write end only the parent has: when the parent is gone,
    however it went, the child reads end-of-file and stops (see ``die_with_parent``).
    """

    def __init__(self, environment: Mapping[str, str], *, grace: float, replace: bool = False) -> None:
        """With ``replace`` a child that dies by itself gets a successor; else it takes the others along."""
        self._environment = dict(environment)
        self._grace = grace
        self._replace = replace
        self._children: dict[Process, Callable[[], Process]] = {}  # each with what starts another like it
        self._stopping = False
        self._deadline = float("inf")
        self._read_end, self._write_end = os.pipe()

    def start(self, command: str, **environment: str) -> None:
        def begin() -> Process:
            # A session of its own: Ctrl-C reaches the parent alone, which then stops children in order.
            return subprocess.Popen(
                [sys.executable, "-m", "rambla", command, "--lifeline", str(self._read_end)],
                env={**os.environ, **self._environment, **environment},
                pass_fds=[self._read_end],
                start_new_session=True,
            )

        self._children[begin()] = begin

    def wait(self) -> int:
        """Until all have ended. The exit status."""
        self._on_signals()
        status = 0
        while self._running() or not self._stopping:
            dead = [child for child in self._children if child.poll() is not None]
            if dead and not self._stopping:
                status = self._mend(dead)
            if time.monotonic() > self._deadline:
                self._signal(signal.SIGKILL)
            time.sleep(_POLL)
        return status

    def stop(self) -> None:
        self._end_within(self._grace)

    def _end_within(self, seconds: float) -> None:
        self._stopping = True
        self._deadline = min(self._deadline, time.monotonic() + seconds)
        self._signal(signal.SIGTERM)

    def _running(self) -> list[Process]:
        return [child for child in self._children if child.poll() is None]

    def _mend(self, dead: list[Process]) -> int:
        if not self._replace:  # the product without it would be half a product
            self.stop()
            return 1
        time.sleep(_PAUSE)  # or one that dies at once would come back as fast as it can
        for child in dead:
            if not self._stopping:
                begin = self._children.pop(child)
                self._children[begin()] = begin
        return 0

    def _on_signals(self) -> None:
        def handle(_number: int, _frame: FrameType | None) -> None:
            # Asked twice, a worker ends the grace of its jobs and gives them back; killed, it would lose them.
            self._end_within(_HURRY if self._stopping else self._grace)

        signal.signal(signal.SIGINT, handle)
        signal.signal(signal.SIGTERM, handle)

    def _signal(self, number: signal.Signals) -> None:
        for child in self._running():
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
