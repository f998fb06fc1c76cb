"""What many ask for at once is made once, and nothing is given that an act has made old."""

from __future__ import annotations

import asyncio
import time

import pytest

from rambla.kit.cache import Cache, Kept
from rambla.kit.changes import Changes, Origin, Snapshot

ALICE = "viewer/alice"


class Kitchen:
    """Makes answers in the snapshot that is given, when it is told to; counts how many."""

    def __init__(self) -> None:
        self.made = 0
        self.snapshot = "10:10:"
        self.begun = asyncio.Event()
        self.ready = asyncio.Event()
        self.until = time.time() + 100

    async def make(self) -> Kept[int]:
        self.made += 1
        kept = Kept(self.made, Origin(Snapshot.parse(self.snapshot), (ALICE,)), self.until, size=400)
        self.begun.set()
        await self.ready.wait()
        return kept


@pytest.fixture
def changes() -> Changes:
    changes = Changes()
    changes.begin(Snapshot.parse("10:10:"))
    changes.trust(time.monotonic() + 1000)
    return changes


@pytest.fixture
def cache(changes: Changes) -> Cache[int]:
    return Cache(changes, most_bytes=2500)


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


async def test_a_hundred_who_ask_at_once_share_one(cache: Cache[int], kitchen: Kitchen) -> None:
    asking = [asyncio.create_task(cache.get("page", kitchen.make)) for _ in range(100)]
    await asyncio.sleep(0)
    kitchen.ready.set()

    assert set(await asyncio.gather(*asking)) == {1}
    assert (cache.recall("page"), kitchen.made) == (1, 1)


async def test_what_is_kept_of_many_answers_has_its_names_once(changes: Changes) -> None:
    async def make(name: str) -> Kept[Origin]:
        origin = Origin(Snapshot.parse("10:10:"), (f"item/{name}",))
        return Kept(origin, origin, time.time() + 100, size=400)

    cache: Cache[Origin] = Cache(changes, most_bytes=10_000)
    one, other = (
        await cache.get("one", lambda: make("bicycle")),
        await cache.get("other", lambda: make("bicycle")),
    )

    assert one is not other
    assert one.tags[0] is other.tags[0]


async def test_who_hangs_up_takes_nothing_from_the_others(cache: Cache[int], kitchen: Kitchen) -> None:
    first, second = (asyncio.create_task(cache.get("page", kitchen.make)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    kitchen.ready.set()

    assert (await second, kitchen.made) == (1, 1)


async def test_who_comes_after_an_act_does_not_get_what_was_begun_before_it(
    cache: Cache[int], kitchen: Kitchen, changes: Changes
) -> None:
    early = asyncio.create_task(cache.get("page", kitchen.make))
    await kitchen.begun.wait()
    changes.hear(f"{ALICE}:11")
    kitchen.snapshot = "12:12:"
    late = [asyncio.create_task(cache.get("page", kitchen.make)) for _ in range(20)]
    await asyncio.sleep(0)
    kitchen.ready.set()

    assert (await early, set(await asyncio.gather(*late)), kitchen.made) == (1, {2}, 2)
    assert cache.recall("page") == 2


async def test_what_is_old_when_it_is_done_is_not_kept(
    cache: Cache[int], kitchen: Kitchen, changes: Changes
) -> None:
    asking = asyncio.create_task(cache.get("page", kitchen.make))
    await kitchen.begun.wait()
    changes.hear(f"{ALICE}:11")
    kitchen.ready.set()

    assert (await asking, cache.recall("page")) == (1, None)


async def test_a_failure_is_everybodys_and_is_not_kept(cache: Cache[int], kitchen: Kitchen) -> None:
    async def fail() -> Kept[int]:
        await asyncio.sleep(0)
        raise OSError("away")

    answers = await asyncio.gather(*(cache.get("page", fail) for _ in range(3)), return_exceptions=True)
    kitchen.ready.set()

    assert [type(answer) for answer in answers] == [OSError] * 3
    assert await cache.get("page", kitchen.make) == 1


async def test_without_ears_it_remembers_nothing(
    cache: Cache[int], kitchen: Kitchen, changes: Changes
) -> None:
    kitchen.ready.set()
    await cache.get("page", kitchen.make)
    changes.trust(0.0)

    assert cache.recall("page") is None
    assert [await cache.get("page", kitchen.make) for _ in range(2)] == [2, 3]
    changes.trust(time.monotonic() + 1000)
    assert cache.recall("page") == 1  # nothing was missed meanwhile, or begin() would have said so


async def test_an_answer_has_its_own_end(cache: Cache[int], kitchen: Kitchen) -> None:
    kitchen.ready.set()
    kitchen.until = time.time() - 1

    assert [await cache.get("page", kitchen.make) for _ in range(2)] == [1, 2]


async def test_it_is_bounded_and_forgets_what_nobody_asked_for(cache: Cache[int], kitchen: Kitchen) -> None:
    kitchen.ready.set()
    for key in ("one", "two", "one", "three"):
        await cache.get(key, kitchen.make)

    assert [cache.recall(key) for key in ("one", "two", "three")] == [1, None, 3]


async def test_a_cache_of_no_size_only_makes(changes: Changes, kitchen: Kitchen) -> None:
    kitchen.ready.set()
    cache = Cache[int](changes, most_bytes=0)

    assert [await cache.get("page", kitchen.make) for _ in range(2)] == [1, 2]
