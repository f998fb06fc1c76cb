"""Luca's oven, from starter to crust."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    SHADOW,
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
    line,
    path,
    rect,
    room,
    shadow,
    stroke,
    tiled,
    use,
    wash,
)

PALETTES: Final = (
    Palette.of(
        (42, 52, 88), (26, 36, 60), (26, 58, 46), (38, 66, 62), (210, 36, 50), (20, 42, 20), (44, 66, 94)
    ),
    Palette.of(
        (200, 26, 84), (206, 18, 54), (22, 56, 44), (36, 62, 60), (12, 62, 58), (214, 28, 18), (42, 62, 94)
    ),
    Palette.of(
        (96, 22, 84), (90, 16, 46), (28, 60, 48), (40, 70, 64), (346, 40, 56), (110, 24, 16), (46, 60, 94)
    ),
)


def loaf(p: Palette, d: Dice) -> str:
    scores = (
        "M134 168Q200 108 268 166M150 190Q200 146 252 188M168 208Q200 180 234 206",
        "M200 106Q188 160 204 216M158 130Q196 150 186 200M244 130Q206 152 218 202",
    )
    wheat = "".join(
        leaf((200 + s * 3, 206 - i * 15), 26, s * 48, width=0.3) for i in range(6) for s in (-1, 1)
    )
    cut = stroke(d.one(scores), p.second.lit(20), 7) if d.chance(0.6) else path(wheat, p.second.lit(18))
    flour = dots(
        [(200 + d.between(-86, 86), 162 + d.between(-46, 42)) for _ in range(22)], 3, p.light, opacity=".8"
    )
    return (
        room(p, horizon=190)
        + circle(318, 72, 42, p.accent, opacity=".4")
        + rect(40, 232, 320, 20, p.table.lit(-22), rx=10)
        + shadow(200, 234, 128, 10, depth=0.24)
        + path("M74 222C64 130 136 88 200 88S336 130 326 222Q324 236 300 236H100Q76 236 74 222Z", p.main)
        + path(
            "M92 206C92 138 146 102 200 102S300 132 306 190C296 140 250 120 196 122S108 150 92 206Z",
            p.main.lit(10),
        )
        + cut
        + flour
    )


def baguettes(p: Palette, d: Dice) -> str:
    def stick(x: float, turn: float, crust: Colour) -> str:
        cuts = "".join(f"M-9 {y}Q4 {y - 12} 11 {y - 30}" for y in (-66, -30, 6, 42))
        return group(
            path("M0-118C20-112 21-70 21-10S20 96 0 102C-20 96-21 50-21-10S-20-112 0-118Z", crust)
            + stroke(cuts, p.second.lit(16), 7),
            at=(x, 138),
            turn=turn,
        )

    weave = tiled(path("M0 0h20v9H0zM20 12h20v9H20z", p.table.lit(-12)), 40, 24)
    return (
        weave
        + wash(p.wall.lit(3), p.wall.lit(-8))
        + shadow(200, 276, 130)
        + "".join(
            stick(x, t, p.main.lit(d.between(-4, 7))) for x, t in ((138, -15), (262, 15), (176, -5), (224, 6))
        )
        + path("M92 170h216l-24 92q-4 14-20 14H136q-16 0-20-14z", p.table.lit(4))
        + path("M92 170h216l-24 92q-4 14-20 14H136q-16 0-20-14z", "url(#t)")
        + rect(84, 162, 232, 16, p.table.lit(-8), rx=8)
    )


def starter(p: Palette, d: Dice) -> str:
    level = d.between(116, 150)
    bubbles = dots(
        [(200 + d.between(-50, 50), d.between(level + 14, 244)) for _ in range(16)], 7, p.light.lit(-16)
    ) + dots(
        [(200 + d.between(-50, 50), d.between(level + 14, 244)) for _ in range(14)], 12, p.light.lit(-13)
    )
    return (
        room(p, horizon=222)
        + circle(88, 84, 44, p.accent, opacity=".4")
        + shadow(204, 262, 78)
        + rect(138, 74, 124, 188, p.light, rx=18, opacity=".6")
        + path(f"M142 {level:.0f}q58-16 116 0V244q0 14-14 14h-88q-14 0-14-14z", p.light.lit(-6))
        + bubbles
        + rect(136, 188, 128, 9, p.accent, rx=4)
        + rect(132, 54, 136, 26, p.table.lit(-10), rx=6)
        + rect(150, 92, 9, 140, "hsl(0 0% 100%)", rx=4, opacity=".6")
        + path("M270 150l34 6-4 22-32-4z", p.second)
    )


def wheat(p: Palette, d: Dice) -> str:
    grains = "".join(leaf((0, 12 + k * 13), 23, s * 26, width=0.3) for k in range(5) for s in (-1, 1))
    ear = stroke("M0 8Q4 120 -6 260", p.main.lit(10), 3) + path(
        grains + leaf((0, 6), 24, 4, width=0.3), p.main.lit(14)
    )
    field = "".join(
        use("e", at=(24 + i * 44 + d.between(-8, 8), d.between(60, 130)), turn=d.between(-5, 9))
        for i in range(9)
    )
    return (
        define("e", ear)
        + wash(p.wall.lit(4), p.second.lit(20))
        + circle(304, 84, 36, p.accent, opacity=".6")
        + path("M0 236Q120 206 210 230T400 222V300H0Z", p.second.lit(-6))
        + field
    )


def buns(p: Palette, d: Dice) -> str:
    glaze, knots, shades = [], "", []
    for row in range(3):
        for column in range(4):
            x, y = 86 + column * 76, 78 + row * 74
            glaze.append((x, y))
            shades.append((x + 3, y + 6))
            turn = d.between(0, 360)
            knots += group(
                stroke("M-20 2A20 20 0 1 1 6 20A14 14 0 1 1-6-8A7 7 0 0 1 4 4", p.main.lit(-8), 5),
                at=(x, y),
                turn=turn,
            )
    return (
        rect(0, 0, 400, 300, p.wall.lit(-6))
        + rect(30, 26, 340, 252, p.dark.lit(16), rx=16)
        + rect(38, 34, 324, 236, p.dark.lit(26), rx=10)
        + dots(shades, 64, SHADOW, opacity=".3")
        + dots(glaze, 62, p.main.lit(4))
        + knots
        + dots([(x - 10, y - 14) for x, y in glaze], 7, p.second.lit(20), opacity=".8")
    )


def slices(p: Palette, d: Dice) -> str:
    def slice_(x: float, y: float, turn: float) -> str:
        holes = "".join(
            ellipse(
                d.between(-46, 46),
                d.between(-34, 46),
                round(d.between(3, 9)),
                round(d.between(2, 6)),
                p.second.lit(8),
            )
            for _ in range(7)
        )
        outline = "M-76 60V-20C-96-40-84-78-44-78H44C84-78 96-40 76-20V60Q76 70 66 70H-66Q-76 70-76 60Z"
        return group(
            path(outline, SHADOW, opacity=".18", transform="translate(7 8)")
            + path(outline, p.main)
            + path(outline, p.light.lit(-8), transform="scale(.89)")
            + holes,
            at=(x, y),
            turn=turn,
        )

    board = rect(34, 26, 332, 250, p.table.lit(-6), rx=24) + circle(66, 58, 10, p.wall)
    knife = group(
        rect(-9, 40, 18, 82, p.dark, rx=8) + path("M-10 40V-70Q14-40 14 40Z", p.light.lit(-22)),
        at=(346, 156),
        turn=8,
    )
    return (
        rect(0, 0, 400, 300, p.wall)
        + board
        + slice_(232, 132, 12)
        + slice_(148, 166, -8)
        + knife
        + dots([(d.between(60, 300), d.between(238, 268)) for _ in range(7)], 4, p.main)
    )


def oven(p: Palette, d: Dice) -> str:
    glow = Colour(24 + d.between(-6, 8), 92, 56)
    brick = tiled(path("M1 1h48v22H1zM-25 27h48v22h-48zM27 27h48v22H27z", p.table.lit(-6)), 52, 52)
    arch = (
        path("M70 238A130 130 0 0 1 330 238z", p.dark)
        + path("M92 238a108 108 0 0 1 216 0z", glow.lit(-26))
        + path("M120 238q14-70 40-58 6-52 40-64 30 24 36 70 30-6 40 52z", glow)
        + path("M150 238q12-40 30-36 8-30 22-40 20 22 24 44 18-2 24 32z", glow.turned(18).lit(16))
    )
    return (
        brick
        + rect(0, 0, 400, 300, p.table.lit(-14))
        + rect(0, 0, 400, 300, "url(#t)")
        + arch
        + rect(40, 238, 320, 16, p.table.lit(-26))
        + ellipse(216, 236, 54, 16, p.main)
        + stroke("M190 230q24-12 52-2", p.second.lit(14), 5)
        + stroke(line([(120, 300), (196, 246)]), p.second.lit(-18), 10)
    )


SCENES: Final[dict[str, Scene]] = {
    "loaf": loaf,
    "baguettes": baguettes,
    "starter": starter,
    "wheat": wheat,
    "buns": buns,
    "slices": slices,
    "oven": oven,
}
