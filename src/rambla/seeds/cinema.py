"""MovieLens as a world of ours: who writes about which films, who sells them, who follows and likes what.

A fifth of the films are shop items; the others are posts of critics, who each have a genre and a decade. A rating of
5 saves and likes, 4 likes, 3 opens, and less has only seen: each at the time at which it was given.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, Final
from uuid import UUID, uuid5

from msgspec import Struct

from rambla.seeds.critics import Critic, assign
from rambla.seeds.identity import identify
from rambla.seeds.names import full_name, handle
from rambla.seeds.ratings import Film, Rating, Ratings, Viewer
from rambla.seeds.zones import zone_of

Row = tuple[Any, ...]

DOMAIN: Final = "movielens.example.org"
SOLD_EVERY: Final = 5
LOVED: Final = 5  # stars
LIKED: Final = 4
OPENED: Final = 3
FOLLOWS_AT_LEAST: Final = 3
SHOPS: Final = (
    ("The Last Matinee", "USD"),
    ("Second Reel", "USD"),
    ("Harbor Video", "USD"),
    ("Paper Moon Discs", "USD"),
    ("Silver Spool", "USD"),
    ("Corner Cinema", "USD"),
    ("Late Show Video", "USD"),
    ("Grand Avenue Film", "USD"),
    ("Lichtspiel", "EUR"),
    ("Petit Cinema", "EUR"),
    ("Lantern & Son", "GBP"),
    ("The Projection Room", "GBP"),
)


class Purchase(Struct, frozen=True, kw_only=True):
    """What one viewer buys: films they gave five stars, at the last of those moments."""

    buyer: UUID
    items: list[UUID]
    at: dt.datetime


class Cinema:
    """``shift`` is added to every moment."""

    def __init__(self, data: Ratings, shift: dt.timedelta) -> None:
        self._data = data
        self._shift = shift
        self._films = {film.id: film for film in data.films}
        self._critic_of = assign([film for film in data.films if not sold(film)])
        self._first_seen: dict[int, dt.datetime] = {}
        self._joined: dict[int, dt.datetime] = {}
        for rating in data.ratings:
            self._first_seen.setdefault(rating.film, rating.at)
            self._joined.setdefault(rating.viewer, rating.at)
        self._opened = data.ratings[0].at - dt.timedelta(days=30)

    @property
    def viewers(self) -> list[UUID]:
        return [viewer_id(viewer.id) for viewer in self._data.viewers]

    @property
    def authors(self) -> list[UUID]:
        return [critic.id for critic in self._critics]

    @property
    def _critics(self) -> list[Critic]:
        return sorted(set(self._critic_of.values()), key=lambda critic: critic.number)

    def users(self) -> Iterator[Row]:
        for row in self._people():
            yield row[0], f"{row[1]}@{DOMAIN}", row[-1]

    def profiles(self) -> Iterator[Row]:
        return self._people()

    def _people(self) -> Iterator[Row]:
        opened = self._opened + self._shift
        for number, (name, _) in enumerate(SHOPS):
            called = name.lower().replace(" ", "_").replace("&", "and")
            yield (
                shop_id(number),
                called,
                name,
                "Films on disc, new and used.",
                None,
                "America/Chicago",
                opened,
            )
        for critic in self._critics:
            yield critic.id, critic.handle, critic.name, critic.bio, None, critic.timezone, opened
        for viewer in self._data.viewers:
            name = full_name(viewer.id, of=viewer.gender)
            since = self._joined[viewer.id] - dt.timedelta(days=1) + self._shift
            yield (
                viewer_id(viewer.id),
                handle(name, viewer.id),
                name,
                bio(viewer),
                None,
                zone_of(viewer.zip_code),
                since,
            )

    def posts(self) -> Iterator[Row]:
        for film in self._data.films:
            if not sold(film):
                critic = self._critic_of[film.id]
                yield (
                    film_id(film.id), critic.id, titled(film), critic.review(film), None, tags(film), "public",
                    self._appeared(film),
                )  # fmt: skip

    def shop_items(self) -> Iterator[Row]:
        for film in self._data.films:
            if sold(film):
                number = seller(film)
                yield (
                    film_id(film.id), shop_id(number), titled(film), f"On disc, {' and '.join(film.genres)}.", None,
                    tags(film), price(film), SHOPS[number][1], None, self._appeared(film),
                )  # fmt: skip

    def reactions(self) -> Iterator[Row]:
        for rating in self._data.ratings:
            for kind, stars in (("like", LIKED), ("save", LOVED)):
                if rating.stars >= stars:
                    yield viewer_id(rating.viewer), film_id(rating.film), kind, rating.at + self._shift

    def events(self) -> Iterator[Row]:
        for rating in self._data.ratings:
            who, item = viewer_id(rating.viewer), film_id(rating.film)
            for kind, stars in (("impression", 1), ("click", OPENED)):
                if rating.stars >= stars:
                    yield who, uuid5(who, f"{item}/{kind}"), item, kind, rating.at + self._shift

    def follows(self) -> Iterator[Row]:
        """The critics whose films a viewer rates highest, three or more, from the first of them that they liked."""
        for viewer, ratings in self._by_viewer().items():
            warmth: Counter[Critic] = Counter()
            met: dict[Critic, dt.datetime] = {}
            for rating in ratings:
                if critic := self._critic_of.get(rating.film):
                    warmth[critic] += rating.stars - 3
                    if rating.stars >= LIKED:
                        met.setdefault(critic, rating.at)
            liked = [(critic, met[critic]) for critic, _ in warmth.most_common() if critic in met]
            for critic, at in liked[: max(FOLLOWS_AT_LEAST, len(warmth) // 8)]:
                yield viewer_id(viewer), critic.id, at + self._shift

    def purchases(self) -> Iterator[Purchase]:
        """Every second viewer buys up to three of the films they loved, the latest in one currency, in one order."""
        for viewer, ratings in self._by_viewer().items():
            loved = [r for r in ratings if r.stars == LOVED and sold(self._films[r.film])]
            if viewer % 2 == 0 and loved:
                currency = self._currency(loved[-1])
                items = [film_id(r.film) for r in loved if self._currency(r) == currency][-3:]
                yield Purchase(buyer=viewer_id(viewer), items=items, at=loved[-1].at + self._shift)

    def carts(self) -> Iterator[Row]:
        """Every seventh viewer hesitates about a film they gave four stars."""
        for viewer, ratings in self._by_viewer().items():
            liked = [r for r in ratings if r.stars == LIKED and sold(self._films[r.film])]
            if viewer % 7 == 0 and liked:
                yield viewer_id(viewer), film_id(liked[-1].film), liked[-1].at + self._shift

    def _by_viewer(self) -> dict[int, list[Rating]]:
        found = defaultdict(list)
        for rating in self._data.ratings:
            found[rating.viewer].append(rating)
        return found

    def _appeared(self, film: Film) -> dt.datetime:
        """An hour before anybody had an opinion."""
        return self._first_seen[film.id] - dt.timedelta(hours=1) + self._shift

    def _currency(self, rating: Rating) -> str:
        return SHOPS[seller(self._films[rating.film])][1]


def sold(film: Film) -> bool:
    return film.id % SOLD_EVERY == 0


def seller(film: Film) -> int:
    return film.id // SOLD_EVERY % len(SHOPS)


def price(film: Film) -> int:
    """Old films cost more to find; the last digits are the shop's taste."""
    return 799 + (2000 - (film.year or 1990)) * 20 + film.id % 7 * 100


def titled(film: Film) -> str:
    return f"{film.title} ({film.year})" if film.year else film.title


def tags(film: Film) -> list[str]:
    decade = [f"{film.year // 10 * 10}s"] if film.year else []
    return [*(genre.replace("'", "") for genre in film.genres), *decade]


def bio(viewer: Viewer) -> str:
    known = viewer.occupation not in ("other", "none")
    return f"{viewer.occupation.capitalize()}, {viewer.age}." if known else f"{viewer.age} years old."


@cache
def viewer_id(number: int) -> UUID:
    return identify("movielens", "viewer", str(number))


@cache
def shop_id(number: int) -> UUID:
    return identify("movielens", "shop", str(number))


@cache
def film_id(number: int) -> UUID:
    return identify("movielens", "film", str(number))
