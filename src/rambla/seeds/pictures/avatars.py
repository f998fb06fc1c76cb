"""Portraits of the people, drawn as one would draw them on a name card."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from rambla.seeds.pictures.canvas import (
    Colour,
    circle,
    dots,
    element,
    ellipse,
    path,
    picture,
    rect,
    shade,
    stroke,
)

SIZE: Final = 120
WORN: Final = ("beanie", "scarf")
SKIN: Final = {
    "porcelain": Colour(24, 60, 84),
    "sand": Colour(26, 54, 74),
    "olive": Colour(28, 42, 62),
    "amber": Colour(24, 44, 50),
    "umber": Colour(20, 40, 38),
    "ebony": Colour(18, 36, 27),
}
HAIR: Final = {
    "black": Colour(230, 18, 14),
    "brown": Colour(20, 40, 24),
    "chestnut": Colour(16, 48, 34),
    "copper": Colour(18, 66, 46),
    "blonde": Colour(42, 62, 64),
    "silver": Colour(220, 10, 74),
}


class Look(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person of the demo looks; ``wall`` and ``clothes`` are hues."""

    skin: str
    hair: str
    style: str
    wall: float
    clothes: float
    glasses: bool = False
    beard: bool = False


def avatar(look: Look) -> str:
    skin, wall, clothes = SKIN[look.skin], Colour(look.wall, 46, 76), Colour(look.clothes, 42, 44)
    hair = clothes.turned(24) if look.style in WORN else HAIR[look.hair]
    back, front = STYLES[look.style]
    body = (
        rect(0, 0, SIZE, SIZE, wall)
        + circle(60, 62, 50, wall.lit(8))
        + _hair(back, hair.lit(-3))
        + path("M10 122c2-28 24-36 50-36s48 8 50 36z", clothes)
        + path("M48 70h24v18q-12 14-24 0z", skin.lit(-7))
        + stroke("M46 87q14 16 28 0", clothes.lit(-10), 4)
        + ellipse(60, 54, 22, 26, skin)
        + circle(37.5, 56, 5, skin.lit(-4))
        + circle(82.5, 56, 5, skin.lit(-4))
        + _face(look, skin, HAIR[look.hair])
        + _hair(front, hair)
        + shade("M64 122V88q40 2 46 34z", 0.08)
    )
    return picture(body, width=SIZE, height=SIZE)


def _face(look: Look, skin: Colour, hair: Colour) -> str:
    ink = Colour(20, 30, 7 if look.skin == "ebony" else 16)
    beard = path("M38 56q2 26 22 27t22-27q2 6-4 12-4-6-18-6t-18 6q-6-6-4-12z", hair) if look.beard else ""
    lenses = dots([(51, 55), (71, 55)], 15, "hsl(0 0% 100%)", opacity=".3") if look.glasses else ""
    glasses = (
        element("g", _lens(51) + _lens(71), fill="none", stroke=ink, stroke_width=2)
        + stroke("M58 55h6", ink, 2)
        if look.glasses
        else ""
    )
    smile = stroke("M53 69q7 6 14 0", skin.lit(-30), 2.4)
    cheeks = dots([(46, 64), (74, 64)], 8, Colour(8, 70, 60), opacity=".22")
    return cheeks + beard + lenses + dots([(51, 55), (71, 55)], 4.4, ink) + smile + glasses


def _lens(x: float) -> str:
    return element("circle", cx=x, cy=55, r=7.5)


def _hair(d: str, colour: Colour) -> str:
    return path(d, colour) if d else ""


def _curls(points: tuple[tuple[int, int], ...], r: int) -> str:
    return "".join(f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0" for x, y in points)


_CAP: Final = "M37 52q-3-29 23-29t23 29q-4-14-16-16-14 6-24 4-4 4-6 12z"
_FRINGE: Final = "M36 56q-4-33 24-33t24 33q-2-14-8-18-18 2-32 0-6 4-8 18z"

# What is behind the head, what is in front of it.
STYLES: Final[dict[str, tuple[str, str]]] = {
    "short": ("", _CAP),
    "crop": ("", "M38 48q0-25 22-25t22 25q-2-10-8-12H46q-6 2-8 12z"),
    "long": ("M34 50q0-32 26-32t26 32v44q-8 8-16 2H50q-8 6-16-2z", _FRINGE),
    "bob": ("M33 52q-2-34 27-34t27 34v22q-6 6-13 2H46q-7 4-13-2z", _FRINGE),
    "bun": ("M49 16a11 11 0 1 1 22 0a11 11 0 1 1-22 0zM36 50q0-30 24-30t24 30z", _CAP),
    "curls": (
        _curls(
            ((36, 46), (34, 60), (84, 46), (86, 60), (42, 32), (78, 32), (60, 24), (50, 26), (70, 26)), 11
        ),
        _curls(((44, 36), (54, 30), (66, 30), (76, 36)), 8),
    ),
    "afro": (
        "M24 46a36 34 0 1 1 72 0q0 22-14 26H38q-14-4-14-26z",
        "M38 48q2-18 22-18t22 18q-8-8-22-8t-22 8z",
    ),
    "scarf": (
        "M30 56q-2-40 30-40t30 40q2 30 4 38H26q2-8 4-38z",
        "M37 60q-4-36 23-36t23 36q0-20-23-22-23 2-23 22z",
    ),
    "braid": (
        "M36 50q0-32 24-32t24 32zM80 60q14 10 8 24t2 26q-12 2-14-10t4-20-4-14z",
        "M37 54q-3-31 23-31t23 31q-6-16-20-18-8 14-26 18z",
    ),
    "bald": ("", ""),
    "beanie": ("", "M35 46q-2-30 25-30t25 30v4H35z"),
}
