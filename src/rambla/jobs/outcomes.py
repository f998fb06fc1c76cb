"""What a handler may raise to say that it neither succeeded nor failed, and what a run reports."""

from __future__ import annotations

import math
from typing import ClassVar

from msgspec import Struct

from rambla.jobs.types import Claimed


class Snooze(Exception):  # noqa: N818 - what the handler asks for
    """Run this job again in ``seconds``; the attempt is not counted."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(_number(seconds), 0.0)
        super().__init__(f"again in {self.seconds} s")


class Cancel(Exception):  # noqa: N818 - what the handler asks for
    """There is no point in this job any more."""

    def __init__(self, reason: str) -> None:
        self.reason = str(reason)  # of an exception too, which handlers hand over as it came
        super().__init__(self.reason)


class Completed(Struct, frozen=True, gc=False):
    outcome: ClassVar[str] = "completed"
    job: Claimed
    seconds: float
    result: str | None = None  # as JSON


class Failed(Struct, frozen=True):
    job: Claimed
    seconds: float
    error: str
    outcome: str = "failed"  # or timed_out, lost
    final: bool = False


class Snoozed(Struct, frozen=True):
    outcome: ClassVar[str] = "snoozed"
    job: Claimed
    seconds: float
    delay: float


class Cancelled(Struct, frozen=True):
    outcome: ClassVar[str] = "cancelled"
    job: Claimed
    seconds: float
    reason: str


class Released(Struct, frozen=True):
    outcome: ClassVar[str] = "released"
    job: Claimed
    seconds: float = 0.0


class Settled(Struct, frozen=True):
    """The handler's own transaction has reported already, or the run is not ours to report any more."""

    job: Claimed
    seconds: float
    outcome: str = "completed"  # or lease_lost


def _number(seconds: float) -> float:
    """Refuse it where the handler stands: there it is a failure with a line, in its report it could not be stored."""
    try:
        number = float(seconds)
    except (TypeError, ValueError):
        raise TypeError(f"A snooze is a number of seconds, not {seconds!r}.") from None
    if not math.isfinite(number):
        raise ValueError(f"Nothing can be put off by {number} seconds.")
    return number


Report = Completed | Failed | Snoozed | Cancelled | Released | Settled
