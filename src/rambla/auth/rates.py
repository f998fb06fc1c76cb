"""How much anybody may ask for, and how they are told."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from redis.exceptions import RedisError

from rambla.auth.buckets import Budget, MemoryBuckets, RedisBuckets, Taken
from rambla.errors import Problem
from rambla.kit import log
from rambla.kit.answers import Headers

BUDGETS: Final[dict[str, tuple[Budget, ...]]] = {
    "write": (Budget("write", 120, 60),),
    "service": (Budget("service", 6000, 60),),
    "sign_in": (Budget("sign-in", 5, 60), Budget("sign-in-hour", 20, 3600)),
}


class Verdict(NamedTuple):
    """What is left of the budget that is nearest to its end."""

    allowed: bool
    budget: Budget
    debt: float

    @property
    def headers(self) -> Headers:
        """The two fields of the IETF's draft, and the three that programs of today read."""
        name, policy, limit = _told(self.budget)
        remaining = max(0, int((self.budget.seconds - self.debt) / self.budget.step + 0.01))
        reset = math.ceil(self.debt)
        return [
            policy,
            (b"ratelimit", b"%s;r=%d;t=%d" % (name, remaining, reset)),
            limit,
            (b"ratelimit-remaining", b"%d" % remaining),
            (b"ratelimit-reset", b"%d" % reset),
        ]

    def stamp(self, answer: Headers) -> None:
        """Says so on an answer, unless a narrower budget has, or a CDN would tell it to everybody."""
        for name, value in answer:
            if (name == b"cache-control" and value.startswith(b"public")) or name.lower() == b"ratelimit":
                return
        answer += self.headers

    @property
    def problem(self) -> Problem:
        wait = math.ceil(self.debt + self.budget.step - self.budget.seconds)
        headers = {name.decode(): value.decode() for name, value in self.headers}
        return Problem("rate_limited", headers={**headers, "Retry-After": str(max(1, wait))})


class Rates:
    """Buckets in Redis when there is one, and in memory while it does not answer."""

    _PAUSE: Final = 5.0  # how long a Redis that failed is left alone

    def __init__(self, *, redis_url: str, enabled: bool, reads: int = 600) -> None:
        self.enabled = enabled
        self._reads = (Budget("read", reads, 60),)
        # Apart, so that a flood of one kind cannot push out what another kind remembers.
        self._memory: defaultdict[str, MemoryBuckets] = defaultdict(MemoryBuckets)
        self._redis = RedisBuckets(redis_url) if redis_url else None
        self._redis_lost = False
        self._redis_from = 0.0

    async def spend(self, name: str, key: str) -> Verdict:
        """One request of this kind by this key."""
        budgets = self._reads if name == "read" else BUDGETS[name]
        if not self.enabled:
            return Verdict(allowed=True, budget=budgets[0], debt=0.0)
        taken = await self._take_shared(key, budgets) or self._memory[name].take(key, budgets)
        return _judge(budgets, taken)

    async def close(self) -> None:
        if self._redis:
            await self._redis.close()

    async def _take_shared(self, key: str, budgets: Sequence[Budget]) -> Taken | None:
        if self._redis is None or time.monotonic() < self._redis_from:
            return None
        try:
            taken = await self._redis.take(key, budgets)
        except (RedisError, OSError) as error:
            if not self._redis_lost:
                log.get().warning("rates.redis_lost", error=str(error))
            self._redis_lost = True
            self._redis_from = time.monotonic() + self._PAUSE
            return None
        if self._redis_lost:
            log.get().info("rates.redis_back")
        self._redis_lost = False
        return taken


class Brake:
    """Stops a line that keeps sending tokens which nobody has, before the database is asked about the next.

    In this process only: it guards the process's own connections, and asking Redis would cost as much.
    """

    _BUDGET: Final = Budget("stranger", 60, 60)

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._memory = MemoryBuckets()

    def check(self, line: str) -> None:
        debt = self._memory.debt(line, self._BUDGET)
        if self._enabled and not self._BUDGET.holds(debt + self._BUDGET.step):
            raise Verdict(allowed=False, budget=self._BUDGET, debt=debt).problem

    def press(self, line: str) -> None:
        self._memory.take(line, [self._BUDGET])


def _judge(budgets: Sequence[Budget], taken: Taken) -> Verdict:
    if len(budgets) == 1:  # as for nearly every request
        return Verdict(taken.allowed, budgets[0], taken.debts[0])
    budget, debt = max(zip(budgets, taken.debts, strict=True), key=lambda pair: pair[1] / pair[0].seconds)
    return Verdict(allowed=taken.allowed, budget=budget, debt=debt)


@cache
def _told(budget: Budget) -> tuple[bytes, tuple[bytes, bytes], tuple[bytes, bytes]]:
    """What is said of a budget whatever is left of it: its name, and two fields. There are as many as budgets."""
    name = b'"%s"' % budget.name.encode()
    policy = b"%s;q=%d;w=%d" % (name, budget.amount, budget.seconds)
    return name, (b"ratelimit-policy", policy), (b"ratelimit-limit", b"%d" % budget.amount)
