"""What a drain leaves behind: how large tables and indexes get, with and without an old transaction beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import psycopg
from bench import server as servers
from bench.jobs.contender import Contender, Options, Running, now
from bench.jobs.drain import when_done
from psycopg import sql

from rambla.kit.postgres import EmbeddedPostgres

_SIZES = """
    select coalesce(sum(pg_table_size(c)), 0)::bigint, coalesce(sum(pg_indexes_size(c)), 0)::bigint,
        coalesce(sum(pg_stat_get_dead_tuples(c)), 0)::bigint
    from unnest(%s::text[]) t (name) cross join lateral to_regclass(t.name) c
"""
_MB = 1e6


def measure(
    server: EmbeddedPostgres,
    contenders: Sequence[Contender],
    best: Mapping[str, Options],
    *,
    jobs: int,
    pinned: bool,
    patience: float,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Each contender drains ``jobs``; one that is not done after ``patience`` seconds is measured as far as it came.

    ``pinned`` keeps a transaction open that has read before the drain begins: vacuum may remove nothing then.
    """
    found = {}
    for contender in contenders:
        found[contender.name] = one = _drain(server, contender, best[contender.name], jobs, pinned, patience)
        say(
            f"{'pinned' if pinned else 'bloat'}: {contender.name} {one['rate']:,.0f} jobs/s, {one['peak_mb']:,.0f} MB"
        )
    return {"jobs": jobs, "pinned": pinned, "by_queue": found}


def _drain(
    server: EmbeddedPostgres, contender: Contender, options: Options, jobs: int, pinned: bool, patience: float
) -> dict[str, Any]:
    url = servers.database(server, "bloat")
    try:
        contender.install(url)
        contender.load(url, jobs)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("vacuum analyze")
            loaded = _sizes(connection, contender)
            with (
                _old_transaction(url) if pinned else nullcontext(),
                contender.working(url, options, count=jobs) as run,
            ):
                began = run.wait_for("began")
                sizes = _watch(connection, contender, run, began + patience)
            compact = None if pinned else _compact(connection, contender)
    finally:
        servers.drop(server, "bloat")
    return {
        **_pace(run, began, jobs),
        "loaded_mb": loaded["table_mb"] + loaded["index_mb"],
        "peak_mb": max(one["table_mb"] + one["index_mb"] for one in sizes),
        "end": sizes[-1],
        "compact_mb": compact,
        "sizes": sizes,
    }


def _watch(
    connection: servers.Connection, contender: Contender, run: Running, deadline: float
) -> list[dict[str, float]]:
    """Sizes, once a second, until all is done or patience ends."""
    sizes = [_sizes(connection, contender)]
    while now() < deadline and not run.saw("handled"):
        time.sleep(1.0)
        sizes.append(_sizes(connection, contender))
    if run.saw("handled"):
        when_done(connection, contender)
        sizes.append(_sizes(connection, contender))
    return sizes


def _pace(run: Running, began: float, jobs: int) -> dict[str, Any]:
    """As far as it came: jobs a second of all, and of its first and last fifth, which tell whether it slowed down."""
    marks = [(0, began), *((int(line["count"]), line["at"]) for line in run.said if "count" in line)]
    fifth = max(1, (len(marks) - 1) // 5)
    return {
        "handled": marks[-1][0],
        "finished": marks[-1][0] >= jobs // 20 * 20,
        "rate": _rate(marks[0], marks[-1]),
        "rate_of_the_first_fifth": _rate(marks[0], marks[fifth]),
        "rate_of_the_last_fifth": _rate(marks[-1 - fifth], marks[-1]),
    }


def _rate(start: tuple[int, float], end: tuple[int, float]) -> float:
    return (end[0] - start[0]) / max(end[1] - start[1], 0.001)


def _sizes(connection: servers.Connection, contender: Contender) -> dict[str, float]:
    row = connection.execute(_SIZES, (contender.tables,)).fetchone()
    assert row
    return {"table_mb": row[0] / _MB, "index_mb": row[1] / _MB, "dead_tuples": row[2]}


def _compact(connection: servers.Connection, contender: Contender) -> float:
    """What the same rows take when they are written anew."""
    for table in contender.tables:
        connection.execute(sql.SQL("vacuum full {}").format(sql.Identifier(*table.split("."))))
    sizes = _sizes(connection, contender)
    return sizes["table_mb"] + sizes["index_mb"]


@contextmanager
def _old_transaction(url: str) -> Iterator[None]:
    """A report that somebody forgot: it has read, and it stays."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("select count(*) from pg_class")
        yield
