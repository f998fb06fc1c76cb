"""The slots of a worker: claimed jobs wait in a small buffer and run as slots come free.

One watch looks after all slots: it interrupts runs that are over their time, were cancelled, lost their lease or
are in the way of a shutdown, so that a run costs no timer of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from rambla.jobs import metrics
from rambla.jobs.context import JobContext
from rambla.jobs.outcomes import Failed, Released, Report, Settled
from rambla.jobs.run import Runs
from rambla.jobs.types import Claimed
from rambla.kit import log

AHEAD: Final = 0.05  # seconds of work to hold beyond what the slots hold, at the present rate
MOST_AHEAD: Final = 2000
STALE: Final = 1.0  # seconds that a claimed job may wait for a slot before another worker may have it
_LOOK: Final = 0.2
_WINDOW: Final = 0.01  # seconds over which the pace is taken
_BREATH: Final = 0.001  # seconds that handlers which never wait may keep claims and reports from the loop


class Slot:
    """What runs one job after the other."""

    __slots__ = ("claimed", "context", "deadline", "ending", "started", "task")

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None
        self.claimed: Claimed | None = None
        self.context: JobContext | None = None
        self.started = 0.0
        self.deadline = 0.0
        self.ending: Callable[[Claimed, float], Report] | None = None

    def interrupt(self, ending: Callable[[Claimed, float], Report]) -> None:
        """Cancel the handler where it waits, once: it may need a while to put its things away.

        ``ending`` makes the report.
        """
        if self.task and self.context and self.ending is None:
            self.ending = ending
            self.context.interrupted = True
            self.task.cancel()


class Crew:
    """A fixed number of slots and what they have before them."""

    def __init__(self, runs: Runs, report: Callable[[Report], None], *, size: int) -> None:
        self._runs = runs
        self._report = report
        self._slots = [Slot() for _ in range(size)]
        self._waiting: deque[tuple[float, Claimed]] = deque()
        self._calls = asyncio.Semaphore(0)
        self._called = False
        self._breathing = False
        self._breathed = 0.0
        self._busy = 0
        self._closing = False
        self._pace = Pace()
        self.wants = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()

    def start(self) -> list[asyncio.Task[None]]:
        for slot in self._slots:
            slot.task = asyncio.create_task(self._work(slot), name="slot")
        return [slot.task for slot in self._slots if slot.task] + [
            asyncio.create_task(self._watch(), name="watch")
        ]

    def close(self) -> None:
        """Begin no other run."""
        self._closing = True

    def demand(self) -> int:
        """How many jobs to claim now: for the free slots, and ahead of them as far as the pace allows."""
        ahead = self._pace.ahead()
        waiting = len(self._waiting)
        self.wants.clear()
        if waiting > ahead // 2:
            return 0
        return max(0, len(self._slots) - self._busy + ahead - waiting)

    def take(self, jobs: Iterable[Claimed]) -> None:
        now = time.monotonic()
        self._waiting.extend((now, claimed) for claimed in jobs)
        self._call()

    def give_back(self) -> None:
        """Release what has not started."""
        while self._waiting:
            self._report(Released(self._waiting.popleft()[1]))

    def interrupt_all(self, ending: Callable[[Claimed, float], Report]) -> None:
        for slot in self._slots:
            if slot.claimed:
                slot.interrupt(ending)

    def lose(self, ids: set[int]) -> None:
        """Stop runs whose jobs were cancelled or given to another worker."""
        for slot in self._slots:
            if slot.claimed and slot.claimed.id in ids:
                slot.interrupt(lambda claimed, seconds: Settled(claimed, seconds, "lease_lost"))

    def _call(self) -> None:
        """Call a free slot to what waits: one at a time, as it calls the next before it may have to wait itself."""
        if self._waiting and not self._called and not self._breathing:
            self._called = True
            self._calls.release()

    async def _work(self, slot: Slot) -> None:
        while not self._closing:
            await self._calls.acquire()
            self._called = False
            self._busy += 1
            self.idle.clear()
            try:
                await self._work_off(slot)
            finally:
                self._busy -= 1
                if not self._busy:
                    self.idle.set()

    async def _work_off(self, slot: Slot) -> None:
        while self._waiting and not self._breathing and not self._closing:
            _, claimed = self._waiting.popleft()
            self._call()
            self._report(await self._run(slot, claimed))
            self._pace.finished()
            self.wants.set()
            self._breathe()

    def _breathe(self) -> None:
        """Let claims and reports onto the loop. All slots go back, or each of many would take its own breath."""
        if not self._breathing and time.monotonic() - self._breathed > _BREATH:
            self._breathing = True
            asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        self._breathing = False
        self._breathed = time.monotonic()
        self._call()

    async def _run(self, slot: Slot, claimed: Claimed) -> Report:
        context = self._runs.context(claimed)
        log.begin(job_id=claimed.id, job_type=claimed.job_type)
        slot.claimed, slot.context, slot.ending = claimed, context, None
        slot.started = time.monotonic()
        slot.deadline = slot.started + self._runs.timeout(claimed)
        try:
            return await self._runs.run(claimed, context)
        except asyncio.CancelledError:
            seconds = time.monotonic() - slot.started
            if slot.ending:
                return slot.ending(claimed, seconds)
            if slot.task and slot.task.cancelling():
                raise  # the worker itself is ending, not this run
            return Failed(claimed, seconds, "The handler cancelled itself.")
        finally:
            if slot.ending and slot.task:
                slot.task.uncancel()
            slot.claimed = slot.context = slot.ending = None

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            now = time.monotonic()
            metrics.RUNNING.set(self._busy)
            for slot in self._slots:
                if slot.claimed and now > slot.deadline:
                    slot.interrupt(_timed_out)
            self._give_back_stale(now)

    def _give_back_stale(self, now: float) -> None:
        """The jobs ahead of slow ones would run sooner elsewhere."""
        while self._waiting and now - self._waiting[0][0] > STALE:
            self._report(Released(self._waiting.popleft()[1]))
            self._pace = Pace()  # or the next claim would take them again at the pace of before


class Pace:
    """How many jobs finish in a moment, smoothed."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._count = 0
        self._rate = 0.0

    def finished(self) -> None:
        self._count += 1

    def ahead(self) -> int:
        now = time.monotonic()
        elapsed = now - self._since
        if elapsed >= _WINDOW:
            self._rate = (self._rate + self._count / elapsed) / 2
            self._since, self._count = now, 0
        return min(MOST_AHEAD, int(self._rate * AHEAD))


def _timed_out(claimed: Claimed, seconds: float) -> Report:
    return Failed(
        claimed, seconds, f"It ran into its timeout and was stopped after {seconds:.1f} s.", "timed_out"
    )
