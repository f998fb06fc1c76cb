"""The section of the page about HTTP."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

Found = dict[str, Any]

_WORDS = {
    "bare": "constant body, the server alone (granian)",
    "constant": "constant body, a handler of the framework",
    "cached": "feed, remembered",
    "select_1": "`select 1` through the same path",
    "uncached": "feed, nothing remembered",
}


def write(found: Found) -> str:
    parts = [
        "## Over HTTP",
        (
            f"Written by `{found['command']}` in {found['minutes']} minutes; raw figures in `feed-http.json`. "
            f"{found['sizes']['world']['viewers']:,} viewers drawn by Zipf, half with a cookie and half with a bearer "
            f"token, rate limited; 50 items of their own, {found['body_bytes']:,} bytes, with gzip as browsers "
            f"ask for it (the constants are as long as that); {found['connections']} "
            f"connections of wrk on the same machine, {found['sizes']['processes']} web processes."
        ),
        _targets(found),
        "### All of it\n\nMedians of the rounds; cores used by generator, web processes and PostgreSQL.\n\n"
        + table(
            ("what", "requests/s", "rounds", "p50 ms", "p99 ms", "errors", "generator", "web", "PostgreSQL"),
            [_row(_WORDS[name], one) for name, one in found["measured"].items()],
        ),
        _k6(found),
        _conditions(found),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _targets(found: Found) -> str:
    measured = found["measured"]
    rounds = measured["cached"]["rounds"]
    worst, errors = max(one["p99_ms"] for one in rounds), sum(map(_errors, rounds))
    rows = [
        judged("Requests/s, remembered", "at least", 10_000, measured["cached"]["rate"], ",.0f"),
        judged("p99 in ms, worst round", "at most", 50, worst, ".1f"),
        judged("Errors", "at most", 0, errors, ",d"),
        judged(
            "Remembered, of a handler's constant",
            "at least",
            0.35,
            _share(measured, "cached", "constant"),
            ".2f",
        ),
        judged(
            "Remembered, of the server's constant",
            "at least",
            0.35,
            _share(measured, "cached", "bare"),
            ".2f",
        ),
        judged(
            "Not remembered, of `select 1`", "at least", 0.5, _share(measured, "uncached", "select_1"), ".2f"
        ),
    ]
    return "### Targets\n\n" + table(("what", "target", "measured", "holds"), rows)


def _share(measured: Found, what: str, whole: str) -> float:
    """Of what was measured seconds before in the same round: between rounds the machine may become another."""
    pairs = zip(measured[what]["rounds"], measured[whole]["rounds"], strict=True)
    return statistics.median(one["rate"] / other["rate"] for one, other in pairs)


def judged(what: str, bound: str, target: float, found: float, form: str) -> tuple[str, ...]:
    holds = found >= target if bound == "at least" else found <= target
    return what, f"{bound} {target:{form}}", f"{found:{form}}", "yes" if holds else "**no**"


def _row(what: str, one: Found) -> tuple[str, ...]:
    rounds = one["rounds"]
    rates = [each["rate"] for each in rounds]
    return (
        what,
        f"{one['rate']:,.0f}",
        f"{min(rates):,.0f} to {max(rates):,.0f}",
        f"{_middle(rounds, 'p50_ms'):.1f}",
        f"{_middle(rounds, 'p99_ms'):.1f}",
        str(sum(map(_errors, rounds))),
        *(f"{_middle(rounds, f'{who}_cores'):.2f}" for who in ("generator", "server", "database")),
    )


def _errors(one: Found) -> int:
    return int(one["refused"] + one["broken"])


def _middle(rounds: Sequence[Found], key: str) -> float:
    return float(sorted(one[key] for one in rounds)[len(rounds) // 2])


def _k6(found: Found) -> str:
    if not found["k6"]:
        return ""
    words = {"rate": "10,000 a second, whatever comes, 30 s", "vus": "100 virtual users, 30 s"}
    rows = []
    for form, one in found["k6"].items():
        metrics = one["summary"]["metrics"]
        seconds = one["summary"]["state"]["testRunDurationMs"] / 1000
        took = metrics["http_req_duration"]["values"]
        rows.append((
            words[form],
            f"{metrics['http_reqs']['values']['rate']:,.0f}",
            f"{metrics.get('dropped_iterations', {'values': {'count': 0}})['values']['count']:,.0f}",
            f"{metrics['http_req_failed']['values']['rate']:.4f}",
            f"{took['med']:.1f}", f"{took['p(99)']:.1f}",
            f"{one['generator_seconds'] / seconds:.2f}",
        ))  # fmt: skip
    return (
        "### k6 1.1.0\n\n`bench/load/feed-api.js`; its own summaries are in `feed-http.json`. It shares the cores with "
        "the server; the last column is what it took of them."
        "\n\n" + table(("form", "requests/s", "dropped", "failed", "p50 ms", "p99 ms", "cores of k6"), rows)
    )


def _conditions(found: Found) -> str:
    here = found["conditions"]
    return (
        f"### Conditions\n\n{here['processor']}, {here['cores']} cores, {here['memory_gb']} GB, {here['system']}, "
        f"Python {here['python']}, PostgreSQL {here['postgresql']}; load {here['load']} before and "
        f"{here['load_after']} after. `page_cache_mb` 512 or 0, `log_level` warning, `reads_per_minute` so high that "
        "every request is counted and none refused."
        + (
            " **Others used the machine meanwhile**, as the load before says: rates are too low, and ratios unsteady."
            if here["load"] > 1
            else ""
        )
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
