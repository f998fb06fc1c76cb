"""The page that a run writes: what was asked of the queue, what came, and under which conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Measured = dict[str, Any]

_HOW = "Medians of rounds in which the contenders took turns; ratios compare what one run measured."
_KINDS = [(kind, p) for kind in ("as_the_worker", "from_the_front") for p in ("p50_ms", "p99_ms")]


def write(measured: Measured) -> str:
    parts = [
        "# Jobs, measured",
        f"Written by `{measured['command']}` in {measured['minutes']} minutes; raw figures in `jobs.json`. {_HOW}",
        _targets(measured),
        _drain(measured),
        _inserts(measured),
        _latency(measured),
        _claims(measured),
        _bloat(measured),
        _conditions(measured),
    ]
    return "\n\n".join(parts) + "\n"


def _targets(measured: Measured) -> str:
    own = measured["pickup"]["Rambla"]
    idle = measured["idle"]["Rambla"]["worker_percent"]
    rows = [
        *(
            (f"Drain, against {name} at its best", f"{least} x", f"{ratio:.2f} x", ratio >= least)
            for name, least in (("PgQueuer", 2.5), ("Procrastinate", 30))
            if (ratio := _ratio(measured, name))
        ),
        ("Pick-up by an idle worker, p50", "< 5 ms", f"{own['p50_ms']:.1f} ms", own["p50_ms"] < 5),  # noqa: PLR2004 - the target
        ("Pick-up by an idle worker, p99", "< 25 ms", f"{own['p99_ms']:.1f} ms", own["p99_ms"] < 25),  # noqa: PLR2004 - the target
        ("Idle worker, of a core", "< 1 %", f"{idle:.2f} %", idle < 1),
        _claim_target(measured["claim"]),
    ]
    return "## Targets\n\n" + _table(
        ("what", "target", "measured", "holds"),
        [(what, target, found, "yes" if holds else "**no**") for what, target, found, holds in rows],
    )


def _claim_target(claim: Measured) -> tuple[str, str, str, bool]:
    small, large = sorted(map(int, claim["by_pending"]))
    ratio = claim["ratio"]["as_the_worker"]
    return f"Claim with {large:,} pending, against {small:,}", "<= 1.3 x", f"{ratio:.2f} x", ratio <= 1.3  # noqa: PLR2004 - the target


def _ratio(measured: Measured, name: str) -> float | None:
    by_queue = measured["drain"]["by_queue"]
    return by_queue["Rambla"]["rate"] / by_queue[name]["rate"] if name in by_queue else None


def _drain(measured: Measured) -> str:
    drain = measured["drain"]
    own = drain["by_queue"]["Rambla"]["rate"]
    rows = [
        (
            f"{name} {measured['versions'][name]}",
            f"{one['rate']:,.0f}",
            f"{min(one['rates']):,.0f} to {max(one['rates']):,.0f}",
            f"{own / one['rate']:.2f} x",
            _shown(one["options"]),
        )
        for name, one in drain["by_queue"].items()
    ]
    tried = [
        f"{name}: " + ", ".join(f"{_shown(try_['options'])} {try_['rate']:,.0f}" for try_ in one["tried"])
        for name, one in drain["by_queue"].items()
        if len(one["tried"]) > 1
    ]
    return (
        f"## Drain\n\n{drain['jobs']:,} jobs that do nothing (Procrastinate: a tenth of them), one worker process, "
        "from the start of the connected worker until the database has every job as done.\n\n"
        + _table(("queue", "jobs/s", "rounds", "Rambla is", "its best options"), rows)
        + "".join(f"\n\nTried in jobs/s, {line}." for line in tried)
    )


def _inserts(measured: Measured) -> str:
    bulk = measured["drain"]["by_queue"]
    rows = [
        (name, f"{one['rate']:,.0f}", f"{min(one['rates']):,.0f} to {max(one['rates']):,.0f}",
         f"{bulk[name]['bulk_insert_rate']:,.0f}")
        for name, one in measured["insert"].items()
    ]  # fmt: skip
    return (
        "## Insert\n\nThrough each queue's own client, jobs/s. One by one: each committed before the next. In bulk: a "
        "thousand in a call.\n\n" + _table(("queue", "one by one", "rounds", "in bulk"), rows)
    )


def _latency(measured: Measured) -> str:
    rows = [
        (
            name,
            f"{one['p50_ms']:.1f}",
            f"{one['p99_ms']:.1f}",
            f"{one['max_ms']:.1f}",
            f"{one['of_which_insert_p50_ms']:.1f}",
            f"{measured['idle'][name]['worker_percent']:.2f} %",
            f"{measured['idle'][name]['server_percent']:.2f} %",
        )
        for name, one in measured["pickup"].items()
    ]
    return (
        "## Pick-up and idle cost\n\nMilliseconds from just before the call that inserts a job to the first line of "
        "its handler, the worker idle before; the insert itself is in it. Idle: of one core, the worker process and "
        f"the server processes that serve it, over {measured['idle']['Rambla']['seconds']:.0f} s.\n\n"
        + _table(("queue", "p50", "p99", "max", "insert p50", "idle worker", "idle server"), rows)
    )


def _claims(measured: Measured) -> str:
    claim = measured["claim"]
    rows = [
        (f"{int(size):,}", *(f"{one[kind][p]:.2f}" for kind, p in _KINDS))
        for size, one in claim["by_pending"].items()
    ]
    return (
        f"## Claim\n\nMilliseconds for a claim of {claim['jobs_in_a_claim']} in four priorities; as many are completed "
        "and inserted again after each. The worker claims from its low-water mark, and every two seconds from the "
        "front.\n\n" + _table(("pending", "claim p50", "p99", "from the front p50", "p99"), rows)
    )


def _bloat(measured: Measured) -> str:
    head = (
        "queue",
        "jobs",
        "jobs/s",
        "first / last fifth",
        "loaded",
        "largest",
        "compact",
        "dead rows at the end",
    )
    rows = [
        (
            f"{name}, {'pinned' if run['pinned'] else 'free'}",
            f"{one['handled']:,}{'' if one['finished'] else ' (stopped)'}",
            f"{one['rate']:,.0f}",
            f"{one['rate_of_the_first_fifth']:,.0f} / {one['rate_of_the_last_fifth']:,.0f}",
            f"{one['loaded_mb']:,.0f}",
            f"{one['peak_mb']:,.0f}",
            f"{one['compact_mb']:,.0f}" if one["compact_mb"] else "",
            f"{one['end']['dead_tuples']:,.0f}",
        )
        for run in (measured["bloat"], measured["pinned"])
        for name, one in run["by_queue"].items()
    ]
    return (
        "## Bloat\n\nTables and indexes in MB, what a queue keeps of finished jobs included (Rambla its rows for a "
        "day, PgQueuer its log for good). Pinned: a REPEATABLE READ transaction is open for the whole of the drain, so "
        "vacuum may remove nothing. Compact: the same rows after `vacuum full`.\n\n" + _table(head, rows)
    )


def _conditions(measured: Measured) -> str:
    about = measured["conditions"]
    settings = ", ".join(f"`{name} = {value}`" for name, value in about["settings"].items())
    return (
        f"## Conditions\n\n{about['processor']}, {about['cores']} cores shared by server, worker and conductor, "
        f"{about['memory_gb']} GB, {about['system']}; load {about['load']} before and {about['load_after']} after. "
        f"PostgreSQL {about['postgresql']} as `rambla up` starts it: {settings}. Python {about['python']}."
    )


def _shown(options: Measured) -> str:
    return ", ".join(f"{key} {value}" for key, value in options.items()) or "as they come"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
