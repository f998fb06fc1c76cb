"""Buckets hold what they say, in memory and in Redis alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, strategies as st

from rambla.auth.buckets import Budget, MemoryBuckets, RedisBuckets
from redis_server import RedisServer

MINUTE = Budget("minute", 5, 60)
HOUR = Budget("hour", 8, 3600)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def shared(redis: RedisServer) -> AsyncIterator[RedisBuckets]:
    buckets = RedisBuckets(redis.url, patience=5.0)
    yield buckets
    await buckets.close()


def test_a_bucket_holds_its_amount_and_refills_evenly() -> None:
    clock = Clock()
    buckets = MemoryBuckets(clock=clock)

    at_once = [buckets.take("alice", [MINUTE]).allowed for _ in range(6)]
    clock.now += 11.9
    early = buckets.take("alice", [MINUTE]).allowed
    clock.now += 0.1
    due = buckets.take("alice", [MINUTE]).allowed
    clock.now += 60
    full = [buckets.take("alice", [MINUTE]).allowed for _ in range(6)]

    assert at_once == [True] * 5 + [False]
    assert (early, due) == (False, True)
    assert full == [True] * 5 + [False]


def test_keys_do_not_share() -> None:
    buckets = MemoryBuckets()
    for _ in range(5):
        buckets.take("alice", [MINUTE])

    assert [buckets.take(key, [MINUTE]).allowed for key in ("alice", "bob")] == [False, True]


def test_what_one_budget_refuses_no_budget_pays_for() -> None:
    clock = Clock()
    buckets = MemoryBuckets(clock=clock)
    for _ in range(20):
        buckets.take("alice", [MINUTE, HOUR])
    clock.now += 60

    assert [buckets.take("alice", [MINUTE, HOUR]).allowed for _ in range(4)] == [True, True, True, False]


@given(
    amount=st.integers(1, 50),
    seconds=st.integers(1, 3600),
    waits=st.lists(st.floats(0, 100), min_size=1, max_size=200),
)
def test_in_no_stretch_of_time_more_comes_through_than_the_bucket_and_its_refill(
    amount: int, seconds: int, waits: list[float]
) -> None:
    clock = Clock()
    buckets = MemoryBuckets(clock=clock)
    budget = Budget("any", amount, seconds)
    passed: list[float] = []
    for wait in waits:
        clock.now += wait
        if buckets.take("alice", [budget]).allowed:
            passed.append(clock.now)

    for i, start in enumerate(passed):
        for j, end in enumerate(passed[i:], start=1):
            assert j <= amount + (end - start) / budget.step + 1e-3 * amount / seconds + 1e-6


def test_memory_is_bounded_and_forgets_what_is_full_first() -> None:
    clock = Clock()
    buckets = MemoryBuckets(most=100, clock=clock)
    for i in range(60):
        buckets.take(f"old {i}", [MINUTE])
    clock.now += 12
    for i in range(41):
        buckets.take(f"new {i}", [MINUTE])

    assert len(buckets._full_at) == 41


def test_a_flood_of_keys_pushes_out_the_oldest() -> None:
    buckets = MemoryBuckets(most=100)
    for i in range(1_000):
        buckets.take(f"key {i}", [MINUTE])

    assert len(buckets._full_at) <= 100
    assert buckets.debt("key 999", MINUTE) > 0


async def test_redis_decides_as_memory_does(shared: RedisBuckets) -> None:
    memory = MemoryBuckets()
    for _ in range(7):
        here, there = memory.take("alice", [MINUTE, HOUR]), await shared.take("alice", [MINUTE, HOUR])

        assert here.allowed == there.allowed
        assert here.debts == pytest.approx(there.debts, abs=0.5)


async def test_many_at_once_take_exactly_what_is_there(shared: RedisBuckets) -> None:
    budget = Budget("many", 100, 3600)

    taken = await asyncio.gather(*(shared.take("alice", [budget]) for _ in range(200)))

    assert sum(t.allowed for t in taken) == 100


async def test_redis_forgets_what_is_full(shared: RedisBuckets) -> None:
    brief = Budget("brief", 10, 1)

    await shared.take("alice", [brief])
    kept = await shared._redis.keys("*")
    await asyncio.sleep(0.15)

    assert kept == [b"rambla:rate:{alice}:brief"]
    assert await shared._redis.keys("*") == []
