"""One payout per creator at a time, three at once of all, and twenty a second.

DATABASE_URL=... python examples/jobs_limit.py
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter

from msgspec import Struct

from rambla.jobs.actions import Request, enqueue_many
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Rate, Registry
from rambla.jobs.worker import connected
from rambla.kit.db import SERVICE, Database

TASKS = Registry()
now: Counter[str] = Counter()
most: Counter[str] = Counter()
done = asyncio.Event()

CREATORS = ("alice", "bob", "charlie", "ada", "eve")
PAYOUTS = 4 * len(CREATORS)


class PayOut(Struct, frozen=True, kw_only=True):
    creator: str


@TASKS.job("example.pay_out", queue="example", most_running=3, rate=Rate(20, per=1))
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


async def run(url: str) -> None:
    stop = asyncio.Event()
    payouts = [Request(payload=PayOut(creator=c), partition_key=c) for c in CREATORS for _ in range(4)]
    async with Database.opened(url, size=1) as db, connected(url, TASKS, queues=["example"]) as worker:
        working = asyncio.create_task(worker.run(stop))
        async with db.transaction(SERVICE) as tx:
            await enqueue_many(tx, payouts)
        await done.wait()
        stop.set()
        await working
    print(f"{now['paid']} paid; at once at most {most['everybody']}, of one creator {most['alice']}")


def main() -> None:
    asyncio.run(run(os.environ["DATABASE_URL"]))


if __name__ == "__main__":
    main()
