"""The section of the page about SQL."""

from __future__ import annotations

from typing import Any

from bench.feed.http_report import judged, table
from bench.feed.pages import READERS

Found = dict[str, Any]


def write(found: Found) -> str:
    measured = found["measured"]
    names = list(found["sizes"]["worlds"])
    growth = measured[names[-1]]["page"]["p50_ms"] / measured[names[0]]["page"]["p50_ms"]
    slates = {name: one["slate"]["p50_ms"] for name, one in measured.items()}
    readers = slates.pop(f"{names[-1]}, {READERS}")
    conditions = found["conditions"]
    return (
        "\n\n".join(
            [
                "## In SQL",
                (
                    f"Written by `{found['command']}` in {found['minutes']} minutes; raw figures in `feed-sql.json`. "
                    "One connection, one statement after the other, worlds and viewers in turn; in the server, from "
                    "a statement's arrival to its result, and the way there and back beside it, as the client "
                    f"sees `select`; load {conditions['load']} before and {conditions['load_after']} after."
                ),
                "### Targets",
                table(
                    ("what", "target", "measured", "holds"),
                    [
                        judged(f"Page, {names[-1]} against {names[0]}", "at most", 1.5, growth, ".2f"),
                        judged(
                            "Slate build, ms at the median, any follow count",
                            "at most",
                            3.0,
                            max(slates.values()),
                            ".2f",
                        ),
                        ("Slate build, who like and read", "none", f"{readers:.2f}", ""),
                    ],
                ),
                "### All of it",
                table(
                    (
                        "viewers of",
                        "slate p50 ms",
                        "p10",
                        "p90",
                        "page p50 ms",
                        "p10",
                        "p90",
                        "`select` p50 ms",
                    ),
                    [
                        (
                            name,
                            *_three(one["slate"]),
                            *_three(one["page"]),
                            f"{one['select 1']['p50_ms']:.2f}",
                        )
                        for name, one in measured.items()
                    ],
                ),
            ]
        )
        + "\n"
    )


def _three(spread: dict[str, float]) -> tuple[str, str, str]:
    return f"{spread['p50_ms']:.2f}", f"{spread['p10_ms']:.2f}", f"{spread['p90_ms']:.2f}"
