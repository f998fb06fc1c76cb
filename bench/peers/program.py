"""The one command line that the program of every queue has, so that one conductor can lead them all.

    install URL                    make the schema
    load URL COUNT                 insert COUNT jobs that do nothing, with the queue's own bulk insert
    insert URL COUNT PAUSE         one by one, with about PAUSE seconds between them; each carries its number
    work URL COUNT OPTIONS         run one worker until SIGTERM; say when each twentieth of COUNT was handled, and all
    listen URL 0 OPTIONS           the same, but say when each numbered job is handled

Answers are lines of JSON. Times are of CLOCK_MONOTONIC, which the processes of one machine share.
Only the standard library: this runs in the peers' virtual environment too.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

CHUNK = 1000  # jobs in one statement of a bulk insert
Options = dict[str, Any]
Handle = Callable[[int | None], None]
InsertAll = Callable[[Callable[[int], Awaitable[Any]]], Awaitable[None]]


class Queue(Protocol):
    """What a queue brings along."""

    async def install(self, url: str) -> None: ...

    async def load(self, url: str, count: int) -> None: ...

    async def insert(self, url: str, insert_all: InsertAll) -> None:
        """Connect, and hand over what inserts the job with a given number."""

    async def work(self, url: str, handle: Handle, options: Options) -> None:
        """Call ``began()`` right before the worker starts, ``handle`` in the handler of every job."""


def began() -> None:
    say(began=time.monotonic())


def say(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


def main(queue: Queue, run: Callable[[Any], Any] = asyncio.run) -> None:
    command, url, count, more = (*sys.argv[1:], "0", "{}")[:4]
    if command == "install":
        run(queue.install(url))
    elif command == "load":
        run(_timed(queue.load(url, int(count))))
    elif command == "insert":
        run(queue.insert(url, lambda one: _one_by_one(one, int(count), float(more))))
    else:
        handle = _tell if command == "listen" else _Count(int(count)).add
        run(queue.work(url, handle, json.loads(more)))


def on_terminate(stop: Callable[[], None]) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)


class _Count:
    """Handlers run on one loop: nothing to lock."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._step = max(1, wanted // 20)
        self._count = 0

    def add(self, _number: int | None) -> None:
        self._count += 1
        if self._count % self._step == 0:
            say(count=self._count, at=time.monotonic())
        if self._count == self._wanted:
            say(handled=time.monotonic())


def _tell(number: int | None) -> None:
    say(number=number, at=time.monotonic())


async def _timed(loading: Awaitable[None]) -> None:
    started = time.monotonic()
    await loading
    say(seconds=time.monotonic() - started)


async def _one_by_one(one: Callable[[int], Awaitable[Any]], count: int, pause: float) -> None:
    await one(-1)  # the first call plans and prepares
    sent, spent = [], []
    for number in range(count):
        if pause:
            await asyncio.sleep(random.uniform(0.5, 1.5) * pause)
        sent.append(time.monotonic())
        await one(number)
        spent.append(time.monotonic() - sent[-1])
    say(sent=sent, spent=spent)
