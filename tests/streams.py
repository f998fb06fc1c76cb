"""Reading server-sent events as a browser does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from httpx2 import AsyncClient

from people import Person
from running import Server

PATIENCE = 10.0


class Event(msgspec.Struct, frozen=True):
    name: str
    id: int | None
    data: dict[str, Any]

    @property
    def seqs(self) -> list[int]:
        return [item["seq"] for item in self.data["items"]]


class EventStream:
    """One open connection to the bell; a task of its own reads it, so that whoever waits may stop waiting."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()

    async def next(self, patience: float = PATIENCE) -> Event:
        event = await asyncio.wait_for(self._events.get(), patience)
        if event is None:
            raise EOFError("the stream ended")
        return event

    async def nothing(self, seconds: float) -> bool:
        """Whether no event comes for so long."""
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False

    async def read(self, lines: AsyncIterator[str]) -> None:
        """Comments and the retry line are for the connection and not for its reader."""
        fields: dict[str, str] = {}
        async for line in lines:
            name, _, value = line.partition(": ")
            fields[name] = value
            if not line:
                if "event" in fields:
                    id_ = int(fields["id"]) if "id" in fields else None
                    self._events.put_nowait(Event(fields["event"], id_, msgspec.json.decode(fields["data"])))
                fields = {}
        self._events.put_nowait(None)


@asynccontextmanager
async def bell(
    server: Server, person: Person, *, after: int | str | None = None
) -> AsyncIterator[EventStream]:
    """An open stream of this person's; ``after`` is the Last-Event-ID."""
    headers = {"Authorization": f"Bearer {server.token(person)}"}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    async with (
        AsyncClient(base_url=server.url, timeout=None) as client,
        client.stream("GET", "/v1/notifications/stream", headers=headers) as response,
    ):
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        stream = EventStream()
        reading = asyncio.create_task(stream.read(response.aiter_lines()))
        try:
            yield stream
        finally:
            reading.cancel()
            await asyncio.wait([reading])
