"""What earnings promise."""

from __future__ import annotations

from msgspec import Struct

from rambla.kit.db import SERVICE
from rambla.kit.queries import Queries
from rambla.smoke.live import Live
from rambla.smoke.promises import expect, promise

sql = Queries("rambla.smoke")


class Ledger(Struct, frozen=True):
    total: int
    captured: int
    pending: int
    missed: int
    drift: int
    sum_of_events: int


@promise("earnings", "Ledger totals are the sum of the events")
async def sums(live: Live) -> None:
    ledger = await _ledger(live)
    expect((ledger.total, ledger.drift), (ledger.sum_of_events, 0), "total and drift")


@promise("earnings", "Captured and pending are told apart")
async def buckets(live: Live) -> None:
    ledger = await _ledger(live)
    expect((ledger.captured, ledger.pending), (700, 500), "captured and pending of 1200")


@promise("earnings", "Missed is total less captured")
async def missed(live: Live) -> None:
    ledger = await _ledger(live)
    expect(ledger.missed, ledger.total - ledger.captured, "missed")


@promise("earnings", "The page shows the four cards and the timeline")
async def page(live: Live) -> None:
    html = await live.get("/earnings")
    missing = [word for word in ("Total", "Captured", "Pending", "Missed", "timeline") if word not in html]
    expect(missing, [], "words that the page lacks")


async def _ledger(live: Live) -> Ledger:
    """One person who has 12.00 coming and 7.00 of it captured."""
    async with live.stage() as (tx, cast):
        await tx.become(SERVICE)
        await tx.run(sql.earn, author=cast.author)
        await tx.run(sql.capture, author=cast.author)
        return await tx.one(Ledger, sql.recompute, author=cast.author)
