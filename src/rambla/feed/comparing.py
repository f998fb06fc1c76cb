"""What the figures of an experiment tell: which arms differ from the first one by more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final, Literal

from msgspec import Struct

from rambla.feed.types import Figures

Act = Literal["clicked", "liked", "hid"]
Verdict = Literal["more", "fewer", "unclear", "nobody"]

ACTS: Final[tuple[Act, ...]] = ("clicked", "liked", "hid")
_ERROR: Final = 0.05  # of all that is said about one experiment together


class Share(Struct, frozen=True):
    """How many of so many viewers."""

    some: int
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.some / self.of if self.of else 0.0


class Comparison(Struct, frozen=True, kw_only=True):
    arm: str
    act: Act
    here: Share
    first: Share
    verdict: Verdict


def compare(arms: Sequence[Figures]) -> list[Comparison]:
    """Each arm with the first one. The more is compared, the more a single difference has to be (Bonferroni)."""
    first, *others = arms
    if not others:
        return []
    width = NormalDist().inv_cdf(1 - _ERROR / (2 * len(others) * len(ACTS)))
    pairs = [(arm, act, _share(arm, act), _share(first, act)) for arm in others for act in ACTS]
    return [
        Comparison(arm=arm.arm, act=act, here=here, first=there, verdict=_verdict(here, there, width))
        for arm, act, here, there in pairs
    ]


def difference(here: Share, first: Share, width: float) -> tuple[float, float]:
    """Newcombe's interval of the difference of two shares (Statistics in Medicine 17, 1998, method 10)."""
    a, b = here.some / here.of, first.some / first.of
    (a_low, a_high), (b_low, b_high) = _interval(here, width), _interval(first, width)
    return a - b - math.hypot(a - a_low, b_high - b), a - b + math.hypot(a_high - a, b - b_low)


def _share(arm: Figures, act: Act) -> Share:
    return Share({"clicked": arm.clicked, "liked": arm.liked, "hid": arm.hid}[act], arm.viewers)


def _verdict(here: Share, first: Share, width: float) -> Verdict:
    if not here.of or not first.of:
        return "nobody"
    low, high = difference(here, first, width)
    if low > 0:
        return "more"
    return "fewer" if high < 0 else "unclear"


def _interval(share: Share, width: float) -> tuple[float, float]:
    """Wilson's, which holds for small numbers too."""
    rate, n, z = share.some / share.of, share.of, width
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return middle - reach, middle + reach
