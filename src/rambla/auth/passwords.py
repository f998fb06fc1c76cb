"""Passwords: slow to check on purpose, so never on the event loop and never many at once."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Final, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rambla.errors import Problem

P = ParamSpec("P")
T = TypeVar("T")

SHORTEST: Final = 8
LONGEST: Final = 200

# OWASP's second choice of argon2id: 19 MiB and some 20 ms of one core, so that signing in never takes them all.
_KIBIBYTES: Final = 19 * 1024
_PASSES: Final = 2
_AT_ONCE: Final = 2
_MOST_WAITING: Final = 100  # whoever comes after these is told to come again


class Passwords:
    """Argon2id in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="argon2")
        self._waiting = 0

    async def verify(self, stored: str | None, password: str) -> bool:
        """Takes as long for a name that nobody has (``stored`` is None) as for a wrong password."""
        return await self._in_thread(_verify, stored, password)

    async def hash(self, password: str) -> str:
        return await self._in_thread(_hasher().hash, check(password))

    def is_dated(self, stored: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return _hasher().check_needs_rehash(stored)

    def close(self) -> None:
        self._threads.shutdown()

    async def _in_thread(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        if self._waiting >= _MOST_WAITING:
            raise Problem("unavailable", headers={"Retry-After": "2"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, partial(function, *arguments, **named)
            )
        finally:
            self._waiting -= 1


def check(password: str) -> str:
    """The password, if it may be one: length is what counts, so nothing else is asked."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Problem("invalid_value", f"A password has {SHORTEST} to {LONGEST} characters.")
    return password


def _verify(stored: str | None, password: str) -> bool:
    try:
        _hasher().verify(stored or _nobodys(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(memory_cost=_KIBIBYTES, time_cost=_PASSES, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_urlsafe())
