"""The feed measured: over HTTP, and in SQL.

    bin/bench feed                 every part
    bin/bench feed --part http     one of them; the page keeps what the others found before
    bin/bench feed --quick         a tenth of the work, to try it; its figures go nowhere

One PostgreSQL of its own with durable commits. What is compared takes turns in every round, figures are medians, and
ratios compare what was measured in the same run. Each part writes bench/results/feed-PART.json; bench/results/feed.md
is made of all of these that are there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bench import server as servers
from bench.feed import http, http_report, pages, pages_report

RESULTS = Path(__file__).parents[1] / "results"

Measure = Callable[..., dict[str, Any]]
Write = Callable[[dict[str, Any]], str]

# What a part measures, and how its section of the page is written.
PARTS: Final[dict[str, tuple[Measure, Write]]] = {
    "http": (http.measure, http_report.write),
    "sql": (pages.measure, pages_report.write),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="bin/bench feed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS, help="only this one")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    parser.add_argument("--postgres", type=int, help="major version; the newest there is by default")
    asked = parser.parse_args()
    for part in [asked.part] if asked.part else PARTS:
        found = _run(part, quick=asked.quick, postgres=asked.postgres)
        print(PARTS[part][1](found))
        if not asked.quick:
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / f"feed-{part}.json").write_text(json.dumps(found, indent=1) + "\n")
    if not asked.quick:
        (RESULTS / "feed.md").write_text(_page())


def _run(part: str, *, quick: bool, postgres: int | None) -> dict[str, Any]:
    started = time.monotonic()
    with servers.postgres(postgres) as server, tempfile.TemporaryDirectory(prefix="rambla-bench-") as folder:
        conditions = servers.conditions(server)
        found = PARTS[part][0](server, Path(folder), quick=quick, say=_say)
    return {
        **found,
        "conditions": {**conditions, "load_after": servers.load()},
        "command": " ".join(["bin/bench feed", *sys.argv[1:]]),
        "minutes": round((time.monotonic() - started) / 60, 1),
    }


def _page() -> str:
    sections = [
        write(json.loads(file.read_text()))
        for part, (_, write) in PARTS.items()
        if (file := RESULTS / f"feed-{part}.json").exists()
    ]
    return "\n".join(["# The feed, measured\n", *sections])


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
