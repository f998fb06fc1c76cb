"""How long the bell takes: from the moment that another process sends to the event at the open stream.

    bin/bench notifications --streams 200 --sends 2000 --rate 200

A PostgreSQL of its own with durable commits, one web server process, one stream for each person; the sender,
the readers and the clock are in this process, on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
from bench import server as servers

from rambla import settings as config
from rambla.auth import tokens
from rambla.settings import Settings

_SERVE = "import os; from rambla import serve, settings; serve.serve(settings.load(environ=os.environ)[0])"
_PEOPLE = """
    with people as (insert into auth.users (id, email)
        select gen_random_uuid(), format('p%%s@example.org', g) from generate_series(1, %s) g returning id, email)
    insert into public.profiles (id, handle, display_name)
    select id, split_part(email, '@', 1), 'P' from people returning id
"""


class Person:
    """Somebody who listens, and when what was sent to them came."""

    def __init__(self, user_id: UUID, token: str) -> None:
        self.user_id = user_id
        self.token = token
        self.sent_at: dict[str, float] = {}
        self.waits: list[float] = []

    async def listen(self, port: int, ready: asyncio.Semaphore) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET /v1/notifications/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        writer.write(head.encode())
        try:
            async for items in _bell_events(reader):
                now = time.perf_counter()
                if items is None:
                    ready.release()
                    continue
                self.waits += [now - self.sent_at.pop(item["title"]) for item in items]
        finally:
            writer.close()


async def _bell_events(reader: asyncio.StreamReader) -> AsyncIterator[list[dict[str, str]] | None]:
    """None for the first event, which is the state; then the items of each."""
    first = True
    while line := await reader.readline():
        if line.startswith(b"data: "):
            yield None if first else json.loads(line[6:])["items"]
            first = False


async def measure(url: str, people: list[Person], port: int, *, sends: int, rate: float) -> dict[str, float]:
    ready = asyncio.Semaphore(0)
    listening = [asyncio.create_task(person.listen(port, ready)) for person in people]
    started = time.perf_counter()
    for _ in people:
        await asyncio.wait_for(ready.acquire(), 60)
    opened = time.perf_counter() - started
    await asyncio.sleep(2)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(servers.AS_SERVICE)
        spent = [await _send(connection, random.choice(people), n, rate) for n in range(sends)]
    await asyncio.sleep(2)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    waits = sorted(wait for person in people for wait in person.waits)
    return {
        "opened_in_s": opened,
        "arrived": len(waits),
        **_percentiles("send", spent),
        **_percentiles("bell", waits),
    }


async def _send(connection: psycopg.AsyncConnection, person: Person, n: int, rate: float) -> float:
    """The clock starts before the statement: what is measured holds the send, its commit and the way to the client."""
    person.sent_at[str(n)] = started = time.perf_counter()
    await connection.execute(
        "select public.notif_send(%s, 'inapp', 'bench', %s, '', null, null)", (person.user_id, str(n))
    )
    spent = time.perf_counter() - started
    await asyncio.sleep(max(0.0, random.expovariate(rate) - spent))
    return spent


def _percentiles(name: str, seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=1000)
    return {f"{name}_p{p}_ms": round(cuts[p * 10 - 1] * 1000, 2) for p in (50, 99)} | {
        f"{name}_max_ms": round(max(seconds) * 1000, 2)
    }


def move_in(url: str, count: int) -> list[Person]:
    with psycopg.connect(url) as connection:
        connection.execute("update internal.settings set value = '1000000' where key = 'notif_daily_cap'")
        ids = [row[0] for row in connection.execute(_PEOPLE, (count,)).fetchall()]
        people = [Person(user_id, tokens.new()) for user_id in ids]
        connection.execute("select set_config('request.jwt.claims', '{\"role\": \"service_role\"}', true)")
        for person in people:
            connection.execute(
                "select public.session_start(%s, %s, 'bearer')", (person.user_id, tokens.digest(person.token))
            )
    return people


@contextmanager
def serving(url: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings = Settings(database_url=url, port=port, rate_limits=False, log_level="error")
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE], env={**os.environ, **config.environment(settings)}
    )
    try:
        for _ in range(600):
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2),
            ):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--sends", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=200.0, help="sends a second")
    parser.add_argument("--out", type=Path, help="write the result there as well")
    asked = parser.parse_args()
    with servers.postgres() as server:
        url = servers.product(server)
        people = move_in(url, asked.streams)
        with serving(server.dsn("rambla", user="rambla_login")) as port:
            result = asyncio.run(measure(url, people, port, sends=asked.sends, rate=asked.rate))
        about = {"streams": asked.streams, "sends": asked.sends, "rate": asked.rate, "cpus": os.cpu_count()}
        about |= {"postgresql": server.version, "python": platform.python_version()}
    text = json.dumps({**about, **result}, indent=2)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
