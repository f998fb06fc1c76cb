"""Solveig's chair by the window: wool, and what becomes of it."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    Colour,
    Dice,
    Palette,
    Scene,
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
    tiled,
    wash,
)

PALETTES: Final = (
    Palette.of(
        (206, 34, 86), (28, 34, 66), (214, 42, 42), (6, 58, 54), (40, 70, 64), (220, 34, 22), (44, 40, 94)
    ),
    Palette.of(
        (36, 44, 88), (24, 34, 58), (158, 30, 36), (24, 62, 56), (350, 44, 64), (166, 32, 18), (40, 50, 95)
    ),
    Palette.of(
        (330, 28, 88), (338, 18, 60), (344, 46, 46), (204, 36, 46), (44, 70, 66), (338, 34, 22), (30, 40, 95)
    ),
)


STARS: Final = (
    (
        "......#......",
        "..#..###..#..",
        "...#######...",
        "....#####....",
        "..#########..",
        ".#####.#####.",
        "..#########..",
        "....#####....",
        "...#######...",
        "..#..###..#..",
        "......#......",
    ),
    (
        "......#......",
        ".....###.....",
        "..#.#.#.#.#..",
        ".###..#..###.",
        "..#.#.#.#.#..",
        "#####.#.#####",
        "..#.#.#.#.#..",
        ".###..#..###.",
        "..#.#.#.#.#..",
        ".....###.....",
        "......#......",
    ),
)


def band(colour: Colour, other: Colour, d: Dice) -> str:
    """One Nordic pattern, tiled along a yoke or a cuff."""
    rows = d.one((("010", "111", "010"), ("101", "010", "101"), ("100", "010", "001")))
    size = 8
    stitches = "".join(
        f"M{x * size} {r * size + 8}h8v8h-8z"
        for r, row in enumerate(rows)
        for x, c in enumerate(row)
        if c == "1"
    )
    return tiled(path(stitches, other) + path("M0 0h32v3H0zM0 37h32v3H0z", colour), 32, 40)


def sweater(p: Palette, d: Dice) -> str:
    body = "M146 62L92 92L56 214L96 228L120 158V262H280V158L304 228L344 214L308 92L254 62Q200 92 146 62Z"
    yoke = '<clipPath id="k"><path d="' + body + '"/></clipPath>'
    knots = group(rect(40, 0, 320, 40, "url(#t)"), at=(0, 96))
    ribs = path("M120 248h160v14H120zM58 206l40 14-3 9-39-14zM342 206l-40 14 3 9 39-14z", p.main.lit(-12))
    return (
        band(p.accent, p.light, d)
        + yoke
        + wash(p.wall.lit(3), p.wall.lit(-7))
        + shadow(206, 268, 110)
        + path(body, p.main)
        + group(rect(0, 92, 400, 48, p.second) + knots, clip_path="url(#k)")
        + ribs
        + shade("M230 78L254 62L308 92L344 214L304 228L280 158V262H230Z", 0.08)
        + stroke("M146 62Q200 96 254 62", p.main.lit(-14), 11)
    )


def stitches(p: Palette, d: Dice) -> str:
    loop = "M1 2Q8 6 10 17Q12 6 19 2L19 8Q13 12 10 23Q7 12 1 8Z"
    ground = tiled(path(loop, p.main.lit(9)), 20, 18)
    star = "".join(
        f"M{70 + x * 20} {46 + y * 18}v6l9 9 9-9v-6l-9 9z"
        for y, row in enumerate(d.one(STARS))
        for x, stitch in enumerate(row)
        if stitch == "#"
    )
    return ground + rect(0, 0, 400, 300, p.main) + rect(0, 0, 400, 300, "url(#t)") + path(star, p.light)


def ball(x: float, y: float, r: float, wool: Colour) -> str:
    threads = "".join(
        f"M{x - r * 0.9:.0f} {y + dy * r:.0f}"
        f"Q{x - r * 0.1:.0f} {y + (dy - 0.55) * r:.0f} {x + r * 0.86:.0f} {y + (dy * 0.7) * r:.0f}"
        for dy in (-0.3, -0.05, 0.2, 0.42)
    ) + "".join(
        f"M{x - r * s:.0f} {y - r * 0.84:.0f}Q{x + r * (0.5 - s):.0f} {y:.0f} {x - r * s * 0.7:.0f} {y + r * 0.88:.0f}"
        for s in (0.1, 0.36)
    )
    return (
        shadow(x + 4, y + r, r * 0.96)
        + circle(x, y, r, wool)
        + stroke(threads, wool.lit(-10), 2.5)
        + path(
            f"M{x - r * 0.6:.0f} {y - r * 0.5:.0f}q{r * 0.2:.0f}-{r * 0.26:.0f} {r * 0.5:.0f}-{r * 0.32:.0f}",
            "none",
            stroke=str(wool.lit(18)),
            stroke_width=5,
        )
    )


def yarn(p: Palette, d: Dice) -> str:
    needles = stroke("M252 20L132 236M300 34L216 236", p.table.lit(18), 7) + dots(
        [(252, 20), (300, 34)], 16, p.accent
    )
    tail = stroke(smooth([(292, 252), (330, 268), (362, 250), (400, 272)]), p.second, 3)
    return (
        room(p, horizon=206)
        + needles
        + ball(132, 190, 62, p.main)
        + ball(262, 204, 52, p.second)
        + ball(198, 240, 34, p.accent.lit(d.between(-4, 8)))
        + tail
    )


def hat(p: Palette, d: Dice) -> str:
    crown = "M112 204C112 118 150 84 200 84S288 118 288 204Z"
    return (
        band(p.light, p.accent, d)
        + f'<clipPath id="k"><path d="{crown}"/></clipPath>'
        + room(p, horizon=228)
        + shadow(204, 252, 112)
        + circle(200, 70, 30, p.light)
        + dots([(200 + d.between(-28, 28), 70 + d.between(-26, 26)) for _ in range(16)], 9, p.light.lit(-7))
        + path(crown, p.main)
        + group(group(rect(0, 0, 400, 40, "url(#t)"), at=(0, 148)), clip_path="url(#k)")
        + shade("M222 86C266 96 288 130 288 204H222Z", 0.1)
        + rect(100, 200, 200, 46, p.main.lit(-9), rx=15)
        + stroke("".join(line([(x, 208), (x, 238)]) for x in range(114, 296, 14)), p.main.lit(-17), 3)
    )


def mittens(p: Palette, d: Dice) -> str:
    hand = "M-44 92V-30C-44-76-26-98 0-98S44-76 44-30V-12C52-34 66-50 80-44S84-12 72 14L44 62V92Z"
    left = (
        f'<g id="m"><clipPath id="k"><path d="{hand}"/></clipPath>'
        + path(hand, p.main)
        + group(group(rect(-60, 0, 160, 40, "url(#t)"), at=(0, -34)), clip_path="url(#k)")
        + rect(-50, 84, 100, 32, p.second, rx=9)
        + stroke("".join(line([(x, 90), (x, 110)]) for x in range(-38, 45, 13)), p.second.lit(-12), 3)
        + "</g>"
    )
    turn = d.between(6, 14)
    return (
        band(p.accent, p.light, d)
        + wash(p.wall.lit(2), p.wall.lit(-8))
        + dots([(d.between(0, 400), d.between(0, 300)) for _ in range(22)], 6, p.light)
        + group(left, at=(128, 150), turn=-turn)
        + f'<use href="#m" transform="translate(276 156)rotate({turn:.0f})scale(-1 1)"/>'
    )


def sheep(p: Palette, d: Dice) -> str:
    def one(x: float, y: float, size: float) -> str:
        wool = dots([(0, 0), (-20, 4), (20, 4), (-10, -11), (11, -12), (-9, 12), (10, 12)], 27, p.light)
        return group(
            stroke("M-14 16v24M14 16v24", p.dark, 5)
            + wool
            + ellipse(32, -6, 10, 13, p.dark)
            + ellipse(23, -11, 8, 4, p.dark),
            at=(x, y),
            scale=size,
        )

    green = Colour(112 + d.between(-14, 14), 32, 52)
    far = path(
        smooth([(-20, 200), (80, 158), (210, 190), (330, 150), (430, 186)]) + "V300H-20Z", green.lit(12)
    )
    near = path(smooth([(-20, 236), (110, 204), (250, 234), (430, 206)]) + "V310H-20Z", green)
    return (
        wash(p.wall.lit(2), p.wall.lit(9))
        + circle(84, 76, 30, p.accent)
        + far
        + one(300, 166, 0.5)
        + one(76, 178, 0.46)
        + near
        + one(146, 222, 1.05)
        + one(290, 240, 1.25)
    )


SCENES: Final[dict[str, Scene]] = {
    "sweater": sweater,
    "stitches": stitches,
    "yarn": yarn,
    "hat": hat,
    "mittens": mittens,
    "sheep": sheep,
}
