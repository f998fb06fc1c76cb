"""A way to PostgreSQL that can fall silent: connections stay open on both sides and nothing comes through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from running import free_port


class Way:
    """Between a worker and its server."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._writers: set[asyncio.StreamWriter] = set()
        self._silent: set[asyncio.StreamWriter] = set()
        self.answers = True  # those that come from now on
        self._tasks: set[asyncio.Task[None]] = set()

    def fall_silent(self) -> int:
        """Those that are open now, for good; how many they are."""
        self._silent |= self._writers
        return len(self._silent) // 2

    def hang_up(self) -> None:
        for writer in self._silent:
            writer.close()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(str(self._socket))
        for source, target in ((reader, there[1]), (there[0], writer)):
            task = asyncio.create_task(self._pump(source, target))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        self._writers.add(target)
        if not self.answers:
            self._silent.add(target)
        try:
            while data := await source.read(65536):
                if target not in self._silent:
                    target.write(data)
                    await target.drain()
        except ConnectionError:
            pass
        finally:
            self._writers.discard(target)
            target.close()


@asynccontextmanager
async def way(url: str) -> AsyncIterator[tuple[str, Way]]:
    """The address of ``url``'s database by a way of its own."""
    parts = conninfo_to_dict(url)
    one = Way(Path(str(parts["host"])) / f".s.PGSQL.{parts['port']}")
    port = free_port()
    server = await asyncio.start_server(one.carry, "127.0.0.1", port)
    try:
        yield (
            make_conninfo(dbname=str(parts["dbname"]), user=str(parts["user"]), host="127.0.0.1", port=port),
            one,
        )
    finally:
        server.close()
        await one.close()
