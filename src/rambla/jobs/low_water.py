"""Where a claim may start to look.

Claimed jobs leave dead entries at the front of the ready index. While some old transaction keeps vacuum from
them, every claim would walk over all of them; a claim that starts at the moment of the last one does not.
Jobs that appear behind the mark (a slow transaction, a release, a redrive) are found by a look at everything,
which comes every two seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from rambla.jobs.types import Claimed

SWEEP: Final = 2.0
SLACK: Final = dt.timedelta(
    seconds=5
)  # a transaction younger than this is seen by the next claim, not the next sweep


class LowWater:
    """The mark of one worker."""

    def __init__(self) -> None:
        self._mark: dt.datetime | None = None
        self._drained = False
        self._swept = float("-inf")

    def mark(self, now: float) -> dt.datetime | None:
        """What the next claim passes; None looks at everything."""
        return self._mark if now - self._swept < SWEEP else None

    def forget(self) -> None:
        """A claim has stopped among jobs that have to wait: what it left behind is anywhere."""
        self._mark = None
        self._drained = False

    def saw(
        self, jobs: Sequence[Claimed], *, asked: int, at: dt.datetime, now: float, used: dt.datetime | None
    ) -> None:
        """Learn from a claim that was made with the mark ``used`` at the database's time ``at``."""
        short = len(jobs) < asked
        if used is None:
            self._swept = now
            self._drained = short
        if short and self._drained:
            self._mark = at - SLACK  # all that was due is taken
        elif not self._drained and not short and _one_lane(jobs):
            self._mark = jobs[-1].next_run_at  # one lane is taken from its front
        elif not self._drained:
            self._mark = None  # another lane may hold older jobs


def _one_lane(jobs: Sequence[Claimed]) -> bool:
    return len({(job.queue, job.priority) for job in jobs}) == 1
