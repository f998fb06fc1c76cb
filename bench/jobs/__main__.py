"""The job queue measured, and with --peers beside others on the same server in the same run.

    bin/bench jobs                 drain, insert, pick-up, idle cost, claims, bloat: Rambla alone
    bin/bench jobs --peers         the same beside PgQueuer, Procrastinate and, where Node is, graphile-worker
    bin/bench jobs --peers --quick a tenth of the work, to try it; its figures go nowhere

One PostgreSQL of its own with durable commits. Contenders take turns in every round, figures are medians, and
ratios compare what was measured in the same run. Results go to bench/results/jobs.json and jobs.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from bench import server as servers
from bench.jobs import bloat, claim, drain, insert, pickup, report
from bench.jobs.contender import Contender, rambla
from bench.jobs.peers import peers

from rambla.kit.postgres import EmbeddedPostgres

RESULTS = Path(__file__).parents[1] / "results"


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """How much of everything."""

    drain: int = 50_000
    rounds: int = 5
    inserts: int = 1_000
    pickups: int = 400
    idle: float = 30.0
    claims: int = 400
    piles: tuple[int, int] = (10_000, 1_000_000)
    bloat: int = 1_000_000
    pinned: int = 200_000
    patience: float = 60.0


_QUICK = Sizes(
    drain=10_000, rounds=2, inserts=200, pickups=100, idle=5.0, claims=50, piles=(1_000, 50_000), bloat=50_000,
    pinned=50_000, patience=15.0,
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="bin/bench jobs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", action="store_true", help="beside other queues")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    parser.add_argument("--postgres", type=int, help="major version; the newest there is by default")
    asked = parser.parse_args()
    contenders = [rambla(), *(peers(_say) if asked.peers else [])]
    started = time.monotonic()
    with servers.postgres(asked.postgres) as server:
        conditions = servers.conditions(server)
        measured = _measure(server, contenders, _QUICK if asked.quick else Sizes())
        measured["conditions"] = {**conditions, "load_after": servers.load()}
    measured["command"] = " ".join(["bin/bench jobs", *sys.argv[1:]])
    measured["minutes"] = round((time.monotonic() - started) / 60, 1)
    text = report.write(measured)
    print(text)
    if not asked.quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "jobs.json").write_text(json.dumps(measured, indent=1) + "\n")
        (RESULTS / "jobs.md").write_text(text)
        _say("Written to bench/results/jobs.json and bench/results/jobs.md.")


def _measure(server: EmbeddedPostgres, contenders: Sequence[Contender], sizes: Sizes) -> dict[str, Any]:
    drained = drain.measure(server, contenders, jobs=sizes.drain, rounds=sizes.rounds, say=_say)
    best = {name: one["options"] for name, one in drained["by_queue"].items()}
    _say("insert, pick-up, idle cost")
    inserted = insert.measure(server, contenders, jobs=sizes.inserts, rounds=3)
    picked_up = pickup.measure_pickup(server, contenders, best, jobs=sizes.pickups, rounds=5)
    idle = pickup.measure_idle(server, contenders, best, seconds=sizes.idle)
    claimed = claim.measure(server, sizes=sizes.piles, claims=sizes.claims, say=_say)
    # The others would need most of an hour for a million jobs.
    fast = [contender for contender in contenders if contender.name in ("Rambla", "PgQueuer")]
    return {
        "versions": {contender.name: contender.version for contender in contenders},
        "drain": drained,
        "insert": inserted,
        "pickup": picked_up,
        "idle": idle,
        "claim": claimed,
        "bloat": bloat.measure(
            server, fast, best, jobs=sizes.bloat, pinned=False, patience=10 * sizes.patience, say=_say
        ),
        "pinned": bloat.measure(
            server, fast, best, jobs=sizes.pinned, pinned=True, patience=sizes.patience, say=_say
        ),
    }


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
