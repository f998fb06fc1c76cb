"""Every picture of the demo world by its file name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from rambla.seeds.person import Person, Post, ShopItem, people
from rambla.seeds.pictures import (
    bikes,
    bread,
    ceramics,
    climbing,
    coffee,
    film,
    games,
    knitwear,
    letterpress,
    plants,
    vinyl,
    wood,
)
from rambla.seeds.pictures.avatars import avatar
from rambla.seeds.pictures.canvas import Dice, Palette, Scene, picture

CRAFTS: Final[dict[str, tuple[dict[str, Scene], tuple[Palette, ...]]]] = {
    "bikes": (bikes.SCENES, bikes.PALETTES),
    "bread": (bread.SCENES, bread.PALETTES),
    "ceramics": (ceramics.SCENES, ceramics.PALETTES),
    "climbing": (climbing.SCENES, climbing.PALETTES),
    "coffee": (coffee.SCENES, coffee.PALETTES),
    "film": (film.SCENES, film.PALETTES),
    "games": (games.SCENES, games.PALETTES),
    "knitwear": (knitwear.SCENES, knitwear.PALETTES),
    "letterpress": (letterpress.SCENES, letterpress.PALETTES),
    "plants": (plants.SCENES, plants.PALETTES),
    "vinyl": (vinyl.SCENES, vinyl.PALETTES),
    "wood": (wood.SCENES, wood.PALETTES),
}


def album() -> dict[str, str]:
    """File name to SVG text."""
    return {name: drawing for person in people() for name, drawing in _of(person)}


def _of(person: Person) -> Iterator[tuple[str, str]]:
    if person.look is not None:
        yield f"avatar-{person.handle}.svg", avatar(person.look)
    if person.craft is None:
        return
    scenes, palettes = CRAFTS[person.craft]
    used: Counter[str] = Counter()
    entries: list[Post | ShopItem] = [*person.posts, *person.shop]
    for entry in entries:
        if entry.picture is None:
            continue
        # A post and an item may show the same scene; then in other colours.
        chance = int(Dice(entry.picture).between(0, len(palettes))) + used[entry.picture]
        palette = palettes[(chance if entry.palette is None else entry.palette) % len(palettes)]
        used[entry.picture] += 1
        yield f"{entry.slug}.svg", picture(scenes[entry.picture](palette, Dice(entry.slug)))
