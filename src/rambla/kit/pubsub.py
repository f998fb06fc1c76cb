"""One LISTEN connection for a process wakes every stream in it.

A notification carries ids only and may be lost: it says "look again", never "this is what happened". So a
subscriber reads the truth from its table when woken, after each reconnect, and now and then without a reason.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import AsyncConnection, sql

from rambla.kit import log

_LONGEST_PAUSE = 10.0


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

    A payload is ``key`` or ``key:anything``; the key is what subscribers name.
    """

    def __init__(self, url: str, *, channels: tuple[str, ...]) -> None:
        self._url = url
        self._channels = channels
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
            except psycopg.Error as error:
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
            keepalives_idle=15,
            keepalives_interval=5,
        )
        async with connection:
            for channel in self._channels:
                await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
            self.connected.set()
            self._wake_all()
            async for notification in connection.notifies():
                key = notification.payload.partition(":")[0]
                for mailbox in self._mailboxes.get((notification.channel, key), ()):
                    mailbox.drop()

    def _wake_all(self) -> None:
        for mailboxes in self._mailboxes.values():
            for mailbox in mailboxes:
                mailbox.drop()
