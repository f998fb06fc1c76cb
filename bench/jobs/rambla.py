"""Rambla's own program, led by the same command line as the peers': the worker that `rambla work` starts."""

from __future__ import annotations

import asyncio

from bench.peers.program import CHUNK, Handle, InsertAll, Options, began, main, on_terminate
from msgspec import Struct

from rambla.jobs import worker
from rambla.jobs.actions import Request, enqueue_apart, enqueue_many
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Registry
from rambla.kit import log, loop
from rambla.kit.db import SERVICE, Database
from rambla.kit.migrate import migrate


class Noop(Struct, frozen=True, kw_only=True):
    number: int | None = None


def _registry(handle: Handle = lambda _: None) -> Registry:
    registry = Registry()

    @registry.job("noop")
    async def noop(_job: JobContext, payload: Noop) -> None:
        handle(payload.number)

    return registry


class Rambla:
    async def install(self, url: str) -> None:
        migrate(url)

    async def load(self, url: str, count: int) -> None:
        _registry()
        async with Database.opened(url, size=1) as database:
            for start in range(0, count, CHUNK):
                requests = [Request(payload=Noop())] * min(CHUNK, count - start)
                async with database.transaction(SERVICE) as tx:
                    await enqueue_many(tx, requests)

    async def insert(self, url: str, insert_all: InsertAll) -> None:
        _registry()
        async with Database.opened(url, size=1) as database:

            async def one(number: int) -> None:
                await enqueue_apart(database, Noop(number=number))

            await insert_all(one)

    async def work(self, url: str, handle: Handle, _options: Options) -> None:
        log.configure(style="json", level="warning")
        stop = asyncio.Event()
        on_terminate(stop.set)
        async with worker.connected(url, _registry(handle)) as rambla:
            began()
            await rambla.run(stop)


if __name__ == "__main__":
    main(Rambla(), loop.run)
