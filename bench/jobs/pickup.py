"""How long an idle worker takes to begin a job, and what it costs while there is none."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import psycopg
from bench import server as servers
from bench.jobs.contender import Contender, Options, Running, seconds_of_processor

from rambla.kit.postgres import EmbeddedPostgres

_SETTLE = 3.0  # seconds after the start of a worker, in which it is not idle yet
_PATIENCE = 30.0  # seconds for the last job to begin
_PAUSE = 0.04  # seconds between two jobs, on the average: far more than one takes


def measure_pickup(
    server: EmbeddedPostgres,
    contenders: Sequence[Contender],
    best: Mapping[str, Options],
    *,
    jobs: int,
    rounds: int,
) -> dict[str, Any]:
    """From just before the call that inserts the job to the first line of its handler, commit included."""
    waits: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    calls: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    with ExitStack() as stack:
        idle = [_idle(stack, server, contender, best[contender.name], "pickup") for contender in contenders]
        time.sleep(_SETTLE)
        for _ in range(rounds):
            for contender, url, worker in idle:
                sent = contender.insert(url, jobs // rounds, _PAUSE)
                waits[contender.name] += _waits(sent["sent"], worker)
                calls[contender.name] += sent["spent"]
    return {
        name: {
            "jobs": len(seconds),
            **_percentiles(seconds),
            "of_which_insert_p50_ms": _ms(statistics.median(calls[name])),
        }
        for name, seconds in waits.items()
    }


def measure_idle(
    server: EmbeddedPostgres, contenders: Sequence[Contender], best: Mapping[str, Options], *, seconds: float
) -> dict[str, Any]:
    """Of a core, in percent: the worker process, and the server processes that serve it. All idle at once."""
    with ExitStack() as stack:
        idle = [_idle(stack, server, contender, best[contender.name], "idle") for contender in contenders]
        time.sleep(_SETTLE)
        backends = {contender.name: _backends(url) for contender, url, _ in idle}
        before = {contender.name: _spent(worker, backends[contender.name]) for contender, _, worker in idle}
        started = time.monotonic()
        time.sleep(seconds)
        elapsed = time.monotonic() - started
        after = {contender.name: _spent(worker, backends[contender.name]) for contender, _, worker in idle}
    return {
        name: {
            "worker_percent": round((after[name][0] - before[name][0]) / elapsed * 100, 2),
            "server_percent": round((after[name][1] - before[name][1]) / elapsed * 100, 2),
            "seconds": round(elapsed, 1),
        }
        for name in after
    }


def _idle(
    stack: ExitStack, server: EmbeddedPostgres, contender: Contender, options: Options, purpose: str
) -> tuple[Contender, str, Running]:
    name = f"{purpose} {contender.name}"
    url = servers.database(server, name)
    stack.callback(servers.drop, server, name)
    contender.install(url)
    worker = stack.enter_context(contender.working(url, options))
    worker.wait_for("began")
    return contender, url, worker


def _waits(sent: Sequence[float], worker: Running) -> list[float]:
    deadline = time.monotonic() + _PATIENCE
    while len(
        begun := {line["number"]: line["at"] for line in worker.said if line.get("number", -1) >= 0}
    ) < len(sent):
        if time.monotonic() > deadline:
            raise RuntimeError(f"Of {len(sent)} jobs {len(begun)} were begun.")
        time.sleep(0.1)
    worker.said.clear()
    return [begun[number] - at for number, at in enumerate(sent)]


def _backends(url: str) -> list[int]:
    query = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    with psycopg.connect(url) as connection:
        return [pid for (pid,) in connection.execute(query).fetchall()]


def _spent(worker: Running, backends: Sequence[int]) -> tuple[float, float]:
    return worker.seconds_of_processor(), sum(map(_if_alive, backends))


def _if_alive(pid: int) -> float:
    try:
        return seconds_of_processor(pid)
    except FileNotFoundError:  # a pool let go of a connection
        return 0.0


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50_ms": _ms(cuts[49]), "p99_ms": _ms(cuts[98]), "max_ms": _ms(max(seconds))}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
