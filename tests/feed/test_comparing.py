"""What may be said of two arms, and what is too small to say."""

from __future__ import annotations

import pytest

from rambla.feed.comparing import Share, compare, difference
from rambla.feed.types import Figures


def arm(name: str, viewers: int, liked: int) -> Figures:
    return Figures(
        arm=name, weights_version=1, share=50, viewers=viewers, exposures=viewers, clicks=0, likes=liked, hides=0,
        clicked=0, liked=liked, hid=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "other", "verdict"),
    [
        ((0, 0), (0, 0), "nobody"),
        ((100, 50), (0, 0), "nobody"),
        ((1, 0), (1, 1), "unclear"),
        ((10, 2), (10, 6), "unclear"),
        ((1000, 100), (1000, 110), "unclear"),
        ((1000, 100), (1000, 160), "more"),
        ((1000, 160), (1000, 100), "fewer"),
        ((1000, 0), (1000, 0), "unclear"),
        ((10, 0), (10, 10), "more"),
    ],
)
def test_a_difference_is_said_when_it_is_more_than_chance(
    first: tuple[int, int], other: tuple[int, int], verdict: str
) -> None:
    found = compare([arm("control", *first), arm("bold", *other)])

    assert {one.act: one.verdict for one in found}["liked"] == verdict


def test_the_more_is_compared_the_more_a_difference_has_to_be() -> None:
    control, bold = arm("control", 1000, 100), arm("bold", 1000, 140)
    alone = compare([control, bold])
    among = compare([control, bold, *(arm(f"other-{n}", 1000, 100) for n in range(8))])

    assert (alone[1].verdict, among[1].verdict) == ("more", "unclear")


def test_one_arm_is_compared_with_nothing() -> None:
    assert compare([arm("all", 10, 5)]) == []
    assert compare([arm("a", 0, 0), arm("b", 8, 2)])[1].here.percent == 25


def test_the_interval_is_the_one_that_newcombe_published() -> None:
    """His table II, example (a)."""
    assert difference(Share(56, 70), Share(48, 80), 1.959964) == pytest.approx((0.0524, 0.3339), abs=5e-5)
