"""``rambla eval``: how good it is, where ``rambla bench`` says how fast."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from cyclopts import App

from rambla.cli.flags import Flags, settings_from
from rambla.evals import feed as feeds, report
from rambla.instance import instance

app = App(name="eval", help="Judge what the product decides, on data that is public.")

_RESULTS: Final = Path(__file__).parents[3] / "bench" / "results"


@app.command
def feed(flags: Flags = None, *, data: feeds.Data = "all", quick: bool = False) -> int:
    """Judge the ranking of the feed against simpler orders; non-zero when a guard rail breaks.

    It plays each world into a database of its own beside this one. The full run of all data writes its figures to
    bench/results of a checkout; --quick plays a part of each and writes nothing.
    """
    with instance(settings_from(flags)) as here:
        found = feeds.run(here.owner_url, data=data, quick=quick, say=_say)
    text = report.as_markdown(found, "rambla eval feed" + (f" --data {data}" if data != "all" else ""))
    print(text)
    if data == "all" and not quick and _RESULTS.is_dir():
        (_RESULTS / "feed-quality.json").write_text(report.as_json(found))
        (_RESULTS / "feed-quality.md").write_text(text)
    return 1 if found.broken else 0


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
