"""Marek's bench: green wood, sharp edges."""

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
        (140, 20, 86), (28, 40, 60), (30, 52, 54), (22, 50, 38), (152, 30, 40), (24, 36, 18), (38, 56, 88)
    ),
    Palette.of(
        (210, 24, 82), (26, 34, 48), (34, 58, 58), (18, 52, 40), (208, 40, 44), (222, 28, 17), (40, 60, 90)
    ),
    Palette.of(
        (24, 48, 86), (18, 32, 42), (38, 62, 60), (20, 54, 42), (8, 62, 54), (16, 36, 16), (44, 62, 91)
    ),
)
SPOONS: Final = (
    "M0-96C24-96 30-66 28-48C26-28 10-16 7-4L9 96Q0 104-9 96L-7-4C-10-16-26-28-28-48C-30-66-24-96 0-96Z",
    "M0-92C34-92 34-34 6-26L8 94Q0 102-8 94L-6-26C-34-34-34-92 0-92Z",
    "M-26-94H26L22-30Q18-16 6-12L8 96Q0 104-8 96L-6-12Q-18-16-22-30Z",
)


def spoons(p: Palette, d: Dice) -> str:
    drawn = ""
    for i, wood in enumerate((p.main, p.second, p.light.lit(-12), p.main.lit(-9))):
        outline = SPOONS[(i + int(d.between(0, 3))) % 3]
        drawn += group(
            path(outline, SHADOW, opacity=".18", transform="translate(5 7)")
            + path(outline, wood)
            + ellipse(0, -58, 15, 22, wood.lit(-9))
            + stroke("M-3 0V80M3 10V88", wood.lit(-7), 1.5),
            at=(74 + i * 84, 150),
            turn=d.between(-9, 9),
            scale=1.15,
        )
    return wash(p.wall.lit(2), p.wall.lit(-6)) + drawn


def rings(p: Palette, d: Dice) -> str:
    wobble = [d.between(0.94, 1.06) for _ in range(9)]
    rings_ = "".join(
        path(
            smooth(
                [
                    (200 + (x - 200) * w, 150 + (y - 150) * w)
                    for (x, y), w in zip(around(200, 150, r, 9), wobble, strict=True)
                ],
                closed=True,
            ),
            "none",
            stroke=str(p.main.lit(-12 if i % 3 else -22)),
            stroke_width=1.5 + (i % 3 == 0),
        )
        for i, r in enumerate(range(14, 112, 14))
    )
    bark = smooth(
        [
            (200 + (x - 200) * w, 150 + (y - 150) * w)
            for (x, y), w in zip(around(200, 150, 130, 9), wobble, strict=True)
        ],
        closed=True,
    )
    face = smooth(
        [
            (200 + (x - 200) * w, 150 + (y - 150) * w)
            for (x, y), w in zip(around(200, 150, 118, 9), wobble, strict=True)
        ],
        closed=True,
    )
    return (
        rect(0, 0, 400, 300, p.accent.lit(14))
        + shadow(210, 166, 132, 128, depth=0.2)
        + path(bark, p.dark.lit(10))
        + path(face, p.main.lit(12))
        + rings_
        + stroke(line([(204, 152), (288, 92)]) + line([(196, 160), (150, 214)]), p.main.lit(-24), 3)
        + circle(200, 150, 5, p.main.lit(-24))
    )


def plane(p: Palette, d: Dice) -> str:
    curl = "c-16-34 34-48 38-16s-36 32-32 6 20-20 20-2"
    curls = "".join(f"M{x:.0f} {y}{curl}" for x, y in ((52, 226), (26 + d.between(0, 12), 196), (84, 196)))
    body = path("M104 176h214q22 0 22 22v36H104z", p.second) + rect(104, 226, 236, 10, p.second.lit(-14))
    handle = path("M262 178c-6-30 2-58 22-58 18 0 20 16 12 26-8 12-6 22 0 32z", p.second.lit(-10))
    return (
        room(p, horizon=236)
        + circle(312, 78, 42, p.accent, opacity=".4")
        + stroke("M0 258h400M0 280h180M230 284h170", p.table.lit(-7), 2)
        + stroke(curls, p.light.lit(-3), 8)
        + shadow(224, 238, 124, 7)
        + path("M168 178l34-88 22 8-30 80z", p.dark.lit(44))
        + path("M196 178l20-56 18 6-18 50z", p.main.lit(-6))
        + body
        + handle
        + rect(128, 142, 20, 36, p.second.lit(-12))
        + circle(138, 136, 20, p.second.lit(-4))
        + shade("M240 176h78q22 0 22 22v38H240z", 0.1)
    )


