"""One job after the other, each durable before the next; how many in bulk a drain has found already."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from bench import server as servers
from bench.jobs.contender import Contender

from rambla.kit.postgres import EmbeddedPostgres


def measure(
    server: EmbeddedPostgres, contenders: Sequence[Contender], *, jobs: int, rounds: int
) -> dict[str, Any]:
    rates: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for _ in range(rounds):
        for contender in contenders:
            url = servers.database(server, "insert")
            contender.install(url)
            rates[contender.name].append(jobs / sum(contender.insert(url, jobs)["spent"]))
            servers.drop(server, "insert")
    return {name: {"rate": statistics.median(found), "rates": found} for name, found in rates.items()}
