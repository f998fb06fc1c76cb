"""A few shapes as SVG text.

Numbers are rounded and chance comes from a die seeded with a name: the same name gives the same bytes.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

T = TypeVar("T")
Point = tuple[float, float]
Attribute = float | str

WIDTH: Final = 400
HEIGHT: Final = 300
SHADOW: Final = "hsl(225 40% 12%)"


class Colour(NamedTuple):
    """hsl, as everywhere in the product."""

    hue: float
    saturation: float
    lightness: float

    def __str__(self) -> str:
        return f"hsl({number(self.hue % 360)} {number(self.saturation)}% {number(self.lightness)}%)"

    def lit(self, by: float) -> Colour:
        """Lighter, or darker when negative."""
        return self._replace(lightness=min(97.0, max(5.0, self.lightness + by)))

    def turned(self, degrees: float) -> Colour:
        return self._replace(hue=self.hue + degrees)


class Palette(NamedTuple):
    """Seven colours are enough for a picture."""

    wall: Colour
    table: Colour
    main: Colour
    second: Colour
    accent: Colour
    dark: Colour
    light: Colour

    @classmethod
    def of(cls, *colours: tuple[float, float, float]) -> Palette:
        return cls(*(Colour(*colour) for colour in colours))


class Dice:
    """Built on ``random()`` alone: the one stream that Python promises never to change."""

    def __init__(self, name: str) -> None:
        self._next = random.Random(name).random  # noqa: S311 - pictures, not secrets

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._next()

    def one(self, options: Sequence[T]) -> T:
        return options[int(self._next() * len(options))]

    def chance(self, share: float) -> bool:
        return self._next() < share


Scene = Callable[[Palette, Dice], str]


def number(value: float) -> str:
    text = f"{round(value, 1) + 0:g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def picture(body: str, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' fill="{SHADOW}" stroke-linecap="round" stroke-linejoin="round">{body}</svg>\n'
    )


def element(name: str, content: str = "", /, **attributes: Attribute | Colour) -> str:
    """``stroke_width=2`` becomes ``stroke-width="2"``; a place of zero needs no words."""
    listed = "".join(
        f' {key.replace("_", "-")}="{number(value) if isinstance(value, int | float) else value}"'
        for key, value in attributes.items()
        if not (value == 0 and key in ("x", "y", "cx", "cy"))
    )
    return f"<{name}{listed}>{content}</{name}>" if content else f"<{name}{listed}/>"


def rect(x: float, y: float, width: float, height: float, fill: Colour | str, **more: Attribute) -> str:
    return element("rect", x=x, y=y, width=width, height=height, fill=fill, **more)


def circle(x: float, y: float, r: float, fill: Colour | str, **more: Attribute) -> str:
    return element("circle", cx=x, cy=y, r=r, fill=fill, **more)


def ellipse(x: float, y: float, rx: float, ry: float, fill: Colour | str, **more: Attribute) -> str:
    return element("ellipse", cx=x, cy=y, rx=rx, ry=ry, fill=fill, **more)


def path(d: str, fill: Colour | str, **more: Attribute) -> str:
    return element("path", d=d, fill=fill, **more)


def ring(x: float, y: float, r: float, colour: Colour | str, width: float, **more: Attribute) -> str:
    return element("circle", cx=x, cy=y, r=r, fill="none", stroke=colour, stroke_width=width, **more)


def stroke(d: str, colour: Colour | str, width: float, **more: Attribute) -> str:
    return element("path", d=d, fill="none", stroke=colour, stroke_width=width, **more)


def group(content: str, *, at: Point = (0, 0), turn: float = 0, scale: float = 1, **more: Attribute) -> str:
    steps = [f"translate({number(at[0])} {number(at[1])})"] if at != (0, 0) else []
    steps += [f"rotate({number(turn)})"] if turn else []
    steps += [f"scale({scale:.2f})"] if scale != 1 else []
    return element("g", content, **({"transform": " ".join(steps)} if steps else {}), **more)


def define(name: str, content: str) -> str:
    """What ``use`` repeats."""
    return element("defs", element("g", content, id=name))


def use(name: str, *, at: Point, turn: float = 0, scale: str = "") -> str:
    steps = f"translate({round(at[0])} {round(at[1])})" + (f"rotate({round(turn)})" if turn else "") + scale
    return f'<use href="#{name}" transform="{steps}"/>'


def line(points: Iterable[Point], *, closed: bool = False) -> str:
    """Straight from point to point."""
    return "M" + "L".join(_joined(p) for p in points) + ("Z" if closed else "")


def smooth(points: Sequence[Point], *, closed: bool = False) -> str:
    """A soft curve through the points: Catmull-Rom, whose tangents are what ``s`` mirrors by itself."""
    known = [points[-1], *points, *points[:2]] if closed else [points[0], *points, points[-1]]
    at = (round(points[0][0], 1), round(points[0][1], 1))
    text = "M" + _joined(at)
    for i, (before, a, b, after) in enumerate(zip(known, known[1:], known[2:], known[3:], strict=False)):
        leave = (a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6)
        arrive = (b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6)
        steps = (leave, arrive, b) if i == 0 else (arrive, b)
        moved = [round(p[axis] - at[axis], 1) for p in steps for axis in (0, 1)]
        text += ("c" if i == 0 else "s") + _joined(moved)
        at = (at[0] + moved[-2], at[1] + moved[-1])
    return text + ("Z" if closed else "")


def dots(centres: Iterable[Point], size: float, colour: Colour | str, **more: Attribute) -> str:
    """Many discs in one path: the round caps of strokes that go nowhere."""
    return stroke("".join(f"M{_joined(p)}h0" for p in centres), colour, size, **more)


def tiled(tile: str, width: float, height: float, *, name: str = "t", turn: float = 0) -> str:
    """A pattern; paint with ``url(#t)``."""
    turned = {"patternTransform": f"rotate({number(turn)})"} if turn else {}
    return element(
        "pattern", tile, id=name, width=width, height=height, patternUnits="userSpaceOnUse", **turned
    )


def leaf(at: Point, length: float, turn: float, *, width: float = 0.32) -> str:
    """A pointed leaf that grows from ``at``; straight up at turn 0."""
    side = (math.sin(math.radians(turn)), -math.cos(math.radians(turn)))
    across = (-side[1] * length * width, side[0] * length * width)
    middle = (at[0] + side[0] * length * 0.45, at[1] + side[1] * length * 0.45)
    tip = (at[0] + side[0] * length, at[1] + side[1] * length)
    left = (middle[0] + across[0], middle[1] + across[1])
    right = (middle[0] - across[0], middle[1] - across[1])
    return f"M{_joined(at)}Q{_joined((*left, *tip))}Q{_joined((*right, *at))}"


def around(x: float, y: float, r: float, count: int, *, start: float = 0) -> list[Point]:
    """Points on a circle, clockwise from the top."""
    angles = (math.tau * i / count + math.radians(start) for i in range(count))
    return [(x + r * math.sin(a), y - r * math.cos(a)) for a in angles]


def shadow(x: float, y: float, rx: float, ry: float = 0, *, depth: float = 0.16) -> str:
    """Painted in the picture's own colour, which is that of shadows."""
    return element("ellipse", cx=x, cy=y, rx=rx, ry=ry or rx * 0.12, opacity=f"{depth:.2f}"[1:])


def shade(d: str, depth: float = 0.12) -> str:
    """The side away from the light."""
    return element("path", d=d, opacity=f"{depth:.2f}"[1:])


def wash(top: Colour, bottom: Colour, *, name: str = "a", height: float = HEIGHT) -> str:
    """The whole width from one colour down to another."""
    stops = element("stop", stop_color=top) + element("stop", offset=1, stop_color=bottom)
    gradient = element("linearGradient", stops, id=name, x2=0, y2=1)
    return gradient + rect(0, 0, WIDTH, height, f"url(#{name})")


def room(palette: Palette, *, horizon: float = 214) -> str:
    """A wall with light on it and a table to stand things on."""
    return (
        wash(palette.wall.lit(5), palette.wall.lit(-4), height=horizon)
        + rect(0, horizon, WIDTH, HEIGHT - horizon, palette.table)
        + rect(0, horizon, WIDTH, 3, palette.table.lit(7))
    )


def _joined(values: Iterable[float]) -> str:
    """A minus sign separates as well as a space does."""
    return " ".join(number(value) for value in values).replace(" -", "-")
