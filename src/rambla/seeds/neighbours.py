"""People of the demo world who only read, like and follow: too many for files of their own."""

from __future__ import annotations

import random
from typing import Final

from rambla.seeds.names import full_name, handle
from rambla.seeds.person import Person

NEIGHBOURS: Final = 48
ZONES: Final = ("Europe/Berlin", "Europe/London", "America/New_York", "Europe/Madrid")
CRAFTS: Final = (
    "bikes",
    "bread",
    "ceramics",
    "climbing",
    "coffee",
    "film",
    "games",
    "knitwear",
    "letterpress",
    "plants",
    "vinyl",
    "wood",
)


def neighbours() -> list[Person]:
    return [_neighbour(number) for number in range(NEIGHBOURS)]


def _neighbour(number: int) -> Person:
    name = full_name(number * 5 + 3)
    taste = random.Random(name).sample(CRAFTS, 3)  # noqa: S311 - taste, not a secret
    return Person(
        handle=handle(name, number), name=name, bio="", timezone=ZONES[number % len(ZONES)], interests=taste
    )
