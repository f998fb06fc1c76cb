"""The heartbeat of a worker, in a thread of its own: a handler that keeps the loop busy must not look dead."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from rambla.kit import log
from rambla.kit.db import SERVICE, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")

INTERVAL: Final = 5.0
SILENCE: Final = 15.0  # seconds; a worker stops its own runs before others may take them, which is after 20
Held = Callable[[], tuple[list[int], list[int]]]


class Heart:
    """Beats until stopped, and tells the worker which of its jobs are not its own any more."""

    def __init__(
        self,
        database: Database,
        *,
        worker_id: UUID,
        concurrency: int,
        queues: Sequence[str],
        job_types: Sequence[str],
        held: Held,
        lost: Callable[[set[int]], None],
    ) -> None:
        self._database = database
        self._about = {
            "worker_id": worker_id,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "concurrency": concurrency,
            "queues": list(queues),
            "types": list(job_types),
        }
        self._held = held
        self._lost = lost
        self._beaten = time.monotonic()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def silent(self) -> float:
        """Seconds since the last beat that arrived."""
        return time.monotonic() - self._beaten

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._beaten = time.monotonic()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._beat_on(loop)), name="heart", daemon=True
        )
        self._thread.start()

    async def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            await asyncio.to_thread(self._thread.join, INTERVAL)

    async def _beat_on(self, worker: asyncio.AbstractEventLoop) -> None:
        await self._database.open_in_time()
        try:
            while not self._stopping.is_set():
                await self._try(worker)
                await asyncio.to_thread(self._stopping.wait, INTERVAL)
        finally:
            await self._database.close()

    async def _try(self, worker: asyncio.AbstractEventLoop) -> None:
        try:
            async with asyncio.timeout(INTERVAL):
                lost = await self._beat()
        except Exception as error:  # noqa: BLE001 - a heart that ends lets every run of a worker that is well be ended
            log.get().warning("worker.beat_failed", silent=round(self.silent, 1), error=repr(error))
            return
        self._beaten = time.monotonic()
        if lost:
            worker.call_soon_threadsafe(self._lost, lost)

    async def _beat(self) -> set[int]:
        ids, run_nos = self._held()
        async with self._database.transaction(SERVICE) as tx:
            answer = await tx.value(str, sql.beat, held=ids, run_nos=run_nos, **self._about)
        return msgspec.json.decode(answer, type=set[int])
