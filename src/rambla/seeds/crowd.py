"""The people and items of a world of any size, row by row; the same seed gives the same rows."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from rambla.seeds.names import full_name
from rambla.seeds.zipf import Zipf

Row = tuple[Any, ...]

DAYS: Final = 60
SHOP_EVERY: Final = 5
ITEMS_PER_AUTHOR: Final = 100
ZONES: Final = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "America/Sao_Paulo", "Africa/Lagos", "UTC")
_TAGS: Final = (
    "ceramics coffee bread bikes plants vinyl climbing film knitting games letterpress wood garden tea cheese jazz"
    " synths maps stamps running sailing skating soap leather glass silver denim rugs lamps clocks kites beekeeping"
)
TAGS: Final = _TAGS.split()
_FIRST: Final = (
    "Small",
    "Quiet",
    "Bright",
    "Slow",
    "Honest",
    "Late",
    "Early",
    "Plain",
    "Warm",
    "Odd",
    "Second",
)
_THEN: Final = ("notes on", "thoughts about", "a try at", "the case for", "an evening of", "good reasons for")
_GOODS: Final = (
    "starter set",
    "gift box",
    "weekend kit",
    "travel case",
    "hand-made pair",
    "limited batch",
    "sample",
)


class Plan(Struct, frozen=True, kw_only=True):
    viewers: int
    items: int
    follows: int
    seed: int
    as_of: dt.datetime
    """The newest item is as old as nothing; the oldest two months."""

    @property
    def domain(self) -> str:
        return f"w{self.seed}.world.example.org"

    @property
    def authors(self) -> int:
        """The first of the viewers write and sell."""
        return max(1, min(self.viewers, self.items // ITEMS_PER_AUTHOR))


class Crowd:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._chance = random.Random(plan.seed)  # noqa: S311 - a world, not a secret
        self._by = Zipf(plan.authors, self._chance).draw(plan.items)
        self._tags = Zipf(len(TAGS), self._chance)
        self._start = plan.as_of - dt.timedelta(days=DAYS)

    def users(self) -> Iterator[Row]:
        joined = self._start.isoformat()
        return (
            (self._person(n), f"w{self._plan.seed}_{n}@{self._plan.domain}", joined)
            for n in range(self._plan.viewers)
        )

    def profiles(self) -> Iterator[Row]:
        joined = self._start.isoformat()
        for n in range(self._plan.viewers):
            zone = ZONES[n % len(ZONES)]
            yield self._person(n), f"w{self._plan.seed}_{n}", full_name(n), "", None, zone, joined

    def posts(self) -> Iterator[Row]:
        for n in range(self._plan.items):
            if n % SHOP_EVERY:
                tags = self._pick_tags()
                title = f"{_FIRST[n % 11]} {_THEN[n % 6]} {tags[0]}"
                body = f"{title}, number {n}. What I learned about {tags[-1]} this week, and what I would do again."
                visibility = "public" if n % 41 else "followers"
                yield (
                    self._item(n), self._person(self._by[n]), title, body, None, f"{{{','.join(tags)}}}", visibility,
                    self._moment(n),
                )  # fmt: skip

    def shop_items(self) -> Iterator[Row]:
        for n in range(0, self._plan.items, SHOP_EVERY):
            tags = self._pick_tags()
            title = f"{_FIRST[n % 11]} {tags[0]} {_GOODS[n % 7]}"
            price = 500 + self._chance.randrange(0, 9500, 50)
            yield (
                self._item(n), self._person(self._by[n]), title, f"Number {n}, made by hand.", None,
                f"{{{','.join(tags)}}}", price, "EUR", None if n % 3 else 1 + n % 40, self._moment(n),
            )  # fmt: skip

    def follows(self) -> Iterator[Row]:
        """Everybody follows a few and some follow many; the popular are followed most."""
        popular = Zipf(self._plan.authors, self._chance)
        authors = [self._person(n) for n in range(self._plan.authors)]
        hours = [self._moment(hour * self._plan.items // (DAYS * 24)) for hour in range(DAYS * 24)]
        reach = [self._chance.expovariate(1) for _ in range(self._plan.viewers)]
        scale, given, due = self._plan.follows / sum(reach), 0, 0.0
        for n, share in enumerate(reach):
            due += share * scale
            chosen = sorted(popular.draw_distinct(round(due) - given, but=n))
            given += len(chosen)
            follower = self._person(n)
            for followee, hour in zip(chosen, self._chance.choices(hours, k=len(chosen)), strict=True):
                yield follower, authors[followee], hour

    def counters(self) -> Iterator[Row]:
        """The item on top is liked by one viewer in ten, the second by half as many; most are liked by nobody."""
        order = self._chance.sample(range(self._plan.items), self._plan.items // 10)
        for place, n in enumerate(order):
            likes = self._plan.viewers // 10 // (place + 1)
            if likes == 0:
                return
            sold = 0 if n % SHOP_EVERY else likes // 8
            yield self._item(n), likes, likes // 5, likes // 12, likes * 4, sold, likes * 30

    def _pick_tags(self) -> list[str]:
        return [TAGS[place] for place in dict.fromkeys(self._tags.draw(2))]

    def _moment(self, n: int) -> str:
        return (self._start + n * dt.timedelta(days=DAYS) / self._plan.items).isoformat()

    def _person(self, n: int) -> str:
        return f"{n:08x}-0001-8000-8000-{self._plan.seed:012x}"

    def _item(self, n: int) -> str:
        # A custom uuid of version 8 that grows with the item's age: its index is appended to, not scattered.
        return f"{n:08x}-0002-8000-8000-{self._plan.seed:012x}"
