"""The figures of an evaluation, where they can be worked out by hand."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from uuid import UUID

import pytest

from rambla.evals.metrics import Interval, diversity, gini, interval, ndcg, recall
from rambla.evals.violations import of_page
from rambla.evals.world import Act, Item, Protocol, questions, taken_to

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
ONE, TWO, THREE, FOUR = (UUID(int=n) for n in range(1, 5))
ANNA, BEN = UUID(int=101), UUID(int=102)


def item(number: int, *, author: int = 0, sold: bool = False, tags: tuple[str, ...] = ()) -> Item:
    return Item(id=UUID(int=number), author=UUID(int=1000 + author), sold=sold, tags=tags, at=NOON)


def act(viewer: UUID, what: UUID, gain: int, hours: float) -> Act:
    return Act(viewer=viewer, item=what, gain=gain, at=NOON + dt.timedelta(hours=hours))


def test_ndcg_is_the_gain_of_each_place_over_the_best_order() -> None:
    gains = {ONE: 3.0, TWO: 1.0}

    assert ndcg([ONE, TWO, THREE], gains, 50) == 1
    assert ndcg([THREE, TWO, ONE], gains, 50) == pytest.approx(
        (1 / math.log2(3) + 3 / math.log2(4)) / (3 + 1 / math.log2(3))
    )
    assert ndcg([THREE, ONE], gains, 1) == 0


def test_recall_counts_what_was_found() -> None:
    assert recall([ONE, THREE], {ONE: 3, TWO: 1}, 50) == 0.5


def test_a_page_of_one_tag_has_no_diversity_and_one_of_many_has_all() -> None:
    assert diversity([item(1, tags=("a",)), item(2, tags=("a",))]) == 0
    assert diversity([item(1, tags=("a",)), item(2, tags=("b",))]) == 1
    assert diversity([item(1, tags=("a", "b")), item(2, tags=("b", "c"))]) == pytest.approx(2 / 3)


def test_gini_is_nothing_when_all_are_shown_alike_and_all_but_one_when_one_is() -> None:
    assert gini(Counter({ONE: 5, TWO: 5}), 2) == 0
    assert gini(Counter({ONE: 5}), 4) == 0.75


def test_an_interval_is_the_same_each_time_and_narrows_with_more_viewers() -> None:
    few, many = (interval([0.0, 1.0] * n, resamples=1000) for n in (10, 1000))

    assert few == interval([0.0, 1.0] * 10, resamples=1000)
    assert few.mean == many.mean == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert Interval(mean=3, low=2.1, high=4).above(Interval(mean=1, low=0, high=2))
    assert not Interval(mean=3, low=1.9, high=4).above(Interval(mean=1, low=0, high=2))


def test_a_question_knows_only_what_came_before_and_asks_for_what_came_after() -> None:
    items = [item(n) for n in (1, 2, 3)] + [
        Item(id=FOUR, author=ANNA, sold=False, tags=(), at=NOON + dt.timedelta(hours=9))
    ]
    acts = [
        act(ANNA, ONE, 3, 1),
        act(BEN, ONE, 1, 2),
        act(ANNA, TWO, 1, 3),
        act(ANNA, THREE, 0, 4),
        act(ANNA, FOUR, 3, 9),
    ]

    (asked,) = questions(acts, items, Protocol(histories=(1,), warm_up=0, tuned_until=0))

    assert (asked.viewer, asked.after, asked.part) == (ANNA, 1, "report")
    assert asked.gains == {TWO: 1}, "the third was not liked, and the fourth was not there"


def test_what_is_far_ahead_is_no_answer_and_early_questions_tune() -> None:
    acts = [act(ANNA, ONE, 3, 1), act(ANNA, TWO, 1, 2), act(ANNA, THREE, 1, 24 * 40)]

    (asked,) = questions(
        acts, [item(n) for n in (1, 2, 3)], Protocol(histories=(1,), warm_up=0, tuned_until=0.5)
    )

    assert asked.part == "tuning"
    assert asked.gains == {TWO: 1}


def test_a_follow_comes_with_the_third_like_and_not_before() -> None:
    authors = dict.fromkeys((ONE, TWO, THREE), BEN)
    acts = [act(ANNA, ONE, 1, 1), act(ANNA, TWO, 3, 2), act(ANNA, FOUR, 0, 3), act(ANNA, THREE, 1, 4)]

    (follow,) = taken_to(acts, authors, 3)

    assert (follow.follower, follow.followee, follow.after) == (ANNA, BEN, 4)


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ([item(n, author=n) for n in range(50)], None),
        ([item(n, author=n, sold=n % 5 == 4) for n in range(50)], None),
        ([item(1), item(2, author=1), item(1)], "an item stands twice"),
        ([item(n, author=n, sold=n % 4 == 3) for n in range(50)], "more than a fifth is for sale"),
        ([item(n, author=n % 9) for n in range(50)], "more than 2 posts of an author among 20"),
        ([item(1), item(2), item(3, author=1)], "two posts of an author stand next to each other"),
    ],
)
def test_what_a_page_may_not_do_is_seen(page: list[Item], wrong: str | None) -> None:
    assert [*of_page(page)] == ([wrong] if wrong else [])
