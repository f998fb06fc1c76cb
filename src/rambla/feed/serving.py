"""Pages of the feed as answers that are remembered, each for one viewer alone."""

from __future__ import annotations

import time
from functools import lru_cache, partial
from typing import Any, Final, TypedDict
from urllib.parse import parse_qsl

from msgspec import Struct

from rambla.errors import Problem
from rambla.feed import cursor as cursors
from rambla.feed.cursor import Cursor
from rambla.feed.reading import Dated, read_dated, read_replica
from rambla.feed.types import LONGEST_CURSOR, MODES, MOST, PAGE, Mode
from rambla.kit.answers import Answer, Reply, takes_gzip
from rambla.kit.cache import Cache, Kept
from rambla.kit.changes import LONGEST, Changes, Origin, Snapshot
from rambla.kit.db import Caller, Database
from rambla.kit.replica import Replica

PATH: Final = "/v1/feed"

_LONGEST_QUERY: Final = 200  # ten thousand of them are kept
_LIMITS: Final = {str(limit) for limit in range(1, MOST + 1)}
_VARY: Final = (b"vary", b"Accept-Encoding, Authorization, Cookie")
_PRIVATE: Final = (b"cache-control", b"private, no-cache")
# A CDN hears of no removal, so it may keep the visitors' page only for a moment.
_PUBLIC: Final = (b"cache-control", b"public, max-age=0, s-maxage=10")


class Ask(Struct, frozen=True):
    """Which page."""

    mode: Mode = "for_you"
    cursor: str | None = None
    limit: int = PAGE


class _Place(TypedDict):
    mode: Mode
    after: Cursor
    limit: int


class FeedPages:
    """What ``GET /v1/feed`` answers."""

    def __init__(
        self, db: Database, reads: Database, replica: Replica, cache: Cache[Answer], changes: Changes
    ) -> None:
        self._db = db
        self._reads = reads
        self._replica = replica
        self._cache = cache
        self._changes = changes

    async def answer(self, scope: Any) -> Reply | None:
        """What is asked for plainly; None for what is to be read with more care."""
        query = scope["query_string"]
        ask = _plain(query) if len(query) <= _LONGEST_QUERY else None
        if ask is None:
            return None
        return await self.read(scope["state"]["caller"], ask, scope["state"]["headers"])

    async def read(self, caller: Caller, ask: Ask, asked: dict[bytes, bytes]) -> Reply:
        zipped = takes_gzip(asked)
        make = partial(self._make, caller, ask, zipped=zipped)
        return _reply(await self._cache.get(_key(caller, ask, zipped=zipped), make), caller, asked)

    async def _make(self, caller: Caller, ask: Ask, *, zipped: bool) -> Kept[Answer]:
        """From the standby unless it lags behind something that this page rests on."""
        asked_at = time.time()
        place: _Place = {"mode": ask.mode, "after": cursors.decode(ask.cursor), "limit": ask.limit}
        page = await read_replica(self._replica, caller, **place)
        origin = _origin(page) if page else None
        if page is None or origin is None or not self._changes.allow(origin):
            page = await read_dated(self._reads, self._db, caller, **place)
            origin = _origin(page)
        answer = Answer.of((page.page or "").encode(), zipped=zipped)
        lasts = LONGEST if page.seconds is None else min(LONGEST, page.seconds)
        size = len(answer.body) + 8 * len(origin.tags)
        return Kept(answer, origin, until=asked_at + lasts, size=size)


def _reply(answer: Answer, caller: Caller, asked: dict[bytes, bytes]) -> Reply:
    # A cookie may be taken back with the answer, and that is for its sender alone.
    public = caller.role == "anon" and b"cookie" not in asked and b"authorization" not in asked
    return answer.to(asked, _PUBLIC if public else _PRIVATE, _VARY)


def _key(caller: Caller, ask: Ask, *, zipped: bool) -> str:
    return f"{caller.name} {ask.mode} {ask.limit} {ask.cursor} {zipped}"


def _origin(page: Dated) -> Origin:
    """The viewer's acts, each item and each author make a page out of date."""
    if page.rests_on is None:
        raise Problem("unavailable")
    return Origin(Snapshot.parse(page.snapshot), tuple({*page.rests_on.split()}))


@lru_cache(maxsize=10_000)
def _plain(query: bytes) -> Ask | None:
    """The page that a query string asks for; None for one that is to be read with more care."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    given = dict(pairs)
    mode, cursor, limit = given.get("mode", "for_you"), given.get("cursor"), given.get("limit", str(PAGE))
    if len(given) != len(pairs) or not given.keys() <= {"mode", "cursor", "limit"} or limit not in _LIMITS:
        return None
    if cursor and len(cursor) > LONGEST_CURSOR:
        return None
    return next((Ask(known, cursor, int(limit)) for known in MODES if known == mode), None)
