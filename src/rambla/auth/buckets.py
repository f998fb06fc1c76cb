"""Buckets of requests that refill evenly (GCRA): for each key one number, the moment when it is full again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from redis.asyncio import BlockingConnectionPool, Redis

# Below this a second is not counted: sums of fractions come out a little above their whole.
_GRAIN: Final = 0.001
_CONNECTIONS: Final = 32


class Budget(NamedTuple):
    """``amount`` requests in ``seconds``."""

    name: str
    amount: int
    seconds: int

    @property
    def step(self) -> float:
        """Seconds until one more request is in the bucket."""
        return self.seconds / self.amount

    def holds(self, debt: float) -> bool:
        return debt <= self.seconds + _GRAIN


class Taken(NamedTuple):
    """One request was taken from all of some budgets or from none; how far each is from full, in seconds."""

    allowed: bool
    debts: list[float]


class MemoryBuckets:
    """Of this process."""

    def __init__(self, *, most: int = 100_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._full_at: dict[tuple[str, str], float] = {}
        self._most = most
        self._clock = clock

    def take(self, key: str, budgets: Sequence[Budget]) -> Taken:
        now = self._clock()
        debts, after, allowed = [], [], True
        for budget in budgets:
            debt = self._debt(key, budget, now)
            debts.append(debt)
            after.append(debt + budget.step)
            allowed = allowed and budget.holds(after[-1])
        if not allowed:
            return Taken(allowed=False, debts=debts)
        for budget, debt in zip(budgets, after, strict=True):
            self._full_at[key, budget.name] = now + debt
        if len(self._full_at) > self._most:
            self._sweep(now)
        return Taken(allowed=True, debts=after)

    def debt(self, key: str, budget: Budget) -> float:
        return self._debt(key, budget, self._clock())

    def _debt(self, key: str, budget: Budget, now: float) -> float:
        return max(self._full_at.get((key, budget.name), 0.0) - now, 0.0)

    def _sweep(self, now: float) -> None:
        """Forget the full ones; where a flood of addresses left few of those, the oldest as well."""
        left = [(key, at) for key, at in self._full_at.items() if at > now]
        self._full_at = dict(left[-self._most // 2 :])


class RedisBuckets:
    """That processes share, in one round trip. The clock is Redis's own, so that theirs need not agree."""

    # KEYS: one for each budget; ARGV: seconds and step of each.
    _TAKE: Final = """
        local time = redis.call('time')
        local now = time[1] + time[2] / 1e6
        local debts, after, allowed = {}, {}, 1
        for i, key in ipairs(KEYS) do
            local seconds, step = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
            debts[i] = math.max(tonumber(redis.call('get', key) or 0) - now, 0)
            after[i] = debts[i] + step
            if after[i] > seconds + 0.001 then allowed = 0 end
        end
        for i, key in ipairs(KEYS) do
            if allowed == 1 then
                redis.call('set', key, string.format('%.6f', now + after[i]), 'px', math.ceil(after[i] * 1000))
                debts[i] = after[i]
            end
            debts[i] = string.format('%.6f', debts[i])
        end
        return {allowed, debts}
    """

    def __init__(self, url: str, *, patience: float = 0.25) -> None:
        # A request waits for a free connection rather than open one more.
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=4 * patience,
            socket_timeout=patience,
            socket_connect_timeout=patience,
        )
        self._redis = Redis.from_pool(pool)
        self._take = self._redis.register_script(self._TAKE)

    async def take(self, key: str, budgets: Sequence[Budget]) -> Taken:
        allowed, debts = await self._take(
            keys=[f"rambla:rate:{{{key}}}:{budget.name}" for budget in budgets],
            args=[number for budget in budgets for number in (budget.seconds, budget.step)],
        )
        return Taken(allowed=bool(allowed), debts=[float(debt) for debt in debts])

    async def close(self) -> None:
        await self._redis.aclose()
