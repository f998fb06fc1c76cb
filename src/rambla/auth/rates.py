"""How much anybody may ask for.

Every budget is a bucket that holds ``amount`` requests and refills evenly over ``seconds`` (GCRA: one number for
a key). One step both takes and says what is left, in memory or in one round trip to Redis.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from rambla.errors import Problem
from rambla.kit import log


class Budget(NamedTuple):
    name: str
    amount: int
    seconds: int

    @property
    def policy(self) -> str:
        return f'"{self.name}";q={self.amount};w={self.seconds}'


BUDGETS: Final[dict[str, tuple[Budget, ...]]] = {
    "read": (Budget("read", 600, 60),),
    "write": (Budget("write", 120, 60),),
    "service": (Budget("service", 6000, 60),),
    "sign_in": (Budget("sign-in", 5, 60), Budget("sign-in-hour", 20, 3600)),
    "stranger": (Budget("stranger", 60, 60),),  # tokens that nobody has
}


class Verdict(NamedTuple):
    """What is left of the budget that is nearest to its end."""

    allowed: bool
    budget: Budget
    remaining: int
    reset: int  # seconds until the bucket is full again
    retry_after: int

    @property
    def headers(self) -> dict[str, str]:
        """The IETF draft's two fields, and the three that clients of today read."""
        return {
            "RateLimit-Policy": self.budget.policy,
            "RateLimit": f'"{self.budget.name}";r={self.remaining};t={self.reset}',
            "RateLimit-Limit": str(self.budget.amount),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }

    @property
    def problem(self) -> Problem:
        return Problem("rate_limited", headers={**self.headers, "Retry-After": str(self.retry_after)})


class Store(Protocol):
    async def take(self, key: str, budgets: Sequence[Budget]) -> tuple[bool, list[float]]:
        """Whether all budgets had room, and how many seconds each is in debt; takes from all or from none."""


class MemoryStore:
    """Buckets of this process. A key that is full again is forgotten."""

    def __init__(self, most: int = 100_000) -> None:
        self._full_at: dict[tuple[str, str], float] = {}
        self._most = most

    async def take(self, key: str, budgets: Sequence[Budget]) -> tuple[bool, list[float]]:
        now = time.monotonic()
        debts = [max(self._full_at.get((key, b.name), 0.0) - now, 0.0) for b in budgets]
        after = [debt + b.seconds / b.amount for debt, b in zip(debts, budgets, strict=True)]
        if any(debt > b.seconds for debt, b in zip(after, budgets, strict=True)):
            return False, debts
        for debt, b in zip(after, budgets, strict=True):
            self._full_at[key, b.name] = now + debt
        if len(self._full_at) > self._most:
            self._sweep(now)
        return True, after

    def _sweep(self, now: float) -> None:
        """Forget the full ones; if a flood of addresses left none, the oldest half."""
        self._full_at = {key: at for key, at in self._full_at.items() if at > now}
        if len(self._full_at) > self._most // 2:
            self._full_at = dict(list(self._full_at.items())[self._most // 2 :])


class RedisStore:
    """Buckets that processes share. The clock is Redis's own, so that theirs need not agree."""

    # KEYS: one for each budget; ARGV: seconds and amount of each.
    _TAKE: Final = """
        local time = redis.call('time')
        local now = time[1] + time[2] / 1e6
        local debts, after, allowed = {}, {}, 1
        for i, key in ipairs(KEYS) do
            local seconds, amount = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
            debts[i] = math.max(tonumber(redis.call('get', key) or 0) - now, 0)
            after[i] = debts[i] + seconds / amount
            if after[i] > seconds then allowed = 0 end
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

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=0.25, socket_connect_timeout=0.25)
        self._take = self._redis.register_script(self._TAKE)

    async def take(self, key: str, budgets: Sequence[Budget]) -> tuple[bool, list[float]]:
        allowed, debts = await self._take(
            keys=[f"rambla:rate:{{{key}}}:{b.name}" for b in budgets],
            args=[number for b in budgets for number in (b.seconds, b.amount)],
        )
        return bool(allowed), [float(debt) for debt in debts]

    async def close(self) -> None:
        await self._redis.aclose()


class Rates:
    """Buckets in Redis when there is one, and in memory while it does not answer."""

    _PAUSE: Final = 5.0  # how long a Redis that failed is left alone

    def __init__(self, *, redis_url: str, enabled: bool) -> None:
        self.enabled = enabled
        self._memory = MemoryStore()
        self._redis = RedisStore(redis_url) if redis_url else None
        self._redis_from = 0.0

    async def spend(self, name: str, key: str) -> Verdict:
        budgets = BUDGETS[name]
        if not self.enabled:
            return _verdict(budgets, allowed=True, debts=[0.0] * len(budgets))
        allowed, debts = await self._take(key, budgets)
        return _verdict(budgets, allowed=allowed, debts=debts)

    async def close(self) -> None:
        if self._redis:
            await self._redis.close()

    async def _take(self, key: str, budgets: Sequence[Budget]) -> tuple[bool, list[float]]:
        if self._redis and time.monotonic() >= self._redis_from:
            try:
                taken = await self._redis.take(key, budgets)
            except (RedisError, OSError, TimeoutError) as error:
                if not self._redis_failed:
                    log.get().warning("rates.redis_lost", error=str(error))
                self._redis_failed = True
                self._redis_from = time.monotonic() + self._PAUSE
            else:
                self._redis_failed = False
                return taken
        return await self._memory.take(key, budgets)

    _redis_failed = False


def _verdict(budgets: Sequence[Budget], *, allowed: bool, debts: list[float]) -> Verdict:
    budget, debt = max(zip(budgets, debts, strict=True), key=lambda pair: pair[1] / pair[0].seconds)
    step = budget.seconds / budget.amount
    return Verdict(
        allowed=allowed,
        budget=budget,
        remaining=math.floor((budget.seconds - debt) / step + 1e-6),
        reset=math.ceil(debt),
        retry_after=0 if allowed else max(1, math.ceil(debt + step - budget.seconds)),
    )
