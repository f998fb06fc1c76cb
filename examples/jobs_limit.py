"""One payout per creator at a time, three at once of all, and twenty a second."""

from __future__ import annotations

import asyncio
import os
from collections import Counter

from msgspec import Struct

from rambla.jobs.actions import Request, enqueue_many
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Rate, Registry
from rambla.jobs.worker import working
from rambla.kit import log
from rambla.kit.db import SERVICE, Database

TASKS = Registry()
now: Counter[str] = Counter()
most: Counter[str] = Counter()
done = asyncio.Event()

CREATORS = ("alice", "bob", "charlie", "ada", "eve")
AT_ONCE = 3
PAYOUTS = 4 * len(CREATORS)


class PayOut(Struct, frozen=True, kw_only=True):
    creator: str


@TASKS.job("example.pay_out", queue="example", most_running=AT_ONCE, rate=Rate(20, per=1))
async def pay_out(_job: JobContext, payout: PayOut) -> None:
    """Pay, and note how many do so at this moment."""
    for name in (payout.creator, "everybody"):
        now[name] += 1
        most[name] = max(most[name], now[name])
    await asyncio.sleep(0.01)
    now.subtract((payout.creator, "everybody"))
    now["paid"] += 1
    if now["paid"] == PAYOUTS:
        done.set()


async def main() -> None:
    url = os.environ["DATABASE_URL"]
    payouts = [Request(payload=PayOut(creator=c), partition_key=c) for c in CREATORS for _ in range(4)]
    async with Database.opened(url, size=1) as db, working(url, TASKS, queues=["example"]):
        async with db.transaction(SERVICE) as tx:
            await enqueue_many(tx, payouts)
        await done.wait()
    print(f"{now['paid']} paid, never more than three at once: {most['everybody'] <= AT_ONCE}")
    print(f"never two of one creator at once: {all(most[creator] == 1 for creator in CREATORS)}")


if __name__ == "__main__":
    log.configure(style="console", level="warning")
    asyncio.run(main())
