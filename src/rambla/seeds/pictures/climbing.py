"""Jun's weekends: rock, rope and weather."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    HEIGHT,
    WIDTH,
    Colour,
    Dice,
    Palette,
    Point,
    Scene,
    around,
    circle,
    dots,
    ellipse,
    group,
    line,
    path,
    rect,
    room,
    shade,
    shadow,
    smooth,
    stroke,
    wash,
)

PALETTES: Final = (
    Palette.of(
        (206, 56, 84), (28, 30, 70), (14, 74, 58), (216, 38, 44), (44, 84, 62), (220, 36, 22), (30, 60, 95)
    ),
    Palette.of(
        (26, 72, 82), (20, 34, 62), (190, 48, 38), (340, 44, 52), (42, 84, 62), (250, 28, 24), (40, 70, 95)
    ),
    Palette.of(
        (240, 32, 78), (230, 18, 60), (44, 82, 60), (266, 32, 44), (12, 70, 62), (246, 34, 22), (280, 40, 95)
    ),
)


def ridge(p: Palette, d: Dice) -> str:
    layers, tint = "", p.second.lit(34)
    for i in range(4):
        base = 128 + i * 42
        peaks = [(x, base - d.between(0, 64 - i * 10)) for x in range(-20, 450, 52)]
        layers += path(line([*peaks, (440, 300), (-20, 300)], closed=True), tint.lit(-13 * i))
    return wash(p.wall.lit(4), p.accent.lit(24)) + circle(d.between(90, 310), 84, 30, p.light) + layers


def wall(p: Palette, d: Dice) -> str:
    panels = (
        path("M0 0h170l40 130L150 300H0z", p.table)
        + path("M170 0h230v120l-190 10z", p.table.lit(7))
        + path("M400 120v180H150l60-170z", p.table.lit(-6))
    )
    bolts = [(x + (y // 44 % 2) * 22, y) for x in range(16, 400, 44) for y in range(16, 300, 44)]
    holds = "".join(
        path(
            smooth(
                [
                    (x + dx * d.between(0.8, 1.2), y + dy * d.between(0.8, 1.2))
                    for dx, dy in around(0, 0, d.between(13, 24), 6)
                ],
                closed=True,
            ),
            colour,
        )
        for x, y, colour in (
            (70, 236, p.main),
            (118, 168, p.main),
            (82, 94, p.second),
            (170, 54, p.main),
            (236, 96, p.second),
            (262, 190, p.accent),
            (330, 140, p.main),
            (342, 48, p.accent),
            (320, 250, p.second),
        )
    )
    return panels + dots(bolts, 4, p.dark, opacity=".35") + holds


def rope(p: Palette, d: Dice) -> str:
    coils = "".join(
        ellipse(
            200 + d.between(-7, 7), 150 + d.between(-6, 6), rx, ry, "none", stroke=str(c), stroke_width=11
        )
        for rx, ry, c in (
            (104, 86, p.main.lit(-8)),
            (92, 74, p.main),
            (80, 62, p.main.lit(8)),
            (68, 50, p.main),
            (56, 38, p.main.lit(6)),
        )
    )
    wrap = "".join(rect(178 + i * 11, 42, 10, 84, p.main.lit(4 - (i % 2) * 9), rx=5) for i in range(4))
    tail = stroke(smooth([(216, 226), (262, 268), (330, 262), (392, 286)]), p.main.lit(-4), 11)
    flecks = stroke(
        smooth([(110, 130), (120, 96), (160, 76)]) + smooth([(290, 180), (270, 214), (226, 228)]),
        p.accent.lit(10),
        3,
        stroke_dasharray="4 9",
    )
    return (
        wash(p.wall.lit(2), p.wall.lit(-9))
        + shadow(206, 170, 122, 100, depth=0.14)
        + tail
        + coils
        + wrap
        + flecks
    )


def chalk(p: Palette, d: Dice) -> str:
    puff = "".join(
        circle(200 + d.between(-74, 74), 72 + d.between(-34, 22), d.between(12, 34), p.light, opacity=".55")
        for _ in range(9)
    )
    bag = (
        path("M136 116h128l-10 132q-2 18-20 18h-68q-18 0-20-18z", p.main)
        + shade("M212 116h52l-10 132q-2 18-20 18h-22z")
        + ellipse(200, 116, 66, 17, p.main.lit(12))
        + ellipse(200, 116, 54, 11, p.light)
    )
    band = stroke("M141 176h118", p.accent, 13) + stroke("M150 176h100", p.dark, 3, stroke_dasharray="7 9")
    return (
        room(p, horizon=244)
        + puff
        + shadow(204, 268, 78)
        + bag
        + band
        + stroke("M150 126q-44-30-20-66M250 126q44-30 20-66", p.dark, 5)
        + circle(130, 58, 8, p.accent)
        + circle(270, 58, 8, p.accent)
    )


def tent(p: Palette, d: Dice) -> str:
    peaks = path(
        line([(-10, 214), (60, 128), (110, 176), (196, 84), (262, 164), (318, 120), (410, 210)], closed=True),
        p.second.lit(8),
    ) + path("M196 84l-32 33 18 4 14-14 16 18 14-12z", p.light)
    stars = [(d.between(8, WIDTH - 8), d.between(6, 104)) for _ in range(26)]
    pines = "".join(
        path(f"M{x} {y}l17 52h-34z", p.dark.lit(9))
        for x, y in ((34, 178), (66, 190), (348, 182), (378, 172), (316, 194))
    )
    return (
        wash(p.dark.lit(4), p.second.lit(4))
        + dots(stars, 2.4, p.light)
        + circle(322, 52, 19, p.light)
        + circle(331, 47, 17, p.dark.lit(9))
        + peaks
        + rect(0, 210, WIDTH, HEIGHT - 210, p.dark.lit(5))
        + pines
        + ellipse(200, 262, 116, 13, p.accent, opacity=".25")
        + path("M128 262l72-82 72 82z", p.main)
        + path("M200 180l72 82h-44z", p.main.lit(-11))
        + path("M200 198l26 64h-50z", p.accent.lit(14))
    )


def shoes(p: Palette, _d: Dice) -> str:
    def shoe(at: Point, colour: Colour, turn: float) -> str:
        upper = smooth(
            [(-76, 40), (-70, -8), (-44, -34), (-8, -22), (36, -2), (80, 16), (96, 36), (70, 48), (0, 42)],
            closed=True,
        )
        straps = stroke("M-30-26L-6 34M2-18L18 36", p.light, 10) + stroke(
            "M-30-26L-6 34M2-18L18 36", p.dark, 2
        )
        return group(
            path(upper, colour)
            + stroke(smooth([(-78, 40), (-20, 50), (50, 54), (98, 38)]), p.dark, 11)
            + straps
            + ellipse(-56, -24, 17, 9, p.dark)
            + stroke("M-72-16q-14-10-8-22", p.accent, 5),
            at=at,
            turn=turn,
        )

    return (
        room(p, horizon=206)
        + circle(310, 80, 46, p.accent, opacity=".5")
        + shadow(196, 262, 140, 11)
        + shoe((226, 178), p.main.lit(-8), -8)
        + shoe((172, 216), p.main, 4)
    )


def carabiners(p: Palette, d: Dice) -> str:
    ring_d = "M-26-50a26 26 0 0 1 52 0V40a26 26 0 0 1-52 0z"
    drawn = ""
    for x, colour in zip((82, 160, 240, 318), (p.main, p.second, p.accent, p.main.turned(24)), strict=True):
        sling = rect(-9, -150, 18, 76, colour.lit(10)) + stroke(
            "M-4-146v68M4-146v68", colour.lit(-8), 1.5, stroke_dasharray="4 4"
        )
        drawn += group(
            sling
            + stroke(ring_d, colour, 11)
            + stroke("M26-40V26", p.light.lit(-24), 8)
            + stroke("M-19-44v70", colour.lit(18), 2),
            at=(x, 176),
            turn=d.between(-9, 9),
        )
    return (
        wash(p.wall.lit(2), p.wall.lit(-9))
        + rect(0, 24, 400, 16, p.table)
        + rect(0, 36, 400, 5, p.table.lit(-16))
        + drawn
    )


SCENES: Final[dict[str, Scene]] = {
    "ridge": ridge,
    "wall": wall,
    "rope": rope,
    "chalk": chalk,
    "tent": tent,
    "shoes": shoes,
    "carabiners": carabiners,
}
