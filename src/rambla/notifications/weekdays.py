"""Days of the week as the bits of one number; bit 0 is Monday."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rambla.notifications.types import WEEKDAYS, Weekday

EVERY_DAY: Final = 0b1111111


def to_mask(days: Iterable[Weekday]) -> int:
    return sum(1 << WEEKDAYS.index(day) for day in set(days))


def from_mask(mask: int) -> tuple[Weekday, ...]:
    return tuple(day for bit, day in enumerate(WEEKDAYS) if mask >> bit & 1)
