"""PgQueuer on asyncpg and uvloop, as its own `pgq run` starts it."""

from __future__ import annotations

import asyncio

import asyncpg
import uvloop
from bench.peers.program import CHUNK, Handle, InsertAll, Options, began, main, on_terminate
from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Job, Queries, QueueManager


class PgQueuer:
    async def install(self, url: str) -> None:
        connection = await asyncpg.connect(url)
        await Queries(AsyncpgDriver(connection)).install()
        await connection.close()

    async def load(self, url: str, count: int) -> None:
        connection = await asyncpg.connect(url)
        queries = Queries(AsyncpgDriver(connection))
        for start in range(0, count, CHUNK):
            size = min(CHUNK, count - start)
            await queries.enqueue(["noop"] * size, [None] * size, [0] * size)
        await connection.close()

    async def insert(self, url: str, insert_all: InsertAll) -> None:
        connection = await asyncpg.connect(url)
        queries = Queries(AsyncpgDriver(connection))
        await insert_all(lambda number: queries.enqueue("noop", str(number).encode()))
        await connection.close()

    async def work(self, url: str, handle: Handle, options: Options) -> None:
        """``managers``: queue managers in this one process, each with a connection, as its own benchmark has."""
        managers = [
            await _manager(url, handle, pool=options.get("pool", False))
            for _ in range(options.get("managers", 1))
        ]
        on_terminate(lambda: [manager.shutdown.set() for manager in managers])
        began()
        await asyncio.gather(*(manager.run(batch_size=options["batch"]) for manager in managers))


async def _manager(url: str, handle: Handle, *, pool: bool) -> QueueManager:
    if pool:
        manager = QueueManager(
            Queries(AsyncpgPoolDriver(await asyncpg.create_pool(url, min_size=4, max_size=4)))
        )
    else:
        manager = QueueManager(Queries(AsyncpgDriver(await asyncpg.connect(url))))

    @manager.entrypoint("noop")
    async def noop(job: Job) -> None:
        handle(job.payload and int(job.payload))

    return manager


if __name__ == "__main__":
    main(PgQueuer(), uvloop.run)
