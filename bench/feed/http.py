"""`GET /v1/feed` over HTTP, remembered and not, beside what the same server can do at all."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from bench.feed import load
from bench.feed.world import World
from bench.jobs.contender import seconds_of_processor

from rambla import settings as config
from rambla.kit.postgres import EmbeddedPostgres
from rambla.settings import Settings

FEED = "/v1/feed?limit=50"
PORT = 8730
_BODY = 4_000  # of the constants: about what a compressed page has
_SERVE = (
    "import os; from rambla import serve, settings;"
    " serve.serve(settings.load(environ=os.environ)[0], application='bench.feed.application:create')"
)

Say = Callable[[str], None]


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    world: World = World()
    rounds: int = 7
    seconds: float = 4.0
    warm: float = 75.0
    processes: int = 2
    k6: bool = True


_QUICK = Sizes(
    world=World(viewers=500, items=2_000, follows=5_000), rounds=1, seconds=2.0, warm=2.0, k6=False
)


def measure(server: EmbeddedPostgres, folder: Path, *, quick: bool, say: Say) -> dict[str, Any]:
    sizes = _QUICK if quick else Sizes()
    say(f"A world, {sizes.world.viewers:,} sign-ins and as many feeds")
    sizes.world.make(server, folder)
    url = server.dsn("rambla", user="rambla_login")
    with _serving(url, sizes, cache_mb=512) as remembering:
        body = _size(remembering, folder)
        say(f"Remembered pages, {body:,} bytes each, {_BODY:,} compressed")
        # Every process has to have met every viewer, or this measures how it meets them. It meets half of those whom
        # it does not know in each turn.
        warming = load.wrk(remembering, FEED, folder, seconds=sizes.warm, by="everyone")
        asked = {"bare": "/bench/bare", "constant": "/bench/constant", "cached": FEED}
        cached = _rounds(remembering, asked, folder, sizes, say)
        k6 = {form: load.k6(remembering, folder, form) for form in _k6_forms(sizes, say)}
    with _serving(url, sizes, cache_mb=0) as forgetting:
        # Who is signed in is remembered all the same: one statement a request.
        say("Pages read from the database for every request")
        load.wrk(forgetting, "/bench/one", folder, seconds=sizes.warm, by="everyone")
        load.wrk(forgetting, FEED, folder, seconds=sizes.warm / 10)
        asked = {"select_1": "/bench/one", "uncached": FEED}
        uncached = _rounds(forgetting, asked, folder, sizes, say)
    return {
        "sizes": msgspec.to_builtins(sizes), "body_bytes": body, "connections": load.CONNECTIONS,
        "measured": cached | uncached, "warming": warming, "k6": k6,
    }  # fmt: skip


def _k6_forms(sizes: Sizes, say: Say) -> Iterator[str]:
    for form in ("rate", "vus") if sizes.k6 else ():
        say(f"k6, {form}")
        yield form


def _rounds(url: str, asked: dict[str, str], folder: Path, sizes: Sizes, say: Say) -> dict[str, Any]:
    """They take turns, so that what else the machine does is shared; the median of the rates counts."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in asked}
    for number in range(sizes.rounds):
        for name, path in asked.items():
            busy = _Busy()
            one = load.wrk(url, path, folder, seconds=sizes.seconds)
            found[name].append({**one, **busy.cores(one["seconds"])})
            say(f"  round {number + 1}, {name}: {one['rate']:,.0f}/s, p99 {one['p99_ms']:.1f} ms")
    return {
        name: {"rate": statistics.median(one["rate"] for one in rounds), "rounds": rounds}
        for name, rounds in found.items()
    }


class _Busy:
    """Which processes of ours, and of the database, used the cores meanwhile."""

    def __init__(self) -> None:
        self._before = _used()

    def cores(self, seconds: float) -> dict[str, float]:
        after = _used()
        return {
            f"{kind}_cores": round((after[kind] - self._before[kind]) / seconds, 2) for kind in self._before
        }


def _used() -> dict[str, float]:
    used = {"server": 0.0, "database": 0.0}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (folder / "cmdline").read_bytes()
            kind = "server" if b"bench.feed.application" in command else "database"
            if kind == "server" or command.startswith(b"postgres: ") or b"/bin/postgres" in command:
                used[kind] += seconds_of_processor(int(folder.name))
    return used


@contextmanager
def _serving(database_url: str, sizes: Sizes, *, cache_mb: int) -> Iterator[str]:
    """``rambla serve`` with limits that are counted for every request and that nobody reaches."""
    settings = Settings(
        database_url=database_url, port=PORT, web_processes=sizes.processes, page_cache_mb=cache_mb,
        reads_per_minute=100_000_000, log_level="warning", log_format="json",
    )  # fmt: skip
    environ = {**os.environ, **config.environment(settings), "BENCH_BODY": str(_BODY)}
    # Its words are about readers who hung up when a round was over.
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE], env=environ, stderr=subprocess.DEVNULL, start_new_session=True
    )
    url = f"http://127.0.0.1:{PORT}"
    try:
        _wait_for(url)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=2):
            return
        time.sleep(0.1)
    raise SystemExit("The server did not come up.")


def _size(url: str, folder: Path) -> int:
    name, _, value = (folder / "credentials").read_text().partition("\n")[0].partition(": ")
    request = urllib.request.Request(url + FEED, headers={name: value})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return len(answer.read())
