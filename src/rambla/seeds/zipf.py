"""Popularity: the second of a list gets half of what the first gets, the tenth a tenth."""

from __future__ import annotations

import itertools
import random


class Zipf:
    """Draws places of a list of ``size``, low ones more often."""

    def __init__(self, size: int, chance: random.Random, *, steepness: float = 1.0) -> None:
        self._places = range(size)
        self._reach = list(itertools.accumulate((place + 1) ** -steepness for place in self._places))
        self._chance = chance

    def draw(self, count: int) -> list[int]:
        return self._chance.choices(self._places, cum_weights=self._reach, k=count)

    def draw_distinct(self, count: int, *, but: int) -> set[int]:
        """``count`` places, or all there are, without that one."""
        others = len(self._places) - (but in self._places)
        if count * 2 > others:
            # The last few of a short list would take forever to be drawn.
            return set(itertools.islice((place for place in self._places if place != but), count))
        drawn: set[int] = set()
        while len(drawn) < count:
            drawn.update(self.draw(count - len(drawn)))
            drawn.discard(but)
        return drawn
