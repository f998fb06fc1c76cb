"""What everybody in the demo world follows, sees and likes: by interest first, then by chance, always the same."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from rambla.seeds.person import Person, Post, ShopItem, item_id
from rambla.seeds.story import Follow, Story

Row = tuple[Any, ...]


class Deed(Struct, frozen=True):
    what: str
    who: UUID
    item: UUID
    at: dt.datetime


class Audience:
    def __init__(self, everybody: list[Person], story: Story, as_of: dt.datetime) -> None:
        self._everybody = everybody
        self._creators = [person for person in everybody if person.craft]
        self._told = {(act.who, act.whom) for act in story.acts if isinstance(act, Follow)}
        self._as_of = as_of
        self._chance = random.Random("audience")  # noqa: S311 - taste, not a secret
        self._deeds = list(self._engagement())

    def follows(self) -> Iterator[Row]:
        """From long ago; the story tells of the others."""
        for reader in self._everybody:
            for creator in self._creators:
                if creator.craft in reader.interests and (reader.handle, creator.handle) not in self._told:
                    yield (
                        reader.id,
                        creator.id,
                        self._as_of - dt.timedelta(hours=self._chance.uniform(740, 1400)),
                    )

    def reactions(self) -> Iterator[Row]:
        return ((d.who, d.item, d.what, d.at) for d in self._deeds if d.what in ("like", "save"))

    def events(self) -> Iterator[Row]:
        """An event's id is made of what it says, as a client that retries keeps it."""
        for d in self._deeds:
            if d.what in ("impression", "click"):
                yield d.who, uuid5(d.who, f"{d.item}/{d.what}"), d.item, d.what, d.at

    def _engagement(self) -> Iterator[Deed]:
        for creator in self._creators:
            entries: list[Post | ShopItem] = [*creator.posts, *creator.shop]
            for entry in entries:
                charm = self._chance.uniform(0.5, 1.6)
                for reader in self._everybody:
                    interested = creator.craft in reader.interests
                    if reader is not creator and (interested or entry.visibility == "public"):
                        yield from self._look(reader, entry, fond=(0.42 if interested else 0.09) * charm)

    def _look(self, reader: Person, entry: Post | ShopItem, *, fond: float) -> Iterator[Deed]:
        """Whoever sees something may open it, like it, keep it; most of it while it is new."""
        age = entry.hours * (1 - self._chance.random() ** 2 * 0.98)
        mood = self._chance.random()
        for what, limit in (
            ("impression", fond + 0.4),
            ("click", fond + 0.1),
            ("like", fond),
            ("save", fond / 4),
        ):
            if mood < limit:
                yield Deed(what, reader.id, item_id(entry.slug), self._as_of - dt.timedelta(hours=age))
