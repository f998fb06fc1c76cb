"""Ines's window sills."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    Colour,
    Dice,
    Palette,
    Point,
    Scene,
    circle,
    define,
    dots,
    ellipse,
    group,
    leaf,
    path,
    rect,
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
        (48, 44, 90), (30, 34, 72), (148, 38, 38), (100, 36, 50), (14, 56, 60), (156, 40, 18), (52, 60, 95)
    ),
    Palette.of(
        (160, 24, 84), (24, 24, 50), (136, 42, 34), (82, 42, 52), (346, 46, 66), (164, 36, 16), (90, 40, 95)
    ),
    Palette.of(
        (18, 56, 84), (12, 32, 56), (168, 42, 30), (128, 34, 48), (42, 80, 62), (176, 40, 15), (36, 66, 95)
    ),
)


def pot(at: Point, width: float, height: float, clay: Colour) -> str:
    """The rim is at ``at``: what grows in it is drawn from there."""
    x, y = at
    body = f"M{x - width:g} {y:g}h{2 * width:g}l{-width * 0.22:g} {height:g}h{-width * 1.56:g}z"
    half = f"M{x + width * 0.15:g} {y:g}h{width * 0.85:g}l{-width * 0.22:g} {height:g}h{-width * 0.5:g}z"
    return (
        shadow(x, y + height, width * 1.1)
        + path(body, clay)
        + shade(half)
        + rect(x - width - 4, y - 4, 2 * width + 8, height * 0.24, clay.lit(7), rx=3)
    )


def fan(at: Point, length: float, turns: tuple[float, ...], *, width: float = 0.26) -> str:
    return "".join(leaf(at, length, turn, width=width) for turn in turns)


def sill(p: Palette, d: Dice) -> str:
    pane = (
        rect(48, 18, 304, 190, p.light)
        + rect(58, 28, 136, 180, p.wall.turned(150).lit(2))
        + rect(206, 28, 136, 180, p.wall.turned(150).lit(2))
    )
    spread = d.between(16, 24)
    tall = path(fan((110, 160), 96, (-spread * 2, 0, spread * 2), width=0.2), p.main) + path(
        fan((110, 160), 90, (-spread, spread), width=0.2), p.second
    )
    round_leaves = dots(
        [(222, 150), (200, 138), (244, 136), (210, 118), (234, 114), (222, 100)], 30, p.second.lit(6)
    )
    cactus = (
        rect(290, 116, 34, 70, p.main.lit(8), rx=17)
        + stroke("M300 130v44M314 130v44", p.main.lit(-8), 2)
        + circle(307, 114, 7, p.accent)
    )
    return (
        rect(0, 0, 400, 300, p.wall)
        + pane
        + rect(24, 206, 352, 16, p.table.lit(16))
        + rect(0, 222, 400, 78, p.wall.lit(-8))
        + tall
        + pot((110, 160), 26, 46, p.accent)
        + stroke("M222 168V110", p.main, 4)
        + round_leaves
        + pot((222, 162), 28, 44, p.light.lit(-5))
        + cactus
        + pot((307, 174), 22, 32, p.light.lit(-14))
    )


def monstera(p: Palette, d: Dice) -> str:
    holes = [(176, 120), (168, 158), (226, 112), (236, 152), (180, 196), (224, 192)]
    blade = "M200 44C262 40 322 92 314 160C310 206 270 232 200 266C130 232 90 206 86 160C78 92 138 40 200 44Z"
    cuts = (
        "M70 150l62 6-64 18zM76 204l66-14-50 36zM104 66l54 38-38-58z"
        "M330 150l-62 6 64 18zM324 204l-66-14 50 36zM296 66l-54 38 38-58z"
    )
    leafed = (
        path(blade, p.main)
        + path("M200 44C262 40 322 92 314 160C310 206 270 232 200 266Z", p.main.lit(-6))
        + path(cuts, p.wall)
    )
    veins = stroke("M200 60V290M200 200l72-46M200 200l-72-46M200 140l56-44M200 140l-56-44", p.main.lit(16), 3)
    return (
        rect(0, 0, 400, 300, p.wall)
        + circle(320, 70, 60, p.accent, opacity=".5")
        + group(leafed + veins + dots(holes, 12, p.wall), turn=d.between(-14, 14), at=(0, 0))
        + path(fan((20, 310), 150, (14, 44, 70)), p.second)
    )


def jars(p: Palette, d: Dice) -> str:
    drawn = ""
    for x, height in ((104, 84), (200, 106), (296, 76)):
        top = 238 - height
        lean = d.between(-16, 16)
        roots = stroke(
            smooth([(x, top + 20), (x - 9, 204), (x - 4, 226)])
            + smooth([(x, top + 20), (x + 8, 206), (x + 3, 222)]),
            p.light,
            2,
        )
        cutting = stroke(smooth([(x, 200), (x, top), (x + lean, top - 52)]), p.second, 4) + path(
            fan((x + lean * 0.8, top - 42), 58, (-58 + lean, 4 + lean, 62 + lean)), p.main
        )
        glass = rect(x - 34, top, 68, height, p.wall.turned(150), rx=12, opacity=".55") + rect(
            x - 34, top + 26, 68, height - 26, p.wall.turned(160).lit(-16), rx=12, opacity=".6"
        )
        drawn += (
            shadow(x + 6, 240, 44)
            + cutting
            + glass
            + roots
            + rect(x - 24, top + 10, 6, height - 26, p.light, rx=3, opacity=".7")
        )
    return room(p, horizon=226) + drawn


def fern(p: Palette, d: Dice) -> str:
    leaflets = "".join(
        leaf((0, -i), 40 - i * 0.26, side * 62, width=0.24) for i in range(14, 104, 14) for side in (-1, 1)
    )
    frond = define("f", path(leaflets, p.main) + stroke("M0 0V-104", p.main.lit(-10), 2))
    turns = [turn + d.between(-5, 5) for turn in (-64, -36, -10, 18, 46, 72)]
    fronds = "".join(use("f", at=(200, 190), turn=turn) for turn in turns)
    young = group(path(leaflets, p.second), at=(200, 192), turn=d.between(-30, 30), scale=0.7)
    sun = circle(286, 92, 58, p.accent, opacity=".35")
    return frond + room(p, horizon=236) + sun + fronds + young + pot((200, 190), 46, 70, p.accent)


def seedlings(p: Palette, d: Dice) -> str:
    places = [(62 + column * 69, 92 + row * 76) for row in range(3) for column in range(5)]
    soil = tiled(rect(5, 5, 58, 62, p.dark.turned(-120).lit(6), rx=9), 69, 76)
    sprout = define(
        "s", stroke("M0 0v20", p.second, 4) + path(fan((0, 2), 24, (-58, 58), width=0.5), p.second.lit(10))
    )
    grown = "".join(use("s", at=(x, y - d.between(2, 14)), turn=d.between(-9, 9)) for x, y in places)
    return (
        soil
        + sprout
        + rect(0, 0, 400, 300, p.table)
        + rect(19, 45, 362, 246, p.accent, rx=16)
        + group(rect(0, 0, 345, 228, "url(#t)"), at=(28, 54))
        + grown
    )


def cacti(p: Palette, d: Dice) -> str:
    arms = stroke("M160 130H132q-10 0-10-10V96M204 146h26q10 0 10-10v-22", p.main, 22)
    column = (
        rect(160, 56, 44, 150, p.main, rx=22)
        + arms
        + stroke("M172 74v120M182 70v124M192 74v120", p.main.lit(14), 2)
    )
    ball = ellipse(292, 184, 40, 36, p.second) + stroke(
        "M292 148v70M276 150q-14 34 0 68M308 150q14 34 0 68", p.second.lit(-12), 2
    )
    flowers = dots([(182, 52), (122, 90), (240, 108), (292, 146)], 15, p.accent.lit(8)) + dots(
        [(182, 52), (122, 90), (240, 108), (292, 146)], 6, p.light
    )
    sun = circle(d.between(60, 90), 76, 34, p.accent, opacity=".6")
    return (
        room(p, horizon=234)
        + sun
        + column
        + ball
        + flowers
        + pot((182, 196), 40, 62, p.accent)
        + pot((292, 206), 38, 50, p.light.lit(-8))
    )


def shelf(p: Palette, d: Dice) -> str:
    boards = "".join(
        rect(30, y, 340, 10, p.table) + rect(30, y + 10, 340, 5, p.table.lit(-16)) for y in (134, 262)
    )
    trailing = "".join(
        stroke(smooth([(x, 112), (x + round(d.between(-12, 10)), 210)]), p.second, 3)
        + path(
            "".join(
                leaf((x, y), 20, turn, width=0.45)
                for y, turn in ((140, 80), (160, -84), (184, 70), (208, -80))
            ),
            p.second.lit(4),
        )
        for x in (92, 112)
    )
    return (
        wash(p.wall.lit(4), p.wall.lit(-5))
        + boards
        + pot((102, 104), 28, 30, p.light.lit(-6))
        + trailing
        + path(fan((230, 100), 70, (-50, -16, 18, 52)), p.main)
        + pot((230, 100), 22, 34, p.accent)
        + circle(320, 104, 30, p.light.lit(-4))
        + path(fan((180, 216), 66, (-40, 0, 40), width=0.4), p.second)
        + pot((180, 220), 26, 42, p.accent.lit(-8))
        + path(fan((290, 222), 86, (-22, -4, 16, 34), width=0.1), p.main.lit(6))
        + pot((290, 222), 30, 40, p.light.lit(-10))
    )


SCENES: Final[dict[str, Scene]] = {
    "sill": sill,
    "monstera": monstera,
    "jars": jars,
    "fern": fern,
    "seedlings": seedlings,
    "cacti": cacti,
    "shelf": shelf,
}
