"""Answers remembered in this process, and by all of them together where there is a shared store.

What is asked for many times at once is made once. An answer is given only while ``Changes`` allows it and its own time
has not passed; which answers are dropped when memory is short says nothing about which are right.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Generic, Protocol, TypeVar

from msgspec import Struct

from rambla.kit.changes import LONGEST, Changes, Origin

V = TypeVar("V")

_OVERHEAD: Final = 600  # bytes of an entry besides its value, roughly: measured with tracemalloc


class Kept(Struct, Generic[V]):
    """A value, what it was made of, until when it holds at most (``time.time()``), and how many bytes it has."""

    value: V
    origin: Origin
    until: float
    size: int


Make = Callable[[], Awaitable[Kept[V]]]


class Store(Protocol[V]):
    """Where processes share what they made. It may forget, and be away: it is never believed about what is good."""

    async def get(self, key: str) -> Kept[V] | None: ...

    async def put(self, key: str, kept: Kept[V]) -> None: ...


class Cache(Generic[V]):
    """Bounded in bytes; what was asked for longest ago goes first."""

    def __init__(self, changes: Changes, *, most_bytes: int, store: Store[V] | None = None) -> None:
        self._changes = changes
        self._most_bytes = most_bytes
        self._store = store
        self._kept: OrderedDict[str, Kept[V]] = OrderedDict()
        self._bytes = 0
        self._making: dict[str, asyncio.Task[Kept[V]]] = {}

    def recall(self, key: str) -> V | None:
        """Without waiting for anything: the value if this process has it and it is good."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if not self._is_good(kept):
            if self._changes.known:
                self._drop(key)
            return None
        self._kept.move_to_end(key)
        return kept.value

    async def get(self, key: str, make: Make[V]) -> V:
        """The value; whoever asks while it is being made waits for that."""
        if not self._most_bytes or not self._changes.known:
            return (await make()).value
        found = self.recall(key)
        if found is not None:
            return found
        if key in self._making:
            # It was begun before we came, and so perhaps before an act that we have heard of since.
            kept = await asyncio.shield(self._making[key])
            if self._is_good(kept):
                return kept.value
        # What is begun, by us or by another who waited with us, is begun after we came: good for us in any case.
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._fetch(key, make))
        return (await asyncio.shield(self._making[key])).value

    def clear(self) -> None:
        """As if nothing had ever been asked for."""
        self._kept.clear()
        self._bytes = 0

    async def _fetch(self, key: str, make: Make[V]) -> Kept[V]:
        """In a task of its own: who hangs up must not take the answer from the others."""
        try:
            kept = await self._store.get(key) if self._store else None
            if kept is None or not self._is_good(kept):
                kept = await make()
                if self._store and self._is_good(kept):
                    await self._store.put(key, kept)
            if self._is_good(kept):
                self._keep(key, kept)
            return kept
        finally:
            del self._making[key]

    def _is_good(self, kept: Kept[V]) -> bool:
        return time.time() < kept.until and self._changes.allow(kept.origin)

    def _keep(self, key: str, kept: Kept[V]) -> None:
        self._drop(key)
        kept.until = min(kept.until, time.time() + LONGEST)
        kept.origin.share_names()
        self._kept[key] = kept
        self._bytes += kept.size + _OVERHEAD
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept:
            self._bytes -= kept.size + _OVERHEAD
