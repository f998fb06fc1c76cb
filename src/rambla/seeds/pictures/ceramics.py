"""Alice's studio: what stands on the shelf and what spins on the wheel."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    Colour,
    Dice,
    Palette,
    Point,
    Scene,
    circle,
    dots,
    ellipse,
    group,
    leaf,
    path,
    rect,
    ring,
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
        (34, 44, 88), (24, 34, 66), (16, 46, 56), (200, 28, 46), (40, 70, 62), (18, 26, 24), (38, 52, 93)
    ),
    Palette.of(
        (188, 26, 80), (26, 30, 52), (36, 38, 78), (14, 52, 54), (196, 44, 34), (200, 30, 20), (40, 46, 94)
    ),
    Palette.of(
        (12, 42, 80), (350, 24, 42), (30, 46, 90), (212, 38, 40), (20, 62, 58), (340, 28, 22), (34, 60, 95)
    ),
)
TALL: Final = ((15, 0), (11, 16), (15, 40), (33, 84), (36, 112), (25, 140), (20, 146))
ROUND: Final = ((13, 0), (11, 10), (34, 34), (46, 66), (38, 98), (22, 112))
CYLINDER: Final = ((26, 0), (27, 12), (27, 50), (26, 62), (22, 68))
BOTTLE: Final = ((9, 0), (7, 10), (8, 52), (28, 92), (26, 152))
BOWL: Final = ((52, 0), (51, 8), (42, 32), (24, 48), (20, 52))


def vessel(
    at: Point, profile: tuple[Point, ...], clay: Colour, glaze: Colour, *, dip: int = 3, scale: float = 1
) -> str:
    """A turned form, dipped in glaze down to the profile's ``dip``-th point; it stands at ``at``."""
    foot = profile[-1][1]
    right = [(r, y - foot) for r, y in profile]
    body = smooth(right + [(-x, y) for x, y in reversed(right)])
    top = right[: dip + 1]
    sagging = [*top, (0, top[-1][1] + 9), *((-x, y) for x, y in reversed(top))]
    dark_side = smooth([*right, (0, 0), (right[0][0] * 0.2, -foot)])
    rim = right[0][0]
    return group(
        path(body, clay)
        + path(smooth(sagging), glaze)
        + shade(dark_side)
        + ellipse(0, -foot, rim, rim * 0.16, glaze.lit(-22))
        + stroke(smooth([(-x * 0.72, y) for x, y in right[1:4]]), glaze.lit(16), 3, opacity=".45"),
        at=at,
        scale=scale,
    )


def vases(p: Palette, d: Dice) -> str:
    low, tall = d.one((ROUND, BOWL)), d.one((TALL, BOTTLE))
    stem = smooth([(146, 110), (150, 78), (166, 44), (196, 22)])
    near = "".join(leaf(at, 42, turn) for at, turn in (((149, 86), -70), ((164, 46), -80)))
    far = "".join(leaf(at, 40, turn) for at, turn in (((153, 68), 74), ((177, 34), 100), ((194, 24), 62)))
    return (
        room(p)
        + circle(300, 84, 46, p.light, opacity=".7")
        + path(far, p.second.lit(14))
        + stroke(stem, p.dark.lit(18), 3)
        + path(near, p.second.lit(5))
        + vessel((150, 246), tall, p.main, p.main.lit(14), dip=3)
        + shadow(246, 254, 56)
        + vessel((242, 252), low, p.light.lit(-6), p.second, dip=2)
        + vessel((320, 244), CYLINDER, p.accent, p.accent.lit(12), dip=1)
    )


def mug(at: Point, glaze: Colour, clay: Colour) -> str:
    return group(
        ring(40, -46, 17, glaze.lit(-6), 8)
        + path("M-35-88h70v76q0 12-12 12h-46q-12 0-12-12z", clay)
        + path("M-35-88h70v56q-34 16-70 0z", glaze)
        + shade("M8-88h27v76q0 12-12 12h-15z")
        + ellipse(0, -88, 35, 6, glaze.lit(-22))
        + stroke("M-25-74v34", glaze.lit(16), 4, opacity=".45"),
        at=at,
    )


def mugs(p: Palette, d: Dice) -> str:
    glazes = (p.main, p.second, p.accent)
    drawn = "".join(
        shadow(x + 6, 241, 46) + mug((x, 240), g, p.light.lit(-4))
        for x, g in zip((98, 200, 302), glazes, strict=True)
    )
    speckles = dots(
        [(x + d.between(-28, 24), d.between(166, 228)) for x in (98, 200, 302) for _ in range(8)],
        2.6,
        p.dark,
        opacity=".5",
    )
    plank = rect(24, 240, 352, 12, p.table.lit(-14), rx=3) + rect(24, 240, 352, 4, p.table.lit(4), rx=2)
    steam = stroke(smooth([(200, 134), (193, 118), (206, 102), (198, 84)]), p.light, 4, opacity=".7")
    return (
        wash(p.wall.lit(5), p.wall.lit(-7))
        + circle(96, 82, 40, p.light, opacity=".5")
        + plank
        + drawn
        + speckles
        + steam
    )


