"""The list of promises: a sentence and the function that tries it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct

from rambla.smoke.live import Live

Check = Callable[[Live], Awaitable[None]]


class Broken(Exception):  # noqa: N818 - said of a promise
    """A promise does not hold; the message says what was seen."""


class Promise(Struct, frozen=True):
    system: str
    sentence: str
    check: Check


PROMISES: Final[list[Promise]] = []


def promise(system: str, sentence: str) -> Callable[[Check], Check]:
    """Add the function below to the list."""

    def add(check: Check) -> Check:
        PROMISES.append(Promise(system, sentence, check))
        return check

    return add


def expect(seen: object, wanted: object, what: str) -> None:
    """Break the promise unless both are equal."""
    if seen != wanted:
        raise Broken(f"{what}: expected {wanted!r}, saw {seen!r}")
