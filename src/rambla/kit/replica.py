"""A hot standby that reads are tried on first: it may lag, be away or not be there at all."""

from __future__ import annotations

import time
from typing import Any, Final, TypeVar

from rambla.errors import Problem
from rambla.kit import log
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Query

T = TypeVar("T")

_WAIT: Final = 0.5
_PATIENCE: Final = 2.0  # one that hangs is as good as away
_PAUSE: Final = 5.0  # how long one that did not answer is left alone


class Replica:
    """None of its answers is the last word: whoever gets None, or what is too old, asks the primary."""

    def __init__(self, url: str, *, size: int) -> None:
        self._database = Database.at(url, size=size, wait=_WAIT, patience=_PATIENCE) if url else None
        self._away_until = 0.0

    async def open(self) -> None:
        if self._database:
            await self._database.open_in_time()

    async def close(self) -> None:
        if self._database:
            await self._database.close()

    async def direct_row(self, of: type[T], query: Query, caller: Caller, /, **params: Any) -> T | None:
        """As ``Database.direct_row``; also what it refuses may only not have reached it yet."""
        if self._database is None or time.monotonic() < self._away_until:
            return None
        try:
            return await self._database.direct_row(of, query, caller, **params)
        except Problem as problem:
            if problem.code == "unavailable":
                log.get().warning("replica.away", error=str(problem.__cause__))
                self._away_until = time.monotonic() + _PAUSE
            return None
