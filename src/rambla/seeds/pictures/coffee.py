"""Kofi's roastery: beans, cups, and the minute in between."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    Colour,
    Dice,
    Palette,
    Scene,
    circle,
    define,
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
    use,
)

PALETTES: Final = (
    Palette.of(
        (30, 48, 86), (20, 34, 46), (18, 44, 26), (28, 52, 48), (184, 36, 42), (16, 42, 13), (38, 60, 94)
    ),
    Palette.of(
        (200, 22, 84), (208, 20, 58), (16, 40, 24), (24, 56, 52), (12, 66, 56), (210, 30, 16), (36, 50, 95)
    ),
    Palette.of(
        (346, 36, 86), (340, 24, 62), (14, 44, 25), (22, 58, 52), (44, 80, 60), (348, 30, 18), (30, 60, 95)
    ),
)


def steam(x: float, y: float, colour: Colour) -> str:
    return stroke(
        "".join(
            smooth([(x + dx, y), (x + dx - 7, y - 18), (x + dx + 6, y - 36), (x + dx - 3, y - 54)])
            for dx in (-16, 4, 24)
        ),
        colour,
        5,
        opacity=".6",
    )


def cup(p: Palette, d: Dice) -> str:
    art = "M200 196C150 164 152 128 178 126C192 126 198 136 200 142C202 136 208 126 222 126C248 128 250 164 200 196Z"
    rosetta = "".join(leaf((200, 204), 78 - i * 14, 0, width=0.6) for i in range(4))
    milk = path(art, p.light) if d.chance(0.5) else path(rosetta, p.light.lit(-2), fill_rule="evenodd")
    grain = stroke("M0 52h400M0 128h400M0 226h400M0 280h400", p.table.lit(-5), 2)
    spoon = group(
        rect(-5, -10, 10, 110, p.light.lit(-16), rx=5) + ellipse(0, -32, 17, 27, p.light.lit(-12)),
        turn=28,
        at=(356, 172),
    )
    return (
        rect(0, 0, 400, 300, p.table)
        + grain
        + shadow(208, 162, 128, 126)
        + circle(200, 152, 126, p.accent.lit(20))
        + ring(200, 152, 98, p.accent.lit(8), 3)
        + rect(278, 136, 62, 32, p.accent, rx=16)
        + circle(200, 152, 92, p.accent)
        + circle(200, 152, 82, p.accent.lit(26))
        + circle(200, 152, 76, p.main)
        + circle(200, 152, 70, p.second)
        + milk
        + spoon
    )


def pour(p: Palette, d: Dice) -> str:
    carafe = path("M152 192h96l14 66q0 14-14 14h-96q-14 0-14-14z", p.light, opacity=".75") + path(
        "M143 232h114l5 26q0 14-14 14h-96q-14 0-14-14z", p.main
    )
    dripper = (
        path("M130 108h140l-42 74h-56z", p.accent)
        + shade("M216 108h54l-42 74h-20z")
        + rect(150, 180, 100, 10, p.accent.lit(-10), rx=5)
    )
    kettle = (
        path("M300 34h74v60q0 12-12 12h-50q-12 0-12-12z", p.dark.lit(14))
        + stroke("M302 84C272 84 276 44 238 40", p.dark.lit(14), 9)
        + rect(314, 22, 46, 12, p.dark)
    )
    bloom = ellipse(200, 108, 62, 10, p.main.lit(6)) + dots(
        [(200 + d.between(-44, 44), 108 + d.between(-4, 4)) for _ in range(9)], 5, p.second
    )
    return (
        room(p, horizon=250)
        + circle(84, 92, 48, p.light, opacity=".6")
        + shadow(200, 274, 78)
        + carafe
        + dripper
        + ellipse(200, 108, 70, 14, p.light)
        + bloom
        + kettle
        + stroke("M237 44V104", p.wall.turned(170).lit(-4), 5, opacity=".8")
        + stroke("M200 190v40", p.main.lit(8), 3)
    )


def bag(p: Palette, d: Dice) -> str:
    label = p.accent.turned(d.one((0.0, 26.0, -26.0)))
    hills = "".join(
        path(smooth([(158, y + 14), (180, y), (206, y + 10), (242, y - 8)]) + "V218H158Z", label.lit(lift))
        for y, lift in ((178, 22), (196, 8))
    )
    beans = dots([(96, 262), (112, 270), (300, 264), (318, 256), (332, 270), (284, 272)], 15, p.main)
    return (
        room(p, horizon=236)
        + shadow(206, 264, 96)
        + path("M128 66h144l10 178q0 18-18 18H136q-18 0-18-18z", p.dark.lit(8))
        + shade("M222 66h50l10 178q0 18-18 18h-42z", 0.25)
        + path("M128 40h144v30H128z", p.dark.lit(14))
        + rect(128, 56, 144, 7, p.second)
        + rect(148, 112, 104, 118, p.light, rx=4)
        + circle(216, 150, 17, label.lit(30))
        + hills
        + rect(158, 222, 52, 4, p.dark, opacity=".6")
        + rect(158, 122, 64, 5, p.dark)
        + beans
    )


def beans(p: Palette, d: Dice) -> str:
    kinds = "".join(
        define(name, ellipse(0, 0, 21, 15, skin) + stroke("M-17 2C-6-8 6 8 17 2", skin.lit(-13), 3))
        for name, skin in (("b", p.main), ("l", p.second.lit(-8)))
    )
    poured = "".join(
        use(
            "l" if d.chance(0.3) else "b",
            at=(column * 60 + row % 2 * 30 + d.between(-9, 9), row * 58 + 8 + d.between(-8, 8)),
            turn=d.between(0, 180),
        )
        for row in range(6)
        for column in range(7)
    )
    return kinds + rect(0, 0, 400, 300, p.dark.lit(2)) + poured


def moka(p: Palette, d: Dice) -> str:
    metal = p.light.lit(-20)
    return (
        room(p, horizon=240)
        + circle(92 + d.between(-10, 20), 96, 50, p.accent, opacity=".4")
        + steam(196, 66, p.light)
        + shadow(202, 268, 76)
        + path("M140 176h116l16 88H124z", metal)
        + path("M134 162h128v16H134z", metal.lit(-14))
        + path("M144 88h108l10 74H134z", metal.lit(6))
        + path("M144 88l-22 8 18 20z", metal)
        + path("M148 88l50-20 50 20z", metal.lit(-6))
        + circle(198, 64, 8, p.dark)
        + stroke("M256 98h34q10 0 10 12v50", p.dark, 15)
        + shade("M206 88h46l10 74 10 102h-58z")
        + stroke("M156 104l-5 48M150 190l-8 60", p.light, 6, opacity=".7")
    )


def roast(p: Palette, d: Dice) -> str:
    grid = tiled(path("M0 0h40v30", "none", stroke=str(p.dark.lit(12))), 40, 30)
    curve = smooth([(30, 90), (70, 196), (120, 180), (200, 130), (290, 84), (370, 58 + d.between(-8, 14))])
    slope = smooth([(60, 250), (110, 128), (180, 160), (280, 206), (370, 240)])
    marks = dots([(200, 130), (290, 84)], 14, p.accent.lit(10))
    return (
        grid
        + rect(0, 0, 400, 300, p.dark)
        + rect(0, 0, 400, 300, "url(#t)", opacity=".7")
        + stroke(slope, p.second, 4, opacity=".8")
        + stroke(curve, p.light, 6)
        + marks
        + dots([(200, 130), (290, 84)], 5, p.dark)
    )


def grinder(p: Palette, d: Dice) -> str:
    return (
        room(p, horizon=240)
        + circle(310, 84, 44, p.light, opacity=".7")
        + shadow(200, 268, 96)
        + rect(130, 166, 140, 98, p.second.lit(-6), rx=8)
        + shade("M214 166h48q8 0 8 8v82q0 8-8 8h-48z")
        + rect(158, 204, 84, 44, p.second.lit(-16), rx=4)
        + circle(200, 226, 6, p.light.lit(-10))
        + path("M138 164a62 62 0 0 1 124 0z", p.accent)
        + shade("M212 104a62 62 0 0 1 50 60h-44z")
        + rect(122, 158, 156, 12, p.dark, rx=4)
        + stroke(f"M200 102V74h{d.one((70, -70))}", p.dark, 7)
        + dots([(200, 74)], 12, p.dark)
        + dots([(94, 262), (300, 264), (318, 270)], 14, p.main)
    )


SCENES: Final[dict[str, Scene]] = {
    "cup": cup,
    "pour": pour,
    "bag": bag,
    "beans": beans,
    "moka": moka,
    "roast": roast,
    "grinder": grinder,
}
