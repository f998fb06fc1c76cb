"""What a recompute costs, against how much there is behind it and how much is new.

    bin/bench earnings --events 1000 100000 1000000 --rounds 500

A PostgreSQL of its own with durable commits. One creator for each size; the calls of all sizes are interleaved,
so that what else the machine does falls on each of them alike. Times are of the whole round trip, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
from bench import server as servers
from bench.server import Connection

_LOAD = """
    insert into earnings_events (user_id, amount_minor, status)
    select %s, 1 + g %% 500, (array['pending', 'captured', 'captured', 'reversed'])[1 + g %% 4]
    from generate_series(1, %s) g
"""
_RECOMPUTE = "select new_events, drift from public.earnings_recompute(%s)"
_SUM = "select sum(amount_minor) from earnings_events where user_id = %s"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--postgres", type=int, default=18, help="major version")
    options = parser.parse_args()
    with (
        servers.postgres(options.postgres) as server,
        psycopg.connect(servers.product(server), autocommit=True) as connection,
    ):
        servers.become_service(connection)
        print(json.dumps(_measure(connection, options.events, options.rounds), indent=2))


def _measure(connection: Connection, sizes: list[int], rounds: int) -> dict[str, Any]:
    creators = {size: _creator(connection) for size in sizes}
    first = {}
    for size, creator in creators.items():
        connection.execute(_LOAD, (creator, size))
        first[size] = _timed(connection, _RECOMPUTE, creator)
    # As it is some minutes after a load. The recompute does not need it; the plain sum is fairer with it.
    with _as_owner(connection):
        connection.execute("vacuum analyze")
    plain = {size: _timed(connection, _SUM, creator) for size, creator in creators.items()}
    none_new: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size, creator in creators.items():
            none_new[size].append(_timed(connection, _RECOMPUTE, creator))
    return {
        "postgres": connection.info.parameter_status("server_version"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "rounds": rounds,
        "ratio_of_largest_to_smallest": round(
            statistics.median(none_new[max(sizes)]) / statistics.median(none_new[min(sizes)]), 2
        ),
        "by_events": {
            size: {
                "first_ms": round(first[size], 1),
                "plain_sum_ms": round(plain[size], 1),
                "none_new_ms": _spread(none_new[size]),
                "new_ms": {new: _with_new(connection, creators[size], new) for new in (1, 100, 1000)},
            }
            for size in sizes
        },
        "insert_of_one_event_ms": _spread(
            [_timed(connection, _LOAD, creators[min(sizes)], 1) for _ in range(rounds)]
        ),
    }


def _with_new(connection: Connection, creator: UUID, new: int) -> float:
    times = []
    for _ in range(7):
        connection.execute(_LOAD, (creator, new))
        times.append(_timed(connection, _RECOMPUTE, creator))
    return round(statistics.median(times), 2)


def _timed(connection: Connection, query: str, *params: Any) -> float:
    started = time.perf_counter()
    connection.execute(query.encode(), params)
    return (time.perf_counter() - started) * 1000


def _spread(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"p50": round(cuts[49], 3), "p99": round(cuts[98], 3), "max": round(max(times), 3)}


def _creator(connection: Connection) -> UUID:
    user_id = uuid4()
    with _as_owner(connection):
        connection.execute("insert into auth.users (id) values (%s)", (user_id,))
        connection.execute(
            "insert into public.profiles (id, handle, display_name) values (%s, %s, 'Creator')",
            (user_id, f"c{user_id.hex[:20]}"),
        )
    return user_id


@contextmanager
def _as_owner(connection: Connection) -> Iterator[None]:
    connection.execute("reset role")
    yield
    servers.become_service(connection)


if __name__ == "__main__":
    main()