def bowl(p: Palette, d: Dice) -> str:
    rings = "".join(ring(200, 150, r, p.second.lit(6), 2.5, opacity=".5") for r in (88, 70, 52))
    speckles = dots(
        [(200 + d.between(-70, 70), 150 + d.between(-70, 70)) for _ in range(36)], 3, p.dark, opacity=".35"
    )
    cloth = "".join(rect(x, 0, 9, 300, p.light, opacity=".28") for x in range(14, 400, 36))
    return (
        rect(0, 0, 400, 300, p.wall)
        + cloth
        + shadow(210, 164, 122, 120)
        + circle(200, 150, 118, p.light.lit(-5))
        + circle(200, 150, 110, p.light)
        + circle(200, 150, 102, p.main.lit(8))
        + rings
        + circle(200, 150, 34, p.second)
        + speckles
        + stroke("M118 106A94 94 0 0 1 176 60", p.light, 7, opacity=".5")
    )


def wheel(p: Palette, d: Dice) -> str:
    profile = d.one((ROUND, TALL, BOTTLE))
    splash = dots([(d.between(80, 320), d.between(236, 274)) for _ in range(9)], 6, p.main, opacity=".7")
    return (
        room(p, horizon=200)
        + circle(320, 76, 52, p.accent, opacity=".35")
        + rect(184, 246, 32, 60, p.dark.lit(10))
        + ellipse(200, 246, 128, 26, p.dark.lit(14))
        + ellipse(200, 240, 128, 26, p.light.lit(-16))
        + ellipse(200, 240, 104, 20, "none", stroke=str(p.dark.lit(30)), stroke_width=1.5)
        + ellipse(200, 238, 66, 14, p.main.lit(-8))
        + vessel((200, 240), profile, p.main, p.main.lit(3), dip=2, scale=1.28)
        + stroke("M176 176h50M172 196h56", p.main.lit(-10), 2, opacity=".5")
        + splash
    )


def kiln(p: Palette, d: Dice) -> str:
    brick = path("M1 1h48v22H1zM-25 27h48v22h-48zM27 27h48v22H27z", p.table.lit(-4))
    pots = "".join(
        vessel((x, 226), profile, p.dark, p.dark.lit(6), scale=scale)
        for x, profile, scale in ((150, ROUND, 0.8), (214, BOTTLE, 0.7), (262, CYLINDER, 0.9))
    )
    glow = Colour(28 + d.between(-6, 6), 96, 58)
    return (
        tiled(brick, 52, 52)
        + rect(0, 0, 400, 300, p.table.lit(-12))
        + rect(0, 0, 400, 300, "url(#t)")
        + path("M86 300V150a114 114 0 0 1 228 0V300z", p.dark)
        + path("M104 300V152a96 96 0 0 1 192 0V300z", glow)
        + path("M128 300V160a72 72 0 0 1 144 0V300z", glow.turned(12).lit(12))
        + path("M156 300V172a44 44 0 0 1 88 0V300z", glow.turned(22).lit(24))
        + pots
        + rect(104, 226, 192, 9, p.dark)
        + rect(104, 235, 192, 65, p.dark.lit(-4))
    )


def plates(p: Palette, d: Dice) -> str:
    def plate(x: float, y: float, r: float, glaze: Colour) -> str:
        brush = smooth(
            [(x - r * 0.5, y + r * d.between(-0.1, 0.2)), (x, y - r * 0.3), (x + r * 0.5, y + r * 0.15)]
        )
        return (
            shadow(x + 5, y + 9, r, r)
            + circle(x, y, r, glaze)
            + ring(x, y, r * 0.72, glaze.lit(-9), 2)
            + circle(x, y, r * 0.7, glaze.lit(4))
            + stroke(brush, p.dark, r * 0.09, opacity=".75")
        )

    return (
        rect(0, 0, 400, 300, p.table)
        + plate(126, 124, 98, p.light)
        + plate(276, 176, 88, p.second)
        + plate(312, 62, 46, p.main)
    )


SCENES: Final[dict[str, Scene]] = {
    "vases": vases,
    "mugs": mugs,
    "bowl": bowl,
    "wheel": wheel,
    "kiln": kiln,
    "plates": plates,
}
