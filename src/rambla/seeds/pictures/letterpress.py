"""Hannah's press: paper, ink, and the pressure between them."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    SHADOW,
    Colour,
    Dice,
    Palette,
    Scene,
    around,
    circle,
    define,
    dots,
    ellipse,
    group,
    leaf,
    line,
    path,
    rect,
    ring,
    shade,
    shadow,
    stroke,
    tiled,
    use,
    wash,
)

PALETTES: Final = (
    Palette.of(
        (44, 34, 90), (30, 20, 66), (354, 64, 54), (206, 50, 40), (44, 82, 60), (222, 30, 20), (42, 50, 95)
    ),
    Palette.of(
        (166, 22, 82), (180, 18, 50), (168, 44, 30), (16, 68, 60), (42, 76, 62), (176, 34, 16), (60, 44, 95)
    ),
    Palette.of(
        (340, 32, 86), (334, 20, 60), (262, 36, 44), (338, 58, 60), (178, 36, 46), (256, 34, 20), (30, 46, 95)
    ),
)
LETTERS: Final = (
    "M-22 30L-6-30H6L22 30H10L7 17H-7L-10 30ZM-4 6H4L0-12Z",
    "M-20-30H20V-18H-8V-6H14V6H-8V18H20V30H-20Z",
    "M-22-30H22V-17H7V30H-7V-17H-22Z",
    "M-20-30H-8V-6H8V-30H20V30H8V6H-8V30H-20Z",
    "M-20-30H-7V17H20V30H-20Z",
    "M-22-30H-8L0-10L8-30H22L6 0L22 30H8L0 10L-8 30H-22L-6 0Z",
)


def motifs(p: Palette) -> tuple[str, ...]:
    """What is printed on a card 100 wide and 130 high, centred on zero."""
    leaves = [leaf((0, 30 - i * 16), 30, side * 52, width=0.36) for i in range(4) for side in (-1, 1)]
    sprig = stroke("M0 48V-34", p.main, 3) + path("".join(leaves) + leaf((0, -26), 26, 0), p.main)
    rays = zip(around(0, -8, 28, 8), around(0, -8, 38, 8), strict=True)
    sun = circle(0, -8, 20, p.accent) + stroke("".join(line(ray) for ray in rays), p.accent, 4)
    waves = stroke("".join(f"M-36 {y}q9-13 18 0t18 0t18 0t18 0" for y in (-36, -18, 0, 18, 36)), p.second, 4)
    overprint = circle(-12, -6, 27, p.main, opacity=".85") + circle(14, 6, 27, p.second, opacity=".75")
    return sprig, sun, waves, overprint


def cards(p: Palette, d: Dice) -> str:
    blank = rect(-49, -62, 108, 138, SHADOW, opacity=".16") + rect(-54, -68, 108, 138, p.light, rx=2)
    first = int(d.between(0, 4))
    printed = (motifs(p) * 2)[first : first + 3]
    spread = "".join(
        group(blank + motif, at=at, turn=turn, scale=1.18)
        for motif, at, turn in zip(printed, ((96, 140), (306, 158), (202, 148)), (-9, 8, 2), strict=True)
    )
    return wash(p.table.lit(6), p.table.lit(-4)) + spread


def envelopes(p: Palette, _d: Dice) -> str:
    def envelope(at: tuple[float, float], turn: float, paper: Colour, lining: Colour) -> str:
        return group(
            rect(-92, -60, 184, 124, SHADOW, opacity=".16", transform="translate(5 7)")
            + rect(-92, -60, 184, 124, paper, rx=4)
            + path("M-92-58L0 22L92-58z", paper.lit(-8))
            + path("M-80-60H80L0 8z", lining)
            + circle(0, 12, 15, p.main)
            + circle(0, 12, 9, p.main.lit(8)),
            at=at,
            turn=turn,
        )

    stamp = group(
        rect(-22, -27, 44, 54, p.light)
        + rect(-17, -22, 34, 44, p.second)
        + circle(2, -5, 10, p.accent)
        + path("M-17 22V6L-4-6 8 8 17 2V22z", p.second.lit(-16)),
        at=(334, 62),
        turn=9,
    )
    return (
        wash(p.wall.lit(3), p.wall.lit(-8))
        + envelope((230, 184), 9, p.second.lit(24), p.second)
        + envelope((168, 138), -6, p.light, p.accent)
        + stamp
    )


def blocks(p: Palette, d: Dice) -> str:
    wood = rect(-39, -39, 84, 86, SHADOW, rx=4, opacity=".2") + rect(-42, -43, 84, 86, p.table.lit(6), rx=4)
    sort = define("w", wood + rect(-42, -43, 84, 5, p.table.lit(16), rx=2))
    places = [(62 + column * 92, 56 + row * 94) for row in range(3) for column in range(4)]
    faces = "".join(
        path(d.one(LETTERS), p.main if d.chance(0.4) else p.dark, transform=f"translate({x} {y})scale(1.2)")
        for x, y in places
    )
    return sort + rect(0, 0, 400, 300, p.dark.lit(8)) + "".join(use("w", at=at) for at in places) + faces


def roller(p: Palette, d: Dice) -> str:
    ink = d.one((p.main, p.second))
    slab = (
        rect(40, 84, 240, 180, p.wall.lit(-10), rx=6)
        + path("M70 108h150q26 6 24 70t-30 62H78q-18-4-14-70t6-62z", ink)
        + stroke("M84 128h116M80 152h130M78 178h136M80 204h122", ink.lit(9), 3, opacity=".5")
    )
    brayer = group(
        rect(-58, -26, 116, 52, ink.lit(-6), rx=7)
        + rect(-58, -20, 116, 11, ink.lit(14), rx=5, opacity=".6")
        + stroke("M-64 0h-10v-56h148v56h-10M0-56v-26", p.dark.lit(30), 7)
        + rect(-13, -160, 26, 84, p.table.lit(-10), rx=12),
        at=(276, 190),
        turn=38 + d.between(-6, 6),
    )
    return (
        wash(p.table.lit(8), p.table.lit(-2))
        + rect(46, 94, 240, 180, SHADOW, rx=6, opacity=".15")
        + slab
        + brayer
    )


def poster(p: Palette, d: Dice) -> str:
    shift = d.between(-10, 10)
    art = (
        circle(160 + shift, 112, 58, p.main, opacity=".9")
        + circle(234, 150 - shift, 58, p.second, opacity=".8")
        + path("M112 236L200 112l88 124z", p.accent, opacity=".75")
    )
    lines = "".join(rect(130, y, w, 5, p.dark, rx=2) for y, w in ((248, 140), (259, 96)))
    pins = dots([(108, 30), (292, 30)], 9, p.main)
    return (
        wash(p.wall.lit(-2), p.wall.lit(-12))
        + rect(104, 28, 200, 254, SHADOW, opacity=".16")
        + rect(98, 20, 204, 256, p.light)
        + '<clipPath id="c"><path d="M110 32h180v232H110z"/></clipPath>'
        + group(art, clip_path="url(#c)")
        + lines
        + pins
    )


def notebooks(p: Palette, _d: Dice) -> str:
    dotted = tiled(dots([(9, 9)], 4, p.light, opacity=".6"), 18, 18)
    drawn = ""
    top = p.main
    for i, (colour, turn) in enumerate(((p.second, -9), (p.accent, 4), (top, -3))):
        skin = rect(-84, -106, 168, 212, "url(#t)", rx=5) if colour == top else ""
        drawn += group(
            rect(-84, -106, 168, 212, SHADOW, rx=5, opacity=".18", transform="translate(6 7)")
            + rect(-84, -106, 168, 212, colour, rx=5)
            + skin
            + rect(-84, -106, 16, 212, colour.lit(-12), rx=4)
            + rect(-34, -66, 84, 44, p.light, rx=2)
            + stroke("M-20-52h56M-20-40h34", p.dark, 3),
            at=(190 + i * 10, 152),
            turn=turn,
        )
    pencil = group(
        rect(-5, -80, 10, 130, p.accent)
        + path("M-5 50h10L0 68z", p.light.lit(-12))
        + rect(-5, -92, 10, 14, p.main.lit(14), rx=3),
        at=(338, 160),
        turn=16,
    )
    return dotted + wash(p.table.lit(9), p.table.lit(-2)) + drawn + pencil


def press(p: Palette, d: Dice) -> str:
    disc = (
        ellipse(200, 74, 74, 24, p.main)
        + ellipse(200, 70, 74, 24, p.main.lit(10))
        + ellipse(200, 70, 40, 12, p.main.lit(4))
    )
    body = (
        path("M120 250L150 96h100l30 154z", p.dark.lit(12))
        + path("M170 96h60l10 90h-80z", p.dark.lit(20))
        + rect(150, 150, 100, 66, p.light, rx=2)
        + group(d.one(motifs(p)), at=(200, 184), scale=0.42)
    )
    wheel = (
        ring(318, 172, 54, p.dark.lit(18), 10)
        + stroke(
            "".join(line([(318, 172), (318 + dx, 172 + dy)]) for dx, dy in ((0, -50), (43, 25), (-43, 25))),
            p.dark.lit(18),
            7,
        )
        + circle(318, 172, 10, p.accent)
        + stroke("M252 172h60", p.dark.lit(18), 10)
    )
    return (
        wash(p.wall.lit(3), p.wall.lit(-8), height=244)
        + rect(0, 240, 400, 60, p.table)
        + circle(72, 78, 40, p.accent, opacity=".4")
        + shadow(206, 258, 124, 10)
        + wheel
        + body
        + shade("M224 96h26l30 154h-44z", 0.14)
        + disc
        + rect(104, 246, 192, 14, p.dark.lit(6), rx=4)
    )


SCENES: Final[dict[str, Scene]] = {
    "cards": cards,
    "envelopes": envelopes,
    "blocks": blocks,
    "roller": roller,
    "poster": poster,
    "notebooks": notebooks,
    "press": press,
}
