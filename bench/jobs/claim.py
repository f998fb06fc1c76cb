"""Whether a claim takes longer when a million jobs wait than when ten thousand do."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
from bench import server as servers

from rambla.jobs.low_water import LowWater
from rambla.jobs.types import Claim
from rambla.kit.db import SERVICE
from rambla.kit.postgres import EmbeddedPostgres
from rambla.kit.queries import Queries

_sql = Queries("rambla.jobs")
_JOBS = 20  # in one claim
_REFILL = "insert into worker_jobs (job_type) select 'noop' from generate_series(1, %s)"
_SPREAD = """
    insert into worker_jobs (job_type, priority, next_run_at)
    select 'noop', g %% 4, now() - g * interval '1 millisecond' from generate_series(1, %s) g
"""


class Pile:
    """A database in which as many jobs wait before each claim as before the last."""

    def __init__(self, url: str, jobs: int) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute(_SPREAD, (jobs,))
        self._connection.execute("vacuum analyze worker_jobs")
        servers.become_service(self._connection)
        self._worker_id = uuid4()
        self._low_water = LowWater()
        self.seconds: dict[str, list[float]] = {"as_the_worker": [], "from_the_front": []}

    def turn(self) -> None:
        """A claim as the worker makes it, and one that looks at everything, which it makes every two seconds."""
        mark = self._low_water.mark(time.monotonic())
        claim = self._claim("as_the_worker", mark)
        self._low_water.saw(claim.jobs, asked=_JOBS, at=claim.at, now=time.monotonic(), used=mark)
        self._claim("from_the_front", None)

    def close(self) -> None:
        self._connection.close()

    def _claim(self, kind: str, mark: Any) -> Claim:
        params = {
            "claims": SERVICE.claims,
            "worker_id": self._worker_id,
            "queues": ["default"],
            "limit": _JOBS,
            "low_water": mark,
        }
        self._connection.execute("reset role")  # the statement becomes the service by itself
        started = time.perf_counter()
        row = self._connection.execute(_sql.claim.encode(), params).fetchone()
        self.seconds[kind].append(time.perf_counter() - started)
        self._connection.execute("set role service_role")
        assert row
        claim = msgspec.json.decode(row[0], type=Claim)
        assert len(claim.jobs) == _JOBS
        self._complete(claim)
        return claim

    def _complete(self, claim: Claim) -> None:
        self._connection.execute(
            "select public.worker_complete_jobs(%s, %s)",
            ([job.id for job in claim.jobs], [job.run_no for job in claim.jobs]),
        )
        self._connection.execute("reset role")
        self._connection.execute(_REFILL, (_JOBS,))
        self._connection.execute("set role service_role")


def measure(
    server: EmbeddedPostgres, *, sizes: Sequence[int], claims: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Interleaved, so that what else the machine does falls on each size alike."""
    piles = {}
    for size in sizes:
        say(f"claim: a pile of {size:,} jobs")
        piles[size] = Pile(servers.product(server, f"pile {size}"), size)
    for _ in range(claims):
        for pile in piles.values():
            pile.turn()
    for size, pile in piles.items():
        pile.close()
        servers.drop(server, f"pile {size}")
    found = {
        size: {kind: _summary(seconds) for kind, seconds in pile.seconds.items()}
        for size, pile in piles.items()
    }
    small, large = found[min(sizes)], found[max(sizes)]
    return {
        "jobs_in_a_claim": _JOBS,
        "claims": claims,
        "by_pending": found,
        "ratio": {kind: round(large[kind]["p50_ms"] / small[kind]["p50_ms"], 2) for kind in large},
    }


def _summary(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50_ms": round(cuts[49] * 1000, 3), "p99_ms": round(cuts[98] * 1000, 3)}
