"""Whether an answer that was remembered may still be given.

A transaction that changes what answers were made of says so by name (``internal.touch``): a tag such as
``viewer/<uuid>``, and its own id. An answer carries the tags that it rests on and the snapshot in which it was read.
It is good as long as that snapshot sees every transaction that has touched one of its tags: a rule without clocks,
which holds wherever and whenever the answer was read, be it before, during or after the act, here, by another process
or on a standby that lags.

What was touched while nobody listened is not known. So nothing is good while the process does not listen, and after it
began to again only what saw all that had been committed by then.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import Final

from msgspec import Struct

CHANNEL: Final = "touched"
LONGEST: Final = 300.0
"""Seconds that an answer may be remembered, whatever it is. What was touched has to be known for as long."""

_EVERYTHING: Final = "all"
_MOST: Final = 100_000  # acts to remember, some 40 MB
_MARGIN: Final = 60.0  # by how many seconds the clocks of two processes may differ


class Snapshot(Struct, frozen=True):
    """What a statement could see, as ``pg_current_snapshot()`` has it: all before ``end`` that is not ``open``."""

    end: int
    open: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> Snapshot:
        _, end, under_way = text.split(":")
        return cls(int(end), frozenset(map(int, filter(None, under_way.split(",")))))

    def sees(self, transaction: int) -> bool:
        return transaction < self.end and transaction not in self.open

    def sees_each(self, transactions: Collection[int]) -> bool:
        return max(transactions) < self.end and self.open.isdisjoint(transactions)

    def sees_all_of(self, other: Snapshot) -> bool:
        """Whether it sees every transaction that the other one does."""
        return self.end >= other.end and not any(other.sees(transaction) for transaction in self.open)


NOTHING: Final = Snapshot(0, frozenset())


class Origin(Struct):
    """What an answer was made of."""

    snapshot: Snapshot
    tags: Sequence[str]
    found_good_at: int = -1  # by this process only: the number of changes that it knew of then

    def share_names(self) -> None:
        """What many see, many answers rest on: kept once for all of them, its name spares 7 kB of each page."""
        self.tags = tuple(map(sys.intern, self.tags))


class Changes:
    """What has been touched in the last minutes, by tag."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: Snapshot | None = None
        self._trusted_until = 0.0
        # All that has touched a tag and not only the last: transactions do not commit in the order of their ids.
        self._touched: dict[str, set[int]] = {}
        self._heard: deque[tuple[float, str, int]] = deque()
        self._forgotten = 0  # the last transaction of which it is not known any more what it touched
        self._dropped = 0  # the last of those that were forgotten before their time
        self._count = 0

    def begin(self, since: Snapshot) -> None:
        """All that is touched from this snapshot on will be heard of."""
        self._since = since
        self._touched.clear()
        self._heard.clear()
        self._forgotten = self._dropped = 0
        self._count += 1

    def trust(self, until: float) -> None:
        """All that was touched by now has been heard of, and counts as that until then."""
        self._trusted_until = until

    def hear(self, payload: str) -> None:
        """``tag:transaction``, as often as it is told."""
        tag, _, number = payload.rpartition(":")
        transaction = int(number)
        touched = self._touched.setdefault(tag, set())
        if transaction not in touched:
            touched.add(transaction)
            self._heard.append((self._clock() + LONGEST + _MARGIN, tag, transaction))
            self._count += 1
            self._forget()

    @property
    def known(self) -> bool:
        return self._clock() < self._trusted_until

    def allow(self, origin: Origin) -> bool:
        """Whether what was made of this is as good as new."""
        if not self.known:
            return False
        if origin.found_good_at == self._count:
            return True
        if self._since is None or not origin.snapshot.sees_all_of(self._since):
            return False
        if not self._young(origin.snapshot):
            return False
        if not all(self._seen(tag, origin.snapshot) for tag in (_EVERYTHING, *origin.tags)):
            return False
        origin.found_good_at = self._count
        return True

    def _young(self, snapshot: Snapshot) -> bool:
        """Whether it sees all that was forgotten: a standby may be far behind, and too much may have happened."""
        return snapshot.sees(self._forgotten) and all(t > self._dropped for t in snapshot.open)

    def _seen(self, tag: str, snapshot: Snapshot) -> bool:
        touched = self._touched.get(tag)
        return touched is None or snapshot.sees_each(touched)

    def _forget(self) -> None:
        """What is older than any answer can be, and the oldest of too many."""
        now = self._clock()
        while self._heard and (self._heard[0][0] <= now or len(self._heard) > _MOST):
            until, tag, transaction = self._heard.popleft()
            self._forgotten = max(self._forgotten, transaction)
            if until > now:
                self._dropped = max(self._dropped, transaction)
            touched = self._touched[tag]
            touched.discard(transaction)
            if not touched:
                del self._touched[tag]
