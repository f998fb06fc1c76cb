"""Tomás's workshop: commuter bicycles, their parts, and where they go."""

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
    dots,
    ellipse,
    group,
    line,
    path,
    rect,
    ring,
    shade,
    shadow,
    smooth,
    stroke,
    wash,
)

PALETTES: Final = (
    Palette.of(
        (196, 44, 82), (210, 16, 62), (8, 66, 54), (44, 74, 62), (160, 40, 40), (216, 32, 20), (50, 40, 95)
    ),
    Palette.of(
        (40, 66, 82), (28, 30, 58), (172, 46, 36), (16, 70, 58), (204, 46, 44), (190, 30, 18), (44, 60, 95)
    ),
    Palette.of(
        (252, 32, 80), (232, 20, 46), (44, 86, 60), (340, 52, 58), (184, 40, 50), (244, 36, 22), (260, 40, 96)
    ),
)


def bicycle(at: Point, frame: Colour, metal: Colour, *, scale: float = 1) -> str:
    wheels = "".join(
        ring(x, -46, 44, metal, 5)
        + stroke("".join(line([(x, -46), rim]) for rim in around(x, -46, 42, 10)), metal.lit(30), 0.8)
        for x in (-84, 84)
    )
    return group(
        wheels
        + stroke(line([(-84, -46), (-44, -118), (58, -118), (-8, -46), (-84, -46)]), frame, 7)
        + stroke(line([(-8, -46), (-50, -132)]) + line([(84, -46), (54, -136)]), frame, 7)
        + stroke(smooth([(54, -136), (66, -146), (84, -142)]), metal, 6)
        + stroke("M-64-134h30", metal, 9)
        + ring(-8, -46, 13, metal, 5)
        + stroke("M-8-46l14 20h10", metal, 4),
        at=at,
        scale=scale,
    )


def street(p: Palette, d: Dice) -> str:
    windows = "".join(
        rect(x, 40, 62, 92, p.light, rx=3)
        + rect(x + 5, 45, 52, 82, p.second.lit(18))
        + rect(x + 29, 45, 4, 82, p.light)
        for x in d.one(((46, 296), (70, 176)))
    )
    return (
        wash(p.wall.lit(4), p.wall.lit(-8))
        + windows
        + rect(0, 246, 400, 54, p.table)
        + rect(0, 246, 400, 5, p.table.lit(12))
        + rect(0, 212, 400, 34, p.wall.lit(-16))
        + shadow(200, 266, 140, 9)
        + bicycle((200, 266), p.main, p.dark, scale=1.05)
    )


def road(p: Palette, d: Dice) -> str:
    sun = d.between(110, 300)
    hills = "".join(
        path(
            smooth(
                [
                    (-40, 300),
                    (-20, y),
                    (90, y - 26 - d.between(0, 22)),
                    (210, y + 8),
                    (320, y - 20),
                    (430, y),
                    (440, 320),
                ]
            )
            + "Z",
            colour,
        )
        for y, colour in ((170, p.accent.lit(28)), (204, p.accent.lit(16)), (238, p.accent.lit(4)))
    )
    way = path(
        "M150 300C210 262 252 262 236 242S214 224 236 214q4-2 5 0c-14 12 22 14 26 32S268 274 250 300z",
        p.light.lit(-4),
    )
    return (
        wash(p.wall.lit(6), p.second.lit(22))
        + circle(sun, 104, 38, p.second)
        + hills
        + way
        + bicycle((104, 286), p.main, p.dark, scale=0.52)
    )


def wheel(p: Palette, d: Dice) -> str:
    start = d.between(0, 20)
    inner, outer = around(200, 150, 22, 28, start=start), around(200, 150, 150, 28, start=start + 14)
    spokes = "".join(line([a, outer[(i + (5 if i % 2 else -5)) % 28]]) for i, a in enumerate(inner))
    return (
        wash(p.wall.lit(2), p.wall.lit(-10))
        + ring(206, 160, 168, SHADOW, 26, opacity=".12")
        + ring(200, 150, 168, p.dark, 26)
        + ring(200, 150, 152, p.main, 9)
        + stroke(spokes, p.dark.lit(24), 1.4)
        + circle(200, 150, 26, p.dark.lit(10))
        + circle(200, 150, 12, p.light.lit(-14))
        + dots(around(200, 150, 19, 8), 4, p.light)
    )


