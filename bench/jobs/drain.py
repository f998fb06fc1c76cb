"""How fast one worker process empties a queue of jobs that do nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from bench import server as servers
from bench.jobs.contender import Contender, Options, now

from rambla.kit.postgres import EmbeddedPostgres

Say = Callable[[str], None]


def measure(
    server: EmbeddedPostgres, contenders: Sequence[Contender], *, jobs: int, rounds: int, say: Say
) -> dict[str, Any]:
    """Every contender with the best of its options, one after the other in each round."""
    found: dict[str, Any] = {}
    for contender in contenders:
        tried = sweep(server, contender, jobs=jobs, say=say)
        found[contender.name] = {"tried": tried, "options": best(tried), "rates": [], "bulk_insert_rates": []}
    for number in range(rounds):
        for contender in contenders:
            into = found[contender.name]
            rate, inserted = drain(server, contender, into["options"], jobs=jobs)
            into["rates"].append(rate)
            into["bulk_insert_rates"].append(inserted)
            say(f"drain, round {number + 1}: {contender.name} {rate:,.0f} jobs/s")
    return {"jobs": jobs, "by_queue": {name: _summary(one) for name, one in found.items()}}


def sweep(server: EmbeddedPostgres, contender: Contender, *, jobs: int, say: Say) -> list[dict[str, Any]]:
    """Each of the options once, with fewer jobs; nothing to try when there is but one."""
    if len(contender.options) == 1:
        return [{"options": contender.options[0], "rate": None}]
    tried = []
    for options in contender.options:
        rate, _ = drain(server, contender, options, jobs=jobs // 2)
        say(f"sweep: {contender.name} {options} {rate:,.0f} jobs/s")
        tried.append({"options": options, "rate": rate})
    return tried


def best(tried: Sequence[dict[str, Any]]) -> Options:
    options: Options = max(tried, key=lambda one: one["rate"] or 0.0)["options"]
    return options


def drain(
    server: EmbeddedPostgres, contender: Contender, options: Options, *, jobs: int
) -> tuple[float, float]:
    """Jobs a second, from the moment the connected worker starts until the database has all of them as done.

    And what the bulk insert before it came to.
    """
    count = int(jobs * contender.share)
    url = servers.database(server, "drain")
    try:
        contender.install(url)
        inserted = count / contender.load(url, count)
        with psycopg.connect(url, autocommit=True) as connection:
            # Every drain begins with fresh statistics and without the last one's dirty pages.
            connection.execute("vacuum analyze")
            connection.execute("checkpoint")
            with contender.working(url, options, count=count) as running:
                began = running.wait_for("began")
                running.wait_for("handled")
                ended = when_done(connection, contender)
        return count / (ended - began), inserted
    finally:
        servers.drop(server, "drain")


def when_done(connection: servers.Connection, contender: Contender) -> float:
    while servers.value(connection, contender.left):  # type: ignore[arg-type]  # a constant of ours
        time.sleep(0.002)
    return now()


def _summary(one: dict[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "rate": statistics.median(one["rates"]),
        "bulk_insert_rate": statistics.median(one["bulk_insert_rates"]),
    }
