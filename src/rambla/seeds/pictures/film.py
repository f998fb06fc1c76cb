"""Elif's darkroom: cameras, film, and what came out of them."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    Colour,
    Dice,
    Palette,
    Scene,
    circle,
    define,
    ellipse,
    group,
    line,
    path,
    rect,
    ring,
    room,
    shade,
    shadow,
    smooth,
    stroke,
    tiled,
    use,
    wash,
)

PALETTES: Final = (
    Palette.of(
        (40, 40, 86), (28, 36, 54), (24, 50, 46), (202, 36, 44), (12, 74, 60), (220, 18, 18), (44, 50, 95)
    ),
    Palette.of(
        (196, 26, 82), (200, 20, 50), (18, 56, 44), (40, 72, 60), (352, 56, 60), (210, 24, 17), (38, 40, 95)
    ),
    Palette.of(
        (12, 40, 84), (8, 28, 46), (200, 24, 40), (168, 32, 42), (44, 80, 60), (230, 20, 18), (30, 50, 95)
    ),
)


def camera(p: Palette, d: Dice) -> str:
    lens = (
        circle(200, 176, 70, p.dark)
        + circle(200, 176, 58, p.dark.lit(14))
        + circle(200, 176, 44, p.dark.lit(-4))
        + circle(200, 176, 32, p.second.lit(-14))
        + circle(200, 176, 17, p.dark)
        + path("M178 160a28 28 0 0 1 24-14", "none", stroke=str(p.light), stroke_width=6, opacity=".7")
    )
    top = (
        path("M96 92h36l8-20h52l8 20h104v22H96z", p.light.lit(-18))
        + rect(222, 70, 40, 24, p.light.lit(-28), rx=4)
        + rect(284, 78, 30, 16, p.light.lit(-26), rx=4)
    )
    return (
        room(p, horizon=240)
        + circle(80, 76, 40, p.accent, opacity=".5")
        + shadow(204, 258, 142, 12)
        + rect(68, 92, 264, 162, p.light.lit(-18), rx=16)
        + rect(68, 118, 264, 106, p.main, rx=4)
        + shade("M252 92h64q16 0 16 16v130q0 16-16 16h-64z", 0.1)
        + top
        + rect(150, 80, 32, 16, p.dark, rx=3)
        + lens
        + circle(300, 142, 9, d.one((p.accent, p.second)))
        + stroke("M86 134v76", p.main.lit(10), 4, opacity=".5")
    )


def frame(p: Palette, d: Dice) -> str:
    """A small photograph, 80 by 60, in the tones of an old print."""
    tone = p.main.turned(d.between(-14, 14))
    hill = path(
        smooth([(0, 44), (d.between(14, 26), d.between(24, 34)), (46, 42), (80, d.between(28, 38))])
        + "V60H0Z",
        tone.lit(-12),
    )
    tree = path("M58 52V30", "none", stroke=str(tone.lit(-26)), stroke_width=3) + circle(
        58, 26, 11, tone.lit(-22)
    )
    house = path("M20 52V38l12-9 12 9v14z", tone.lit(-24)) + rect(28, 42, 7, 10, tone.lit(26))
    sea = rect(0, 38, 80, 22, tone.lit(-4)) + path("M34 38l12-22v22z", tone.lit(34))
    return (
        rect(0, 0, 80, 60, tone.lit(28))
        + circle(d.between(14, 66), 16, 6, tone.lit(44))
        + d.one((hill + tree, hill + house, sea, hill))
    )


def contact(p: Palette, d: Dice) -> str:
    holes = tiled(rect(3, 4, 8, 11, p.light, rx=2), 16, 20)
    base = rect(-20, 0, 460, 92, p.dark) + rect(-20, 0, 460, 20, "url(#t)")
    strip = define("s", base + group(rect(-20, 0, 460, 20, "url(#t)"), at=(0, 72)))
    frames = "".join(define(f"f{i}", group(frame(p, d), scale=0.9)) for i in range(3))
    shots = "".join(
        use(f"f{(column + row + int(d.between(0, 2))) % 3}", at=(12 + column * 98, row * 102 + 22))
        for row in range(3)
        for column in range(4)
    )
    strips = "".join(use("s", at=(0, row * 102 + 3)) for row in range(3))
    mark = stroke(
        smooth([(208, 116), (300, 124), (302, 190), (214, 194), (200, 142), (226, 114)]), p.accent, 5
    )
    return holes + strip + frames + rect(0, 0, 400, 300, p.light) + strips + shots + mark


def rolls(p: Palette, d: Dice) -> str:
    drawn = ""
    for x, y, colour in ((118, 222, p.accent), (206, 244, p.second), (292, 220, p.main.lit(10))):
        stripe = d.one((26, 44))
        drawn += (
            shadow(x + 4, y, 42)
            + rect(x - 8, y - 138, 16, 18, p.dark)
            + rect(x - 36, y - 124, 72, 122, colour, rx=5)
            + rect(x - 36, y - 124 + stripe, 72, 26, p.light)
            + rect(x - 26, y - 118 + stripe, 34, 5, p.dark)
            + rect(x - 40, y - 126, 80, 10, p.dark, rx=3)
            + rect(x - 40, y - 10, 80, 10, p.dark, rx=3)
            + shade(f"M{x + 8} {y - 116}h28v106h-28z")
        )
    return room(p) + drawn


def prints(p: Palette, d: Dice) -> str:
    rope = smooth([(-10, 44), (100, 62), (200, 66), (300, 60), (410, 40)])
    hung = "".join(
        group(
            rect(-54, 0, 108, 138, p.dark, opacity=".16")
            + rect(-58, -5, 108, 138, p.light)
            + group(frame(p, d), at=(-50, 8), scale=1.15)
            + rect(-7, -18, 9, 26, p.table.lit(16), rx=2),
            at=(x, y),
            turn=turn,
        )
        for x, y, turn in ((84, 76, 3), (206, 82, -2), (326, 74, -4))
    )
    return wash(p.wall.lit(3), p.wall.lit(-9)) + stroke(rope, p.dark, 2.5) + hung


def darkroom(_p: Palette, d: Dice) -> str:
    red = Colour(356, 74, 46)
    tray = (
        path("M56 196h288l-22 66H78z", red.lit(-22))
        + path("M76 204h248l-14 46H90z", red.lit(-30))
        + group(frame(Palette(*(red,) * 7), d), at=(142, 198), scale=1.3, opacity=".8")
    )
    lamp = (
        path("M164 0h72l20 54H144z", red.lit(-30))
        + ellipse(200, 54, 56, 12, red.lit(30))
        + path("M144 56L40 260h320L256 56z", red, opacity=".35")
    )
    return (
        wash(red.lit(-30), red.lit(-36))
        + lamp
        + rect(0, 236, 400, 64, red.lit(-34))
        + tray
        + stroke(line([(330, 120), (238, 226)]), red.lit(14), 6)
        + ring(60, 92, 26, red.lit(-8), 5)
        + stroke("M60 92V76M60 92l12 8", red.lit(6), 4)
    )


def coast(p: Palette, d: Dice) -> str:
    sun = d.between(120, 290)
    glints = stroke(
        "".join(
            line([(sun + dx, y), (sun + dx + w, y)])
            for dx, y, w in ((-34, 196, 60), (-14, 212, 52), (-42, 228, 50), (-8, 246, 40), (-22, 264, 26))
        ),
        p.light,
        4,
        opacity=".7",
    )
    cliff = (
        path("M400 92L338 104L306 148L262 166L250 190H400z", p.table.lit(-12))
        + rect(344, 66, 16, 40, p.light)
        + path("M340 66h24l-12-14z", p.accent)
    )
    return (
        wash(p.wall.lit(2), p.accent.lit(20), height=190)
        + circle(sun, 150, 30, p.accent.lit(14))
        + rect(0, 188, 400, 112, Colour(204, 40, 44))
        + glints
        + cliff
        + rect(0, 0, 400, 300, p.accent, opacity=".08")
    )


SCENES: Final[dict[str, Scene]] = {
    "camera": camera,
    "contact": contact,
    "rolls": rolls,
    "prints": prints,
    "darkroom": darkroom,
    "coast": coast,
}
