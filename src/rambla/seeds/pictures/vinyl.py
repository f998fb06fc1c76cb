"""Marguerite's counter: records, what they come in and what they are played on."""

from __future__ import annotations

from typing import Final

from rambla.seeds.pictures.canvas import (
    Colour,
    Dice,
    Palette,
    Scene,
    around,
    circle,
    dots,
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
        (22, 60, 84), (18, 40, 44), (12, 72, 56), (200, 46, 42), (44, 84, 60), (230, 26, 15), (40, 64, 94)
    ),
    Palette.of(
        (210, 32, 80), (24, 30, 42), (332, 52, 54), (44, 78, 60), (186, 44, 42), (222, 34, 16), (38, 50, 95)
    ),
    Palette.of(
        (164, 28, 80), (20, 30, 38), (256, 40, 56), (16, 74, 60), (346, 54, 64), (236, 28, 17), (60, 40, 95)
    ),
)


def record(x: float, y: float, r: float, label: Colour, dark: Colour) -> str:
    grooves = "".join(ring(x, y, r * share, dark.lit(9), 1) for share in (0.92, 0.8, 0.68, 0.56))
    shine = path(
        f"M{x:g} {y:g}L{x - r * 0.5:g} {y - r * 0.86:g}A{r:g} {r:g} 0 0 1 {x - r * 0.1:g} {y - r * 0.99:g}Z",
        dark.lit(30),
        opacity=".35",
    )
    return (
        circle(x, y, r, dark)
        + grooves
        + shine
        + circle(x, y, r * 0.36, label)
        + ring(x, y, r * 0.27, label.lit(12), 1.5)
        + circle(x, y, r * 0.05, dark.lit(60))
    )


def cover(p: Palette, d: Dice) -> str:
    """The front of a sleeve, 200 by 200."""
    arcs = "".join(
        circle(100, 200, r, colour)
        for r, colour in ((150, p.accent), (112, p.main), (74, p.second), (36, p.light))
    )
    suns = (
        circle(128, 76, 46, p.accent)
        + path("M0 140Q50 104 100 134T200 126V200H0Z", p.second)
        + path("M0 166Q60 138 110 164T200 154V200H0Z", p.dark.lit(16))
    )
    bars = "".join(
        rect(22 + i * 27, 170 - h, 18, h, c)
        for i, (h, c) in enumerate(
            zip((60, 112, 84, 136, 96, 50), (p.main, p.second, p.accent) * 2, strict=True)
        )
    )
    blocks = (
        path("M0 0h100v100H0z", p.main)
        + path("M200 0v100a100 100 0 0 1-100-100z", p.second)
        + path("M0 200a100 100 0 0 1 100-100v100z", p.accent)
        + circle(150, 150, 44, p.dark.lit(18))
    )
    return rect(0, 0, 200, 200, p.light) + d.one((arcs, suns, bars, blocks))


def clipped(content: str, *, x: float, y: float, scale: float = 1) -> str:
    clip = '<clipPath id="c"><path d="M0 0h200v200H0z"/></clipPath>'
    return clip + group(content, at=(x, y), scale=scale, clip_path="url(#c)")


def sleeve(p: Palette, d: Dice) -> str:
    return (
        wash(p.wall.lit(3), p.wall.lit(-8))
        + shadow(206, 264, 160, 10)
        + record(262, 154, 98, p.main, p.dark)
        + rect(62, 58, 200, 200, p.dark, opacity=".2")
        + clipped(cover(p, d), x=56, y=52)
    )


def turntable(p: Palette, d: Dice) -> str:
    arm = (
        stroke("M340 66v92l-66 62", p.light.lit(-16), 7)
        + circle(340, 66, 20, p.dark.lit(14))
        + circle(340, 66, 9, p.light.lit(-16))
    )
    head = group(rect(-9, -16, 18, 34, p.dark.lit(10), rx=3), at=(270, 222), turn=46)
    return (
        rect(0, 0, 400, 300, p.wall)
        + rect(20, 20, 360, 266, p.dark, rx=12, opacity=".15")
        + rect(16, 14, 368, 266, p.table, rx=12)
        + circle(160, 148, 122, p.table.lit(-12))
        + record(160, 148, 114, d.one((p.main, p.second, p.accent)), p.dark)
        + arm
        + head
        + circle(338, 238, 14, p.light.lit(-16))
        + rect(306, 264, 62, 4, p.table.lit(-14), rx=2)
    )


