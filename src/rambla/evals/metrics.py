"""How good a page is, and how sure one may be of a mean."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from uuid import UUID

from msgspec import Struct

from rambla.evals.world import Item


class Interval(Struct, frozen=True, kw_only=True):
    mean: float
    low: float
    high: float

    def above(self, other: Interval) -> bool:
        """The two do not overlap."""
        return self.low > other.high


def ndcg(page: Sequence[UUID], gains: Mapping[UUID, float], depth: int) -> float:
    """Discounted gain over that of the best possible order (Järvelin & Kekäläinen, TOIS 2002)."""
    best = sorted(gains.values(), reverse=True)[:depth]
    found = (gains.get(item, 0.0) for item in page[:depth])
    return _discounted(found) / _discounted(best)


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))


def recall(page: Sequence[UUID], gains: Mapping[UUID, float], depth: int) -> float:
    return sum(item in gains for item in page[:depth]) / len(gains)


def diversity(page: Sequence[Item]) -> float:
    """One less the mean Jaccard likeness of the tags of two items of the page (Ziegler et al., WWW 2005)."""
    pairs = [_likeness(a.tags, b.tags) for a, b in combinations(page, 2)]
    return 1 - sum(pairs) / len(pairs) if pairs else 0.0


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    a, b = set(one), set(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def gini(shown: Counter[UUID], catalogue: int) -> float:
    """0: each item is shown as often as any other; 1: all places go to one."""
    counts = [0] * (catalogue - len(shown)) + sorted(shown.values())
    total = sum(counts)
    if not total:
        return 0.0
    weighted = sum(rank * count for rank, count in enumerate(counts, 1))
    return 2 * weighted / (catalogue * total) - (catalogue + 1) / catalogue


def interval(values: Sequence[float], *, resamples: int, seed: int = 1) -> Interval:
    """The percentile bootstrap's 95 % (Efron 1979) over viewers, each of whom has one value."""
    if not values:
        return Interval(mean=0.0, low=0.0, high=0.0)
    chance = random.Random(seed)  # noqa: S311 - statistics, the same each time
    means = sorted(sum(chance.choices(values, k=len(values))) / len(values) for _ in range(resamples))
    edge = round(resamples * 0.025)
    return Interval(mean=sum(values) / len(values), low=means[edge], high=means[-edge - 1])
