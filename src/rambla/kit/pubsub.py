"""One LISTEN connection for a process wakes every stream in it.

A notification carries ids only and may be lost: it says "look again", never "this is what happened". So a
subscriber reads the truth from its table when woken, after each reconnect, and now and then without a reason.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import psycopg
from psycopg import AsyncConnection, sql

from rambla.kit import changes, log
from rambla.kit.changes import Changes, Snapshot

_LONGEST_PAUSE: Final = 10.0
# A connection may die without a word. So it is asked for a sign of life: what it said last is trusted a little longer
# than the next answer should take, and after a long silence there is another connection.
_PULSE: Final = 0.5
_TRUST: Final = 1.5
_PATIENCE: Final = 10.0


class Mailbox:
    """Coalesces: however many notifications came, there is one reason to look."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def drop(self) -> None:
        self._event.set()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - a heartbeat is due when nothing came
        """Whether something came within ``timeout`` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Hub:
    """Notifications of a few channels, handed to whoever subscribed to their key.

    A payload is ``key`` or ``key:anything``; the key is what subscribers name. What is touched goes to ``changes``.
    """

    def __init__(self, url: str, *, channels: tuple[str, ...], touched: Changes | None = None) -> None:
        self._url = url
        self._channels = channels
        self._touched = touched
        self._mailboxes: dict[tuple[str, str], set[Mailbox]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="hub")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    @contextmanager
    def subscribe(self, channel: str, *keys: str) -> Iterator[Mailbox]:
        mailbox = Mailbox()
        for key in keys:
            self._mailboxes[channel, key].add(mailbox)
        try:
            yield mailbox
        finally:
            for key in keys:
                self._mailboxes[channel, key].discard(mailbox)
                if not self._mailboxes[channel, key]:
                    del self._mailboxes[channel, key]

    async def _run(self) -> None:
        pause = 0.1
        while True:
            try:
                await self._listen()
            except (psycopg.Error, TimeoutError, ValueError) as error:  # or a payload that is not ours
                log.get().warning("hub.lost", error=str(error).strip(), retry_in=pause)
            if self.connected.is_set():
                pause = 0.1
            self.connected.clear()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _listen(self) -> None:
        connection = await AsyncConnection.connect(
            self._url,
            autocommit=True,
            application_name="rambla listen",
            prepare_threshold=None,
            keepalives_idle=15,
            keepalives_interval=5,
        )
        async with connection:
            for channel in self._channels:
                await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
            touched = self._touched if await _is_direct(connection) else None
            if touched:
                await self._listen_for(touched, connection)
            self.connected.set()
            self._wake_all()
            try:
                while True:
                    if touched:
                        await self._feel_pulse(touched, connection)
                    pause = _PULSE if touched else None
                    async for notification in connection.notifies(timeout=pause):
                        self._deliver(notification.channel, notification.payload)
            finally:
                if touched:
                    touched.trust(0.0)

    async def _listen_for(self, touched: Changes, connection: AsyncConnection) -> None:
        await connection.execute(sql.SQL("listen {}").format(sql.Identifier(changes.CHANNEL)))
        row = await (await connection.execute("select pg_current_snapshot()::text")).fetchone()
        if row:
            touched.begin(Snapshot.parse(row[0]))

    async def _feel_pulse(self, touched: Changes, connection: AsyncConnection) -> None:
        """What comes before the answer was sent before it: all that had been told when we asked has been heard."""
        asked = time.monotonic()
        async with asyncio.timeout(_PATIENCE):
            await connection.execute("select")
        async for notification in connection.notifies(timeout=0):
            self._deliver(notification.channel, notification.payload)
        touched.trust(asked + _TRUST)

    def _deliver(self, channel: str, payload: str) -> None:
        if self._touched and channel == changes.CHANNEL:
            self._touched.hear(payload)
            return
        for mailbox in self._mailboxes.get((channel, payload.partition(":")[0]), ()):
            mailbox.drop()

    def _wake_all(self) -> None:
        for mailboxes in self._mailboxes.values():
            for mailbox in mailboxes:
                mailbox.drop()


async def _is_direct(connection: AsyncConnection) -> bool:
    """A pooler gives a backend's id of its own. Behind one, silence does not mean that nothing was touched."""
    row = await (await connection.execute("select pg_backend_pid()")).fetchone()
    if row and row[0] == connection.info.backend_pid:
        return True
    log.get().warning("hub.pooled", remedy="Set database_direct_url, or nothing is remembered.")
    return False