def crate(p: Palette, d: Dice) -> str:
    tones = (p.main, p.second, p.accent, p.light, p.dark.lit(20))
    sleeves = "".join(
        group(
            rect(0, 0, 30, 150, d.one(tones).lit(d.between(-8, 8)))
            + rect(0, 10, 30, 6, p.light, opacity=".35"),
            at=(62 + i * 25, 74 + d.between(0, 18)),
            turn=d.between(-3, 4),
        )
        for i in range(11)
    )
    slats = "".join(
        rect(40, y, 320, 34, p.table.lit(10)) + rect(40, y + 30, 320, 4, p.table.lit(-8)) for y in (176, 220)
    )
    return (
        wash(p.wall.lit(4), p.wall.lit(-6), height=246)
        + rect(0, 240, 400, 60, p.table.lit(-10))
        + shadow(200, 264, 180, 9)
        + rect(52, 150, 296, 100, p.dark)
        + sleeves
        + slats
        + rect(40, 168, 18, 94, p.table.lit(2))
        + rect(342, 168, 18, 94, p.table.lit(2))
    )


def headphones(p: Palette, _d: Dice) -> str:
    cups = "".join(
        rect(x, 140, 44, 92, p.main, rx=22) + rect(x + dx, 132, 24, 108, p.dark, rx=12)
        for x, dx in ((92, 34), (264, -14))
    )
    return (
        wash(p.wall.lit(3), p.wall.lit(-8))
        + circle(200, 160, 116, p.accent, opacity=".3")
        + shadow(200, 254, 120, 10)
        + stroke("M116 160V140a84 84 0 0 1 168 0v20", p.dark, 18)
        + stroke("M140 84a84 84 0 0 1 120 0", p.main.lit(8), 18)
        + cups
        + stroke(smooth([(114, 232), (112, 268), (150, 280), (210, 270), (250, 292)]), p.dark, 4)
    )


def speaker(p: Palette, _d: Dice) -> str:
    box = (
        rect(122, 26, 156, 238, p.table.lit(6), rx=10)
        + shade("M216 26h52q10 0 10 10v218q0 10-10 10h-52z", 0.1)
        + rect(134, 38, 132, 214, p.table.lit(-10), rx=6)
    )
    woofer = (
        circle(200, 178, 58, p.dark)
        + ring(200, 178, 48, p.dark.lit(12), 6)
        + circle(200, 178, 34, p.main)
        + circle(200, 178, 14, p.main.lit(-12))
    )
    waves = "".join(
        ring(200, 178, r, p.light, 3, opacity=o) for r, o in ((150, ".35"), (180, ".22"), (212, ".12"))
    )
    return (
        wash(p.wall.lit(3), p.wall.lit(-8))
        + waves
        + shadow(204, 264, 92)
        + box
        + woofer
        + circle(200, 84, 28, p.dark)
        + circle(200, 84, 17, p.accent)
        + dots([(146, 50), (254, 50), (146, 240), (254, 240)], 6, p.dark)
    )


def waveform(p: Palette, d: Dice) -> str:
    heights = [d.between(12, 46) + 64 * abs(1 - abs(i - 17) / 17) for i in range(35)]
    bars = "".join(line([(30 + i * 10, 150 - h), (30 + i * 10, 150 + h)]) for i, h in enumerate(heights))
    return (
        wash(p.dark.lit(8), p.dark)
        + dots(around(200, 150, 128, 60), 2, p.accent, opacity=".5")
        + stroke(bars, p.accent, 5)
        + stroke(line([(30, 150), (370, 150)]), p.main, 2)
    )


SCENES: Final[dict[str, Scene]] = {
    "sleeve": sleeve,
    "turntable": turntable,
    "crate": crate,
    "headphones": headphones,
    "speaker": speaker,
    "waveform": waveform,
}
