"""What a seed has left in the database, counted there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from rambla.kit.db import OWNER, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.seeds", "summary.sql")

Say = Callable[[str], None]


class Count(Struct, frozen=True, kw_only=True):
    what: str
    number: int


class Summary(Struct, frozen=True, kw_only=True):
    """``already`` is true when nothing was to be done."""

    name: str
    counts: list[Count]
    already: bool = False
    seconds: float = 0

    def __getitem__(self, what: str) -> int:
        return next(count.number for count in self.counts if count.what == what)

    def tell(self, say: Say) -> None:
        say(f"{self.name} is there already." if self.already else f"{self.name} took {self.seconds:.1f} s.")
        for count in self.counts:
            say(f"  {count.what:<32}{count.number:>12,}")


@contextmanager
def timed(say: Say, what: str) -> Iterator[None]:
    """Say afterwards how long it took."""
    started = time.monotonic()
    yield
    say(f"  {what}: {time.monotonic() - started:.1f} s")


async def counted(db: Database, name: str, *, domain: str) -> Summary:
    """The counts of the people whose mail goes to ``domain``."""
    async with db.transaction(OWNER, read_only=True) as tx:
        return Summary(name=name, counts=await tx.all(Count, sql.counts, domain=domain))
