"""Remembered answers in Redis, where every process finds what another has made.

Redis is asked for bytes and never whether they are good (``kit/changes.py``): it may forget, be emptied, be away or
come back with what it had an hour ago.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any, Final, Generic, TypeVar

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from rambla.kit import log
from rambla.kit.cache import Kept

V = TypeVar("V")

_CONNECTIONS: Final = 32
_PAUSE: Final = 5.0  # how long a Redis that failed is left alone


class RedisStore(Generic[V]):
    """Of values of one type, made from one database: others may use the same Redis."""

    def __init__(self, url: str, of: type[V], *, name: str, database_url: str) -> None:
        pool = BlockingConnectionPool.from_url(
            url, max_connections=_CONNECTIONS, timeout=1.0, socket_timeout=0.25, socket_connect_timeout=0.25
        )
        self._redis = Redis.from_pool(pool)
        digest = hashlib.sha256(database_url.encode()).hexdigest()
        self._prefix = f"rambla:{name}:{digest[:16]}:"
        self._decoder = msgspec.msgpack.Decoder(Kept[of])  # type: ignore[valid-type]  # a type variable is a type at run time
        self._away_until = 0.0

    async def get(self, key: str) -> Kept[V] | None:
        if time.monotonic() < self._away_until:
            return None
        try:
            found: Any = await self._redis.get(self._prefix + key)
            return self._judged_by_nobody(self._decoder.decode(found)) if found else None
        except (RedisError, OSError, msgspec.MsgspecError) as error:
            self._leave_alone(error)
            return None

    async def put(self, key: str, kept: Kept[V]) -> None:
        left = int((kept.until - time.time()) * 1000)
        if left <= 0 or time.monotonic() < self._away_until:
            return
        try:
            await self._redis.set(self._prefix + key, msgspec.msgpack.encode(kept), px=left)
        except (RedisError, OSError) as error:
            self._leave_alone(error)

    async def close(self) -> None:
        await self._redis.aclose()

    def _judged_by_nobody(self, kept: Kept[V]) -> Kept[V]:
        """What the process that made it knew of says nothing here."""
        kept.origin.found_good_at = -1
        return kept

    def _leave_alone(self, error: Exception) -> None:
        log.get().warning("store.lost", error=str(error))
        self._away_until = time.monotonic() + _PAUSE
