"""Enqueue jobs in a transaction of one's own: they exist when it commits, and a key is one job."""

from __future__ import annotations

import asyncio
import datetime as dt
import os

from msgspec import Struct

from rambla.jobs.actions import enqueue
from rambla.jobs.context import JobContext
from rambla.jobs.registry import Registry
from rambla.kit.db import SERVICE, Database

TASKS = Registry()


class Greet(Struct, frozen=True, kw_only=True):
    name: str


@TASKS.job("example_greet", queue="examples")
async def greet(_job: JobContext, payload: Greet) -> str:
    return f"Hello, {payload.name}"


async def main() -> None:
    async with Database.opened(os.environ["DATABASE_URL"], size=1) as db:
        async with db.transaction(SERVICE) as tx:
            first = await enqueue(tx, Greet(name="Alice"), key="greet:alice", tags=["welcome"])
            again = await enqueue(tx, Greet(name="Alice"), key="greet:alice")
            print(
                f"Alice is greeted by job {first.id}, and the same key is the same job: {first.id == again.id}"
            )

            hourly = await enqueue(tx, Greet(name="Bob"), key="greet:bob", unique=dt.timedelta(hours=1))
            print(f"Bob is greeted at most once an hour, now by job {hourly.id}")

            tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
            later = await enqueue(tx, Greet(name="Charlie"), run_at=tomorrow)
            print(f"Charlie is greeted tomorrow, by job {later.id}")
        try:
            async with db.transaction(SERVICE) as tx:
                await enqueue(tx, Greet(name="nobody"), key="greet:nobody")
                1 / 0  # noqa: B018 - something goes wrong
        except ZeroDivisionError:
            print("Nobody is greeted: the job went with its transaction")


if __name__ == "__main__":
    asyncio.run(main())
