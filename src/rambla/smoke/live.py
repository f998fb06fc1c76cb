"""What a promise is tried on: the database as any caller, and the web as a browser sees it."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.client import HTTPResponse
from uuid import UUID

import msgspec
from msgspec import Struct

from rambla.kit.db import Caller, Database, Rehearsal
from rambla.kit.queries import Queries

sql = Queries("rambla.smoke")
_TIMEOUT = 10.0


class Cast(Struct, frozen=True):
    """Two people who exist for the length of a rehearsal."""

    viewer: UUID
    author: UUID

    @property
    def as_viewer(self) -> Caller:
        return Caller.user(self.viewer)


class Stream:
    """Reads the bell's events one by one."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response

    def next_unread(self) -> int:
        """The count that the next event carries."""
        for line in self._response:
            if line.startswith(b"data: ") and b"unread" in line:
                unread: int = msgspec.json.decode(line.removeprefix(b"data: "))["unread"]
                return unread
        raise ConnectionError("the stream ended")


class Live(Struct, frozen=True):
    """``token`` belongs to an admin and ends with the run."""

    db: Database
    url: str
    token: str

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[tuple[Rehearsal, Cast]]:
        """A small world with two strangers in it, which is gone afterwards."""
        async with self.db.rehearsal() as tx:
            cast = await tx.one(Cast, sql.cast)
            await tx.run(sql.people, viewer=cast.viewer, author=cast.author)
            await tx.run(sql.posts, author=cast.author)
            await tx.run(sql.shop, author=cast.author)
            yield tx, cast

    @contextmanager
    def open(self, path: str, token: str) -> Iterator[Stream]:
        """A stream of server-sent events."""
        with urllib.request.urlopen(self._request(path, token), timeout=_TIMEOUT) as response:  # noqa: S310 - our own address
            yield Stream(response)

    async def get(self, path: str) -> str:
        """The body of a page or a file, as the admin."""
        return await asyncio.to_thread(self._get, path)

    def _get(self, path: str) -> str:
        with urllib.request.urlopen(self._request(path, self.token), timeout=_TIMEOUT) as response:  # noqa: S310 - our own address
            text: str = response.read().decode()
            return text

    def _request(self, path: str, token: str) -> urllib.request.Request:
        return urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - our own address
