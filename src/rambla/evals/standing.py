"""How each contestant did, over all questions that were asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.evals.metrics import Interval, diversity, gini, interval, ndcg, recall
from rambla.evals.replay import CONTESTANTS, Contestant
from rambla.evals.world import Item, Question

DEPTH: Final = 50


class Asked(Struct, frozen=True, kw_only=True):
    question: Question
    pages: Mapping[Contestant, Sequence[UUID]]
    new_authors: frozenset[UUID]


class Standing(Struct, frozen=True, kw_only=True):
    """What has an interval is a mean over viewers; coverage and Gini are of all pages together."""

    contestant: Contestant
    ndcg: Interval
    recall: Interval
    behind: Interval
    """How much NDCG it lacks to for_you, for the same viewers."""
    diversity: Interval
    authors: Interval
    new_author_share: Interval
    shop_share: Interval
    coverage: float
    gini: float


def standings(asked: Sequence[Asked], items: Sequence[Item], resamples: int) -> list[Standing]:
    known = {item.id: item for item in items}
    return [_standing(contestant, asked, known, resamples) for contestant in CONTESTANTS if asked]


def _standing(
    contestant: Contestant, asked: Sequence[Asked], items: Mapping[UUID, Item], resamples: int
) -> Standing:
    def over_viewers(value: Callable[[Asked, Sequence[UUID]], float]) -> Interval:
        values: defaultdict[UUID, list[float]] = defaultdict(list)
        for one in asked:
            values[one.question.viewer].append(value(one, one.pages[contestant]))
        return interval([fmean(of_one) for of_one in values.values()], resamples=resamples)

    def over_items(share: Callable[[Asked, Item], bool]) -> Interval:
        return over_viewers(lambda one, page: _mean([share(one, items[item]) for item in page]))

    shown = Counter(item for one in asked for item in one.pages[contestant])
    alive = sum(item.at <= asked[-1].question.at for item in items.values())
    return Standing(
        contestant=contestant,
        ndcg=over_viewers(lambda one, page: ndcg(page, one.question.gains, DEPTH)),
        recall=over_viewers(lambda one, page: recall(page, one.question.gains, DEPTH)),
        behind=over_viewers(
            lambda one, page: (
                ndcg(one.pages["for_you"], one.question.gains, DEPTH) - ndcg(page, one.question.gains, DEPTH)
            )
        ),
        diversity=over_viewers(lambda _, page: diversity([items[item] for item in page])),
        authors=over_viewers(lambda _, page: len({items[item].author for item in page})),
        new_author_share=over_items(lambda one, item: item.author in one.new_authors),
        shop_share=over_items(lambda _, item: item.sold),
        coverage=len(shown) / alive,
        gini=gini(shown, alive),
    )


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0
