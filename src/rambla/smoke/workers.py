"""What the queue promises."""

from __future__ import annotations

from msgspec import Struct

from rambla.kit.db import SERVICE, Transaction
from rambla.kit.queries import Queries
from rambla.smoke.live import Live
from rambla.smoke.promises import expect, promise

sql = Queries("rambla.smoke")


class Failed(Struct, frozen=True):
    status: str
    seconds: float


@promise("workers", "Retries after 60, 120 and 240 seconds, back in status pending")
async def backoff(live: Live) -> None:
    async with live.db.rehearsal() as tx:
        await tx.become(SERVICE)
        job = await _insert(tx, max_attempts=4)
        waits = [await _fail(tx, job) for _ in range(3)]
        expect(
            waits,
            [Failed("pending", 60), Failed("pending", 120), Failed("pending", 240)],
            "after each failure",
        )


@promise("workers", "The third failure of three moves the job to dead_letter_queue")
async def dead(live: Live) -> None:
    async with live.db.rehearsal() as tx:
        await tx.become(SERVICE)
        job = await _insert(tx, max_attempts=3)
        for _ in range(3):
            await tx.run(sql.fail, job=job)
        expect(await tx.value(int, sql.alive, job=job), 0, "rows left in worker_jobs")
        expect(await tx.value(int, sql.dead, job=job), 1, "rows in dead_letter_queue")


@promise("workers", "The same idempotency_key is the same job")
async def same_key(live: Live) -> None:
    async with live.db.rehearsal() as tx:
        await tx.become(SERVICE)
        ids = [await tx.value(int, sql.enqueue) for _ in range(2)]
        expect(ids[0], ids[1], "the two job ids")


@promise("workers", "The admin page shows figures and dead letters")
async def page(live: Live) -> None:
    html = await live.get("/admin/jobs")
    missing = [word for word in ("Ready", "Running", "Dead letters") if word not in html]
    expect(missing, [], "words that the page lacks")


async def _insert(tx: Transaction, *, max_attempts: int) -> int:
    return await tx.value(int, sql.poison, max_attempts=max_attempts)


async def _fail(tx: Transaction, job: int) -> Failed:
    await tx.run(sql.fail, job=job)
    return await tx.one(Failed, sql.wait, job=job)
