"""What a product adds to the feed in Python: sources of candidates, and scorers.

    @FEED.source("editors", timeout=0.2)
    async def editors(asking: Asking) -> list[Offer]: ...

They run when a slate of For you is made, never when a page is read. Whatever they do, the feed goes on with the rest.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Final, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct
from prometheus_client import Counter

from rambla.feed.types import ItemType, Reason
from rambla.kit.db import Database

_LIMIT: Final = 50
_RUNS: Final = Counter(
    "rambla_feed_extension_runs", "Runs of sources and scorers.", ["kind", "name", "outcome"]
)
_UNDER_WAY: Final[set[asyncio.Task[list[Extra]]]] = set()  # or the garbage collector ends them
_log: Final = structlog.get_logger()

T = TypeVar("T")


class Asking(Struct, frozen=True, kw_only=True):
    """For whom a slate is made. ``database`` is the application's: a hook that reads chooses as whom."""

    viewer_id: UUID
    database: Database


class Offer(Struct, frozen=True, kw_only=True):
    """An item that the viewer may like, why in words, and what is added to its score: 0.69 doubles."""

    item_id: UUID
    words: str
    boost: float = 0.0


class Candidate(Struct, frozen=True, kw_only=True):
    """What the slate would begin with, the best first."""

    item_id: UUID
    item_type: ItemType
    author_id: UUID
    tags: list[str]
    reason: Reason
    published_at: dt.datetime


class Nudge(Struct, frozen=True, kw_only=True):
    """What is added to the score of a candidate, and why in words."""

    item_id: UUID
    boost: float
    words: str


class Extra(Struct, frozen=True, kw_only=True):
    """An offer or a nudge with the name of whose it is, as ``feed_extend()`` takes it."""

    item_id: UUID
    by: str
    words: str
    boost: float
    offered: bool


Source = Callable[[Asking], Awaitable[Sequence[Offer]]]
Scorer = Callable[[Asking, Sequence[Candidate]], Awaitable[Sequence[Nudge]]]


class Hook(Struct, Generic[T], frozen=True):
    kind: Literal["source", "scorer"]
    name: str
    function: T
    timeout: float
    limit: int


class Extensions:
    """The sources and scorers of an application."""

    def __init__(self) -> None:
        self.sources: dict[str, Hook[Source]] = {}
        self.scorers: dict[str, Hook[Scorer]] = {}

    def __bool__(self) -> bool:
        return bool(self.sources or self.scorers)

    def source(self, name: str, *, timeout: float = 0.2, limit: int = _LIMIT) -> Callable[[Source], Source]:
        """Offers candidates: the first ``limit`` within ``timeout`` seconds."""

        def add(function: Source) -> Source:
            self.sources[name] = Hook("source", name, function, timeout, limit)
            return function

        return add

    def scorer(self, name: str, *, timeout: float = 0.2, limit: int = 200) -> Callable[[Scorer], Scorer]:
        """Moves candidates, which have passed every filter: the best ``limit`` within ``timeout`` seconds."""

        def add(function: Scorer) -> Scorer:
            self.scorers[name] = Hook("scorer", name, function, timeout, limit)
            return function

        return add

    async def offers(self, asking: Asking) -> list[Extra]:
        """What all sources offer; one that fails or is late offers nothing."""
        return await _together(
            _within(hook, Offer, partial(hook.function, asking)) for hook in self.sources.values()
        )

    async def nudges(self, asking: Asking, candidates: Sequence[Candidate]) -> list[Extra]:
        """What all scorers say; one that fails or is late says nothing."""
        return await _together(
            _within(hook, Nudge, partial(hook.function, asking, candidates[: hook.limit]))
            for hook in self.scorers.values()
        )


async def _together(runs: Iterable[Awaitable[list[Extra]]]) -> list[Extra]:
    return [extra for extras in await asyncio.gather(*runs) for extra in extras]


async def _within(
    hook: Hook[Source] | Hook[Scorer],
    of: type[Offer | Nudge],
    call: Callable[[], Awaitable[Sequence[Offer]] | Awaitable[Sequence[Nudge]]],
) -> list[Extra]:
    """In a task of its own, which is left behind when it is late: it may not even heed that it is cancelled."""
    task = asyncio.create_task(_sound(hook, of, call))
    _UNDER_WAY.add(task)
    task.add_done_callback(_let_go)
    try:
        await asyncio.wait({task}, timeout=hook.timeout)
    finally:
        late = not task.done()
        task.cancel()
    failure = None if late or task.cancelled() else task.exception()
    outcome = "timeout" if late else "error" if failure or task.cancelled() else "ok"
    _RUNS.labels(hook.kind, hook.name, outcome).inc()
    if outcome == "ok":
        return task.result()
    _log.error("feed extension failed", kind=hook.kind, name=hook.name, outcome=outcome, exc_info=failure)
    return []


async def _sound(
    hook: Hook[Source] | Hook[Scorer],
    of: type[Offer | Nudge],
    call: Callable[[], Awaitable[Sequence[Offer]] | Awaitable[Sequence[Nudge]]],
) -> list[Extra]:
    return [_extra(hook, said) for said in (await call())[: hook.limit] if _is_sound(said, of)]


def _let_go(task: asyncio.Task[list[Extra]]) -> None:
    """Asked for its failure, or a task that was left behind would be reported as forgotten."""
    _UNDER_WAY.discard(task)
    if not task.cancelled():
        task.exception()


def _is_sound(said: Offer | Nudge, of: type[Offer | Nudge]) -> bool:
    return isinstance(said, of) and math.isfinite(said.boost)


def _extra(hook: Hook[Source] | Hook[Scorer], said: Offer | Nudge) -> Extra:
    """Checked, because a struct's own constructor does not; what PostgreSQL cannot hold is left out of the words."""
    words = said.words.replace("\x00", "").encode("utf-8", "replace").decode()
    extra = Extra(
        item_id=said.item_id, by=hook.name, words=words, boost=said.boost, offered=hook.kind == "source"
    )
    return msgspec.convert(msgspec.to_builtins(extra), Extra)


FEED: Final = Extensions()
