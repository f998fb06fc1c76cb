"""Server-sent events that end politely.

A stream holds no database connection while it waits. It ends after ten minutes, so that memory and authority
are renewed, and at once when the server stops; the browser comes back by itself with Last-Event-ID.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import msgspec
from litestar.response import Stream
from msgspec import Struct

from rambla.kit.pubsub import Mailbox

HEARTBEAT: Final = 15.0
POLL: Final = 30.0
LIFETIME: Final = 600.0
RETRY_MS: Final = 2_000


class Event(Struct, frozen=True, kw_only=True):
    """One event; ``id`` is what the browser sends back as Last-Event-ID."""

    name: str
    data: object
    id: int | None = None

    def encode(self) -> bytes:
        head = f"id: {self.id}\n" if self.id is not None else ""
        return f"{head}event: {self.name}\ndata: {msgspec.json.encode(self.data).decode()}\n\n".encode()


class Shutdown:
    """Set once, when the server begins to stop; every open stream then ends within a moment."""

    def __init__(self) -> None:
        self._mailboxes: set[Mailbox] = set()
        self.begun = False

    def begin(self) -> None:
        self.begun = True
        for mailbox in self._mailboxes:
            mailbox.drop()

    @contextmanager
    def heeding_signals(self) -> Iterator[None]:
        """Begin at the signal itself.

        A server tells its application that it stops when the last connection is closed, and streams close when
        they hear that it stops. Only a handler that the server has set is wrapped; where the signal would end
        the process anyway, it still does.
        """
        loop = asyncio.get_running_loop()
        wrapped = {
            number: handler
            for number in (signal.SIGINT, signal.SIGTERM)
            if callable(handler := signal.getsignal(number))
        }

        def begin(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self.begin)
            wrapped[signal.Signals(number)](number, frame)

        for number in wrapped:
            signal.signal(number, begin)
        try:
            yield
        finally:
            for number, handler in wrapped.items():
                signal.signal(number, handler)

    def watch(self, mailbox: Mailbox) -> None:
        self._mailboxes.add(mailbox)

    def forget(self, mailbox: Mailbox) -> None:
        self._mailboxes.discard(mailbox)


async def follow(
    mailbox: Mailbox, shutdown: Shutdown, look: Callable[[], Awaitable[list[Event]]]
) -> AsyncIterator[bytes]:
    """Call ``look`` now, at every wake-up, and now and then in case one was lost; send what it finds."""
    shutdown.watch(mailbox)
    started = time.monotonic()
    look_at = started
    try:
        yield f"retry: {RETRY_MS}\n\n".encode()
        while not shutdown.begun and (now := time.monotonic()) - started < LIFETIME:
            events = []
            if now >= look_at:
                events = await look()
                look_at = now + POLL
            for event in events:
                yield event.encode()
            if not events:
                yield b": still here\n\n"
            if await mailbox.wait(HEARTBEAT):
                look_at = 0.0
        yield b"event: goodbye\ndata: {}\n\n"
    finally:
        shutdown.forget(mailbox)


def response(chunks: AsyncIterator[bytes]) -> Stream:
    return Stream(
        chunks,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def drain(shutdown: Shutdown, seconds: float = 0.05) -> None:
    """Give open streams a moment to send their goodbye."""
    shutdown.begin()
    await asyncio.sleep(seconds)
