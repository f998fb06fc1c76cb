"""Procrastinate on its psycopg connector."""

from __future__ import annotations

import logging

from bench.peers.program import CHUNK, Handle, InsertAll, Options, began, main
from procrastinate import App, PsycopgConnector
from procrastinate.tasks import Task


class Procrastinate:
    async def install(self, url: str) -> None:
        async with _app(url)[0].open_async() as app:
            await app.schema_manager.apply_schema_async()

    async def load(self, url: str, count: int) -> None:
        app, noop = _app(url)
        async with app.open_async():
            for start in range(0, count, CHUNK):
                await noop.batch_defer_async(*[{}] * min(CHUNK, count - start))

    async def insert(self, url: str, insert_all: InsertAll) -> None:
        app, noop = _app(url)
        async with app.open_async():
            await insert_all(lambda number: noop.defer_async(number=number))

    async def work(self, url: str, handle: Handle, options: Options) -> None:
        app, _ = _app(url, handle, connections=options["concurrency"] + 4)
        async with app.open_async():
            began()
            await app.run_worker_async(concurrency=options["concurrency"])


def _app(url: str, handle: Handle = lambda _: None, connections: int = 4) -> tuple[App, Task]:
    app = App(connector=PsycopgConnector(conninfo=url, max_size=connections))

    @app.task(name="noop")
    async def noop(number: int | None = None) -> None:
        handle(number)

    return app, noop


if __name__ == "__main__":
    logging.getLogger("procrastinate").setLevel(logging.ERROR)  # it warns of an app in the main module
    main(Procrastinate())
