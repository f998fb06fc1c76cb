"""The authors of the MovieLens world: each has a genre and a decade, and words for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.seeds.identity import identify
from rambla.seeds.names import full_name, handle
from rambla.seeds.ratings import Film

FEW: Final = 4
MANY: Final = 20
ZONES: Final = ("America/New_York", "America/Chicago", "Europe/London", "America/Los_Angeles", "Europe/Paris")
_FIRST: Final = (
    "I went in for the poster and stayed for the last ten minutes.",
    "Seen twice in a week; the second time I noticed the music.",
    "A film that knows when to be quiet.",
    "Half the audience left smiling and the other half left arguing, which is a good night.",
    "Better than its reputation, and a little stranger.",
    "The first act drags, the third forgives it.",
    "I had forgotten how well it is lit.",
)
_THEN: Final = (
    "If you only know it from television, see it on a screen.",
    "Bring somebody who talks on the way home.",
    "Do not read anything about it first.",
    "It is longer than it feels.",
    "I would watch the supporting cast in anything.",
)


class Critic(Struct, frozen=True, kw_only=True):
    number: int
    beat: str

    @property
    def id(self) -> UUID:
        return identify("movielens", "critic", str(self.number))

    @property
    def name(self) -> str:
        return full_name(self.number * 13 + 5)

    @property
    def handle(self) -> str:
        return handle(self.name, 1000 + self.number)

    @property
    def bio(self) -> str:
        return f"Writes about {self.beat}."

    @property
    def timezone(self) -> str:
        return ZONES[self.number % len(ZONES)]

    def review(self, film: Film) -> str:
        genres = " and ".join(film.genres[:2]).capitalize()
        when = f", {film.year}" if film.year else ""
        return f"{genres}{when}. {_FIRST[film.id % len(_FIRST)]} {_THEN[film.id % len(_THEN)]}"


def assign(films: list[Film]) -> Mapping[int, Critic]:
    """Critic by film: rare genres and old decades share one, common ones are shared out among several."""
    common = Counter(genre for film in films for genre in film.genres)
    beats: defaultdict[tuple[str, str], list[Film]] = defaultdict(list)
    for film in films:
        genre = min(film.genres, key=lambda genre: (common[genre], genre))
        beats[genre, f"{(film.year or 1990) // 10 * 10}s"].append(film)
    for (genre, decade), few in list(beats.items()):
        if len(few) < FEW:
            beats[genre, "classics"] += beats.pop((genre, decade))
    critics: dict[int, Critic] = {}
    number = 0
    for (genre, decade), kept in sorted(beats.items()):
        beat = f"{genre} classics" if decade == "classics" else f"{genre} of the {decade}"
        shares = -(-len(kept) // MANY)
        for share in range(shares):
            number += 1
            critics |= {film.id: Critic(number=number, beat=beat) for film in kept[share::shares]}
    return critics
