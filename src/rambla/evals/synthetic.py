"""A world whose utilities are known: what a viewer would like is a number, and the best order can be written down.

Viewers and authors have tastes, points in a space of topics; an item is near its author's, and is of some quality.
How likely a viewer is to like it is a logistic function of the two, which halves with each day of the item's age. Each
day a viewer sees some items of the last days, at random, and likes some. Then a question: the gain of each item that
they have not seen is how likely they are to like it now, so NDCG is the share of what an oracle gets.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.evals.world import LIKED, SAVED, SEEN, Act, Item, Part, Question, World, taken_to
from rambla.seeds.identity import identify

TOPICS: Final = 8
START: Final = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
SHOWN: Final = dt.timedelta(days=3)
LOVED: Final = 0.2  # of what is liked
HALF_LIFE: Final = 1.0  # days

Point = tuple[float, ...]


class Size(Struct, frozen=True, kw_only=True):
    viewers: int = 300
    authors: int = 120
    days: int = 16
    items_a_day: int = 250
    views_a_day: int = 40
    ask_every: int = 3  # days
    seed: int = 1


class Tastes(Struct, frozen=True, kw_only=True):
    viewers: Mapping[UUID, Point]
    items: Mapping[UUID, Point]
    quality: Mapping[UUID, float]

    def utility(self, viewer: UUID, item: Item, at: dt.datetime) -> float:
        near = sum(a * b for a, b in zip(self.viewers[viewer], self.items[item.id], strict=True))
        age = (at - item.at) / dt.timedelta(days=1)
        return 2 ** (-age / HALF_LIFE) / (1 + math.exp(-(8 * near - 6 + self.quality[item.id])))


def synthetic(size: Size) -> World:
    chance = random.Random(size.seed)  # noqa: S311 - the same world each time
    authors = {identify("synthetic", "author", str(n)): _point(chance) for n in range(size.authors)}
    viewers = {identify("synthetic", "viewer", str(n)): _point(chance) for n in range(size.viewers)}
    items = list(_items(chance, size, authors))
    tastes = Tastes(
        viewers=viewers,
        items={item.id: _near(chance, authors[item.author]) for item in items},
        quality={item.id: chance.gauss(0, 1) for item in items},
    )
    acts = sorted(_acts(chance, size, items, tastes), key=lambda act: (act.at, act.viewer))
    return World(
        name="Synthetic, with known utilities",
        people=[*viewers, *authors],
        items=[_tagged(item, tastes.items[item.id]) for item in items],
        follows=list(taken_to(acts, {item.id: item.author for item in items}, 3)),
        acts=acts,
        questions=list(_questions(chance, size, items, acts, tastes)),
    )


def _point(chance: random.Random) -> Point:
    """Of length one, with one or two topics that stand out."""
    raw = [chance.random() ** 3 for _ in range(TOPICS)]
    return _scaled(raw)


def _near(chance: random.Random, point: Point) -> Point:
    return _scaled([max(0.0, value + chance.gauss(0, 0.25)) for value in point])


def _scaled(values: Sequence[float]) -> Point:
    length = math.hypot(*values) or 1.0
    return tuple(value / length for value in values)


def _items(chance: random.Random, size: Size, authors: Mapping[UUID, Point]) -> Iterator[Item]:
    """A few authors post most; a fifth of what is posted is for sale."""
    people = list(authors)
    weights = [1 / (rank + 5) for rank in range(len(people))]
    moments = sorted(chance.uniform(0, size.days) for _ in range(size.days * size.items_a_day))
    for number, day in enumerate(moments):
        yield Item(
            id=identify("synthetic", "item", str(number)),
            author=chance.choices(people, weights)[0],
            sold=number % 5 == 0,
            tags=(),
            at=START + dt.timedelta(days=day),
        )


def _tagged(item: Item, point: Point) -> Item:
    """What stands out in it, in words."""
    strongest = sorted(range(TOPICS), key=lambda topic: -point[topic])[:2]
    return Item(
        id=item.id, author=item.author, sold=item.sold, at=item.at, tags=tuple(f"topic{t}" for t in strongest)
    )


def _acts(chance: random.Random, size: Size, items: Sequence[Item], tastes: Tastes) -> Iterator[Act]:
    for day in range(1, size.days):
        morning = START + dt.timedelta(days=day)
        shown = [item for item in items if morning - SHOWN <= item.at < morning]
        for viewer in tastes.viewers:
            at = morning + dt.timedelta(seconds=chance.randrange(80_000))
            for item in chance.sample(shown, min(size.views_a_day, len(shown))):
                likes = chance.random() < tastes.utility(viewer, item, at)
                gain = SEEN if not likes else SAVED if chance.random() < LOVED else LIKED
                yield Act(viewer=viewer, item=item.id, gain=gain, at=at)


def _questions(
    chance: random.Random, size: Size, items: Sequence[Item], acts: Sequence[Act], tastes: Tastes
) -> Iterator[Question]:
    seen: dict[UUID, set[UUID]] = {viewer: set() for viewer in tastes.viewers}
    number = 0
    for day in range(size.days // 4, size.days, size.ask_every):
        at = START + dt.timedelta(days=day)
        while number < len(acts) and acts[number].at < at:
            seen[acts[number].viewer].add(acts[number].item)
            number += 1
        alive = [item for item in items if at - 5 * SHOWN <= item.at <= at]
        part: Part = "tuning" if day < size.days * 0.6 else "report"
        for viewer in chance.sample(list(tastes.viewers), len(tastes.viewers) // 2):
            gains = {
                item.id: tastes.utility(viewer, item, at) for item in alive if item.id not in seen[viewer]
            }
            yield Question(viewer=viewer, after=number, at=at, part=part, gains=gains)