def bell(p: Palette, _d: Dice) -> str:
    return (
        wash(p.wall.lit(3), p.wall.lit(-9))
        + circle(96, 70, 34, p.light, opacity=".6")
        + stroke("M-20 214C90 214 150 222 200 214S330 196 420 208", p.dark, 30)
        + stroke("M282 206C330 198 370 202 420 208", p.second.lit(-20), 36)
        + rect(166, 176, 68, 34, p.dark.lit(14), rx=8)
        + path("M108 178a92 92 0 0 1 184 0q0 12-12 12H120q-12 0-12-12z", p.main)
        + shade("M216 87a92 92 0 0 1 76 91q0 12-12 12h-60z")
        + circle(200, 82, 12, p.second)
        + stroke("M138 150a70 70 0 0 1 34-42", p.light, 9, opacity=".6")
        + stroke("M292 160l34-16", p.dark.lit(14), 8)
        + circle(330, 142, 10, p.second)
    )


def bags(p: Palette, d: Dice) -> str:
    def pannier(x: float, y: float, size: float, cloth: Colour) -> str:
        return group(
            shadow(52, 124, 62)
            + path("M4 30h96l8 84q0 10-10 10H6q-10 0-10-10z", cloth)
            + path("M0 20q0-12 12-12h80q12 0 12 12l6 40q-58 14-116 0z", cloth.lit(9))
            + shade("M66 8h26q12 0 12 12l10 94q0 10-10 10H66z", 0.1)
            + rect(22, 44, 9, 44, p.dark)
            + rect(73, 44, 9, 44, p.dark)
            + rect(19, 70, 15, 10, p.second)
            + rect(70, 70, 15, 10, p.second)
            + stroke("M36 8V0h32v8", p.dark, 5),
            at=(x, y),
            scale=size,
        )

    small = d.one((p.second, p.accent))
    return (
        wash(p.wall, p.wall.lit(-8))
        + rect(0, 226, 400, 74, p.table)
        + pannier(58, 62, 1.42, p.main)
        + pannier(240, 122, 0.98, small.lit(-4))
    )


def tools(p: Palette, d: Dice) -> str:
    holes = [(x, y) for x in range(20, 400, 40) for y in range(20, 300, 40)]
    chainring = ring(282, 120, 58, p.dark.lit(10), 13) + stroke(
        "".join(line([(282, 120), q]) for q in around(282, 120, 52, 5)), p.dark.lit(10), 9
    )
    teeth = dots(around(282, 120, 67, 26), 9, p.dark.lit(10))
    wrench = group(
        path("M-9-60h18V90a9 9 0 0 1-18 0z", p.main)
        + ring(0, -84, 20, p.main, 13)
        + rect(-8, -116, 16, 30, p.table),
        turn=24 + d.between(-8, 8),
        at=(96, 154),
    )
    driver = group(
        rect(-11, 0, 22, 74, p.second, rx=10)
        + rect(-3, -70, 6, 70, p.light.lit(-14))
        + stroke("M-4 14v46M4 14v46", p.second.lit(-16), 2),
        turn=-14,
        at=(190, 178),
    )
    return (
        rect(0, 0, 400, 300, p.table)
        + dots(holes, 5, p.table.lit(-12))
        + teeth
        + chainring
        + circle(282, 120, 12, p.second)
        + wrench
        + driver
        + ellipse(330, 250, 26, 10, p.dark.lit(10))
        + ellipse(330, 246, 26, 10, p.accent)
    )


SCENES: Final[dict[str, Scene]] = {
    "street": street,
    "road": road,
    "wheel": wheel,
    "bell": bell,
    "bags": bags,
    "tools": tools,
}
