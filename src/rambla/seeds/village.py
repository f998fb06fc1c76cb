"""Rows of the demo world's people, posts and shop items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from rambla.seeds.person import Person, item_id
from rambla.seeds.story import Story

Row = tuple[Any, ...]

DOMAIN: Final = "demo.example.org"


class Village:
    def __init__(self, everybody: list[Person], story: Story, as_of: dt.datetime) -> None:
        self._everybody = everybody
        self._story = story
        self._as_of = as_of
        self._founded = as_of - dt.timedelta(days=64)

    def users(self) -> Iterator[Row]:
        return ((person.id, f"{person.handle}@{DOMAIN}", self._founded) for person in self._everybody)

    def profiles(self) -> Iterator[Row]:
        for person in self._everybody:
            yield (
                person.id,
                person.handle,
                person.name,
                person.bio,
                person.avatar_url,
                person.timezone,
                self._founded,
            )

    def posts(self) -> Iterator[Row]:
        for person in self._everybody:
            for post in person.posts:
                yield (
                    item_id(post.slug),
                    person.id,
                    post.title,
                    post.body,
                    post.image_url,
                    post.tags,
                    post.visibility,
                    self._as_of - dt.timedelta(hours=post.hours),
                )

    def shop_items(self) -> Iterator[Row]:
        """With the stock that the story leaves as it is written today."""
        for person in self._everybody:
            for item in person.shop:
                yield (
                    item_id(item.slug),
                    person.id,
                    item.title,
                    item.description,
                    item.image_url,
                    item.tags,
                    item.price,
                    person.currency,
                    item.stock + self._story.sold(item.slug),
                    self._as_of - dt.timedelta(hours=item.hours),
                )
