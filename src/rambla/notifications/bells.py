"""All the open bells of this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.kit import sse
from rambla.kit.db import SERVICE, Database
from rambla.kit.pubsub import Hub
from rambla.kit.queries import Queries
from rambla.notifications.bell import AT_ONCE, Bell
from rambla.notifications.types import BellState

sql = Queries("rambla.notifications")

CHANNEL: Final = "notifications"
_BATCH: Final = 1000


class _Look(Struct, frozen=True):
    """A stream that waits for what came after ``since``."""

    user_id: UUID
    since: int | None
    answer: asyncio.Future[BellState]


class Bells:
    """Streams read together: while one query runs, those that were woken meanwhile wait for the next.

    So thousands of streams that open, or are woken by a reconnect, at one moment are a handful of queries on one
    connection, and a single one still reads at once. It reads as the service, by the ids that the callers have
    shown; no stream can name another's.
    """

    def __init__(self, db: Database, hub: Hub, shutdown: sse.Shutdown) -> None:
        self._db = db
        self._hub = hub
        self._shutdown = shutdown
        self._waiting: list[_Look] = []
        self._reading: asyncio.Task[None] | None = None

    async def stream(self, user_id: UUID, *, last_event_id: str | None) -> AsyncIterator[bytes]:
        """The events of one client, until it leaves or the server stops."""
        with self._hub.subscribe(CHANNEL, str(user_id)) as mailbox:
            bell = Bell(partial(self._read, user_id), mailbox, last_event_id=last_event_id)
            async for chunk in sse.follow(mailbox, self._shutdown, bell.look):
                yield chunk

    async def _read(self, user_id: UUID, since: int | None) -> BellState:
        look = _Look(user_id, since, asyncio.get_running_loop().create_future())
        self._waiting.append(look)
        if self._reading is None:
            # A task of its own: a client that hangs up must not cancel the query of the others.
            self._reading = asyncio.create_task(self._read_on(), name="bells")
        return await look.answer

    async def _read_on(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            try:
                states = await self._query(batch)
            except Exception as error:  # noqa: BLE001 - whatever it is, the streams that wait have to hear of it
                for look in batch:
                    if not look.answer.done():
                        look.answer.set_exception(error)
            else:
                for look, state in zip(batch, states, strict=True):
                    if not look.answer.done():
                        look.answer.set_result(state)
        self._reading = None

    async def _query(self, batch: Sequence[_Look]) -> list[BellState]:
        async with self._db.transaction(SERVICE, read_only=True) as tx:
            return await tx.all(
                BellState,
                sql.bells,
                users=[look.user_id for look in batch],
                since=[look.since for look in batch],
                limit=AT_ONCE,
            )
