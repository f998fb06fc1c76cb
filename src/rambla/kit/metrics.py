"""Measuring what happens many thousand times a second."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from prometheus_client import Histogram

_PAUSE: Final = 1.0  # seconds after which counts are seen at the latest


class Durations(Histogram):
    """A histogram that takes many at once: to observe each alone costs as much as a short piece of work."""

    def observe_all(self, amounts: Iterable[float]) -> None:
        ordered = sorted(amounts)
        counted = 0
        for bound, bucket in zip(self._upper_bounds, self._buckets, strict=True):
            if (until := bisect_right(ordered, bound)) > counted:
                bucket.inc(until - counted)
                counted = until
        self._sum.inc(sum(ordered))


class Tally:
    """Durations by their labels, kept back for a moment and then written down all together."""

    def __init__(self, write: Callable[[tuple[str, ...], list[float]], None]) -> None:
        self._write = write
        self._waiting: defaultdict[tuple[str, ...], list[float]] = defaultdict(list)

    def note(self, labels: tuple[str, ...], seconds: float) -> None:
        self._waiting[labels].append(seconds)

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, defaultdict(list)
        for labels, seconds in waiting.items():
            self._write(labels, seconds)

    async def keep_flushing(self) -> None:
        """Until cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(_PAUSE)
                self.flush()
        finally:
            self.flush()
