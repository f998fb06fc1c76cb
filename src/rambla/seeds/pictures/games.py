"""Priya's table on a Thursday night."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    SHADOW,
    Colour,
    Dice,
    Palette,
    Point,
    Scene,
    around,
    circle,
    define,
    dots,
    group,
    line,
    path,
    rect,
    ring,
    shade,
    shadow,
    smooth,
    stroke,
    use,
    wash,
)

PALETTES: Final = (
    Palette.of(
        (178, 28, 82), (164, 32, 34), (12, 70, 56), (42, 82, 60), (208, 52, 48), (200, 36, 16), (44, 56, 94)
    ),
    Palette.of(
        (24, 44, 84), (18, 36, 40), (200, 52, 44), (346, 56, 56), (44, 80, 60), (222, 34, 18), (38, 56, 94)
    ),
    Palette.of(
        (258, 30, 84), (252, 28, 38), (40, 84, 60), (176, 44, 42), (336, 58, 60), (250, 36, 19), (60, 44, 95)
    ),
)
MEEPLE: Final = (
    "M0-50a17 17 0 0 1 15 26q34 8 34 22 0 10-14 10H26l20 38q3 6-4 6H12L0 34-12 52H-42q-7 0-4-6L-26 8H-35"
    "q-14 0-14-10 0-14 34-22A17 17 0 0 1 0-50z"
)
PIPS: Final[dict[int, tuple[Point, ...]]] = {
    1: ((0, 0),),
    2: ((-1, -1), (1, 1)),
    3: ((-1, -1), (0, 0), (1, 1)),
    4: ((-1, -1), (1, -1), (-1, 1), (1, 1)),
    5: ((-1, -1), (1, -1), (0, 0), (-1, 1), (1, 1)),
    6: ((-1, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (1, 1)),
}


def hexes(p: Palette, d: Dice) -> str:
    land = (
        Colour(104, 34, 50),
        Colour(44, 70, 64),
        Colour(24, 46, 52),
        Colour(150, 32, 40),
        Colour(90, 40, 66),
        Colour(210, 12, 60),
    )
    tiles, tokens, inks = "", "", []
    for x, y in [
        (200, 150),
        *around(200, 150, 87, 6, start=30),
        *around(200, 150, 174, 6, start=30),
        *around(200, 150, 150, 6),
    ]:
        colour = d.one(land)
        tiles += path(line(around(x, y, 48, 6), closed=True), colour)
        if d.chance(0.6):
            inks.append((x, y))
    tokens = dots(inks, 27, p.light) + dots(inks[::2], 9, p.main) + dots(inks[1::2], 9, p.dark)
    town = path("M186 52l13-13 13 13v15h-26z", p.main) + path("M112 196l13-13 13 13v15h-26z", p.accent)
    return rect(0, 0, 400, 300, Colour(204, 46, 62)) + tiles + tokens + town


def dice(p: Palette, d: Dice) -> str:
    drawn = ""
    for x, y, size, colour in ((126, 128, 92, p.main), (272, 184, 104, p.light), (282, 68, 60, p.second)):
        ink = p.dark if colour == p.light else p.light
        pips = [(dx * size * 0.27, dy * size * 0.27) for dx, dy in PIPS[1 + int(d.between(0, 6))]]
        corner, half = size * 0.18, size / 2
        face = rect(-half, -half, size, size, colour, rx=corner) + rect(
            half * 0.2, -half, half * 0.8, size, SHADOW, rx=corner, opacity=".07"
        )
        drawn += group(
            rect(-size / 2 + 8, -size / 2 + 12, size, size, SHADOW, rx=size * 0.18, opacity=".2")
            + face
            + dots(pips, size * 0.17, ink),
            at=(x, y),
            turn=d.between(-24, 24),
        )
    felt = stroke("".join(line([(x, -10), (x - 60, 310)]) for x in range(20, 480, 26)), p.table.lit(3), 6)
    return rect(0, 0, 400, 300, p.table) + felt + drawn


def meeples(p: Palette, d: Dice) -> str:
    crowd = "".join(
        group(use("m", at=(6, 5)) + path(MEEPLE, colour), at=(x, y), scale=scale, turn=d.between(-7, 7))
        for x, y, scale, colour in (
            (92, 164, 1.0, p.main),
            (200, 144, 1.3, p.second),
            (310, 166, 1.0, p.accent),
            (148, 232, 0.8, p.light),
            (258, 236, 0.8, p.dark.lit(26)),
        )
    )
    path_ = stroke(
        smooth([(-10, 250), (80, 270), (180, 250), (290, 276), (410, 246)]), p.table.lit(10), 34
    ) + stroke(
        smooth([(-10, 250), (80, 270), (180, 250), (290, 276), (410, 246)]),
        p.light,
        2,
        stroke_dasharray="10 12",
    )
    shade_ = define("m", shade(MEEPLE, 0.18))
    return shade_ + wash(p.wall.lit(2), p.wall.lit(-8)) + rect(0, 220, 400, 80, p.table) + path_ + crowd


def cards(p: Palette, _d: Dice) -> str:
    signs = (
        path("M0-24L20 0L0 24L-20 0Z", p.main),
        circle(0, 0, 20, p.second),
        path("M-20 17L0-20L20 17Z", p.accent),
        ring(0, 0, 15, p.main, 9),
        path("M-7-22h14v15h15v14H7v15H-7V7h-15V-7h15z", p.accent),
    )
    fan = "".join(
        group(
            use("k", at=(0, 0)) + group(sign, at=(0, -126)) + group(sign, at=(-29, -176), scale=0.32),
            at=(200, 300),
            turn=-44 + 22 * i,
        )
        for i, sign in enumerate(signs)
    )
    card = rect(-44, -192, 96, 140, SHADOW, rx=9, opacity=".14") + rect(-48, -196, 96, 140, p.light, rx=9)
    blank = define("k", card + rect(-40, -188, 80, 124, p.light.lit(-6), rx=5))
    return blank + wash(p.table.lit(8), p.table.lit(-4)) + circle(200, 300, 96, p.table.lit(-6)) + fan


def box(p: Palette, d: Dice) -> str:
    skyline = "".join(
        rect(104 + i * 24, 176 - h, 24, h + 20, p.dark.lit(6 + (i % 3) * 7))
        for i, h in enumerate([d.between(14, 74) for _ in range(8)])
    )
    sun = circle(200, 122, 40, p.second)
    lid = (
        rect(96, 44, 208, 172, p.main, rx=6)
        + rect(104, 52, 192, 144, p.main.lit(20))
        + sun
        + skyline
        + rect(104, 172, 192, 26, p.main.lit(-16))
        + rect(124, 180, 152, 9, p.light, rx=4)
    )
    pieces = group(path(MEEPLE, p.accent), at=(72, 244), scale=0.55) + group(
        path(MEEPLE, p.second), at=(336, 248), scale=0.5
    )
    return (
        wash(p.wall.lit(3), p.wall.lit(-8))
        + rect(0, 222, 400, 78, p.table)
        + shadow(202, 262, 124, 9)
        + rect(96, 200, 208, 60, p.main.lit(-12), rx=4)
        + lid
        + shade("M262 44h36q6 0 6 6v204q0 6-6 6h-36z", 0.08)
        + pieces
    )


def track(p: Palette, d: Dice) -> str:
    route = smooth(
        [(30, 250), (90, 180), (60, 100), (140, 56), (230, 96), (210, 190), (290, 246), (366, 170), (330, 60)]
    )
    squares = [
        (30, 250),
        (76, 206),
        (80, 140),
        (78, 80),
        (140, 56),
        (204, 74),
        (236, 128),
        (214, 180),
        (246, 228),
        (312, 244),
        (362, 196),
        (356, 124),
        (330, 60),
    ]
    tiles = "".join(
        group(
            rect(-17, -17, 34, 34, d.one((p.main, p.second, p.accent)), rx=7), at=at, turn=d.between(-14, 14)
        )
        for at in squares
    )
    pawns = "".join(
        path(f"M{x} {y}a9 9 0 1 1 8 0l9 28h-26z", c)
        for x, y, c in ((76, 118, p.dark), (246, 206, p.dark), (352, 102, p.dark.lit(40)))
    )
    return (
        rect(0, 0, 400, 300, p.light.lit(-5))
        + rect(10, 10, 380, 280, p.wall, rx=10)
        + stroke(route, p.light, 50)
        + stroke(route, p.dark, 2, stroke_dasharray="2 10", opacity=".5")
        + tiles
        + pawns
    )


SCENES: Final[dict[str, Scene]] = {
    "hexes": hexes,
    "dice": dice,
    "meeples": meeples,
    "cards": cards,
    "box": box,
    "track": track,
}