def joint(p: Palette, d: Dice) -> str:
    pins = "".join(f"M210 {y}l54-13v56l-54-13z" for y in (66, 126, 186))
    along = stroke(
        "".join(f"M40 {y}q70 {d.between(-7, 7):.0f} 166 0" for y in range(74, 246, 18)), p.main.lit(-8), 1.6
    )
    upright = stroke(
        "".join(f"M{x} 50q{d.between(-7, 7):.0f} 96 0 196" for x in range(278, 356, 14)), p.second.lit(8), 1.6
    )
    return (
        wash(p.wall.lit(2), p.wall.lit(-8))
        + shadow(206, 258, 176, 10)
        + rect(30, 46, 180, 208, p.main)
        + rect(210, 46, 156, 208, p.second)
        + rect(210, 46, 54, 208, p.second.lit(7))
        + path(pins, p.main.lit(6))
        + along
        + upright
        + stroke("M210 46v208M264 46v208", p.dark, 1.5, opacity=".35")
        + shade("M30 230h336v24H30z", 0.1)
        + stroke("M30 46h336", p.light, 3, opacity=".6")
    )


def stool(p: Palette, d: Dice) -> str:
    legs = (
        path("M138 118l-34 146h16l40-146zM262 118l34 146h-16l-40-146z", p.main.lit(-10))
        + path("M186 118l-10 136h14l10-136z", p.main.lit(-18))
        + stroke("M124 208h152", p.main.lit(-6), 9)
    )
    book = d.one(
        (
            rect(152, 74, 84, 14, p.accent, rx=2) + rect(160, 62, 70, 12, p.light, rx=2),
            path("M180 88q-8-40 20-40t20 40z", p.accent),
        )
    )
    return (
        room(p, horizon=226)
        + circle(96, 88, 44, p.light, opacity=".7")
        + shadow(200, 266, 118, 10)
        + legs
        + ellipse(200, 112, 92, 20, p.main.lit(-14))
        + ellipse(200, 104, 92, 20, p.main)
        + stroke("M130 104q70 12 140 0M150 98q50 8 100 0", p.main.lit(-8), 1.5)
        + group(book, at=(0, 10))
    )


def forest(p: Palette, d: Dice) -> str:
    sky = wash(p.wall.lit(5), p.light.lit(-2)) + circle(d.between(120, 280), 104, 38, p.light.lit(6))
    for depth, tone in enumerate((p.accent.lit(30), p.accent.lit(17), p.accent.lit(4))):
        trees = ""
        for i in range(7 - depth):
            x, top, width = (
                i * (66 + depth * 12) + d.between(-12, 18),
                118 - depth * 34 + d.between(-26, 26),
                26 + depth * 9,
            )
            trees += f"M{x:.0f} {top:.0f}l{width} {86 + depth * 16}h-{width // 3}l{width // 2} 110"
            trees += f"h-{width * 2}l{width // 2}-110h-{width // 3}z"
        sky += path(trees, tone)
    return (
        sky
        + path("M0 272Q120 252 210 268T400 258V300H0Z", p.dark.lit(8))
        + rect(286, 236, 62, 36, p.main.lit(-14), rx=3)
        + ellipse(317, 236, 31, 8, p.main.lit(10))
        + ellipse(317, 236, 18, 4, p.main.lit(-4))
    )


def turned(at: Point, width: float, wood: Colour, grain: float) -> str:
    """A bowl drawn for a width of 100, grain visible where the gouge left it."""
    return group(
        path("M-100-72Q-90 0-40 0H40Q90 0 100-72Z", wood)
        + ellipse(0, -72, 100, 20, wood.lit(12))
        + ellipse(0, -70, 86, 15, wood.lit(-10))
        + stroke(f"M-60-28q60 {grain:.0f} 120 0", wood.lit(-7), 2.5),
        at=at,
        scale=width / 100,
    )


def bowls(p: Palette, d: Dice) -> str:
    apples = circle(108, 152, 26, p.accent) + circle(154, 152, 23, p.accent.lit(10))
    return (
        room(p, horizon=208)
        + circle(310, 78, 42, p.light, opacity=".7")
        + apples
        + stroke("M108 128q2-9 9-12M154 131q0-8 6-11", p.dark, 3)
        + shadow(134, 236, 60)
        + turned((130, 236), 84, p.main, d.between(8, 18))
        + shadow(290, 244, 46)
        + turned((286, 244), 66, p.second, d.between(8, 18))
        + shadow(210, 262, 34)
        + turned((206, 262), 48, p.light.lit(-16), d.between(8, 18))
    )


SCENES: Final[dict[str, Scene]] = {
    "spoons": spoons,
    "rings": rings,
    "plane": plane,
    "joint": joint,
    "stool": stool,
    "forest": forest,
    "bowls": bowls,
}
