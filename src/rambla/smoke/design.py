"""What the pages and the health checks promise."""

from __future__ import annotations

import re

from rambla.smoke.live import Live
from rambla.smoke.promises import expect, promise

GRADIENT = "linear-gradient(180deg, hsl(220 40% 12%), hsl(220 30% 3%))"


@promise("design", "Dark mode has the navy gradient, on body, fixed")
async def gradient(live: Live) -> None:
    css = await _styles(live)
    expect(GRADIENT in css, True, "the gradient is in the styles")
    expect(
        bool(re.search(r"body\s*\{[^}]*background-attachment:\s*fixed", css)), True, "body does not scroll it"
    )


@promise("design", "Colours are hsl() only")
async def hsl_only(live: Live) -> None:
    expect(
        re.findall(r"rgba?\([^)]*\)|(?<![\w&-])#[0-9a-fA-F]{3,8}\b(?=[^{]*;)", await _styles(live)),
        [],
        "other colours",
    )


@promise("health", "/livez and /readyz answer")
async def health(live: Live) -> None:
    await live.get("/livez")
    await live.get("/readyz")


async def _styles(live: Live) -> str:
    """The sheets that the home page links, and what those import."""
    todo = re.findall(r'href="(/static/css/[^"]+)"', await live.get("/"))
    seen: dict[str, str] = {}
    while todo:
        path = todo.pop()
        if path not in seen:
            seen[path] = await live.get(path)
            todo += [
                "/static/css/" + name for name in re.findall(r'@import (?:url\()?"\.?/?([^"]+)"', seen[path])
            ]
    expect(bool(seen), True, "the home page links a style sheet")
    return "\n".join(seen.values())
