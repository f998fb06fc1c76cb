"""What notifications promise."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

from rambla.auth import tokens
from rambla.kit.db import OWNER, SERVICE, Caller, Transaction
from rambla.kit.queries import Queries
from rambla.smoke.live import Cast, Live
from rambla.smoke.promises import expect, promise

sql = Queries("rambla.smoke")

_AT_ONCE = 2.0


@promise("notifications", "The same key is the same uuid")
async def same_key(live: Live) -> None:
    async with live.stage() as (tx, cast):
        await tx.become(cast.as_viewer)
        first, second = await _send(tx, cast, "a"), await _send(tx, cast, "a")
        expect(first is not None and first == second, True, f"{first} and {second} are one uuid")


@promise("notifications", "Quiet hours return NULL and raise nothing")
async def quiet(live: Live) -> None:
    async with live.stage() as (tx, cast):
        await tx.become(cast.as_viewer)
        await tx.run(sql.quiet)
        expect(await _send(tx, cast, "b"), None, "the uuid in quiet hours")


@promise("notifications", "The sixth of a day on a channel is not sent")
async def cap(live: Live) -> None:
    async with live.stage() as (tx, cast):
        await tx.become(cast.as_viewer)
        sent = [await _send(tx, cast, f"c{n}") is not None for n in range(6)]
        expect(sent, [True] * 5 + [False], "sent")


@promise("notifications", "notif_mark_all_read() leaves nothing unread")
async def mark_all_read(live: Live) -> None:
    async with live.stage() as (tx, cast):
        await tx.become(cast.as_viewer)
        await _send(tx, cast, "d")
        before = await tx.value(int, sql.unread)
        await tx.run(sql.mark_all_read)
        expect((before, await tx.value(int, sql.unread)), (1, 0), "unread before and after")


@promise("notifications", "The bell is told at once")
async def bell(live: Live) -> None:
    """The one promise that has to commit: its person is made for it and deleted afterwards."""
    token = tokens.new()
    async with live.db.transaction(OWNER) as tx:
        cast = await tx.one(Cast, sql.cast)
        await tx.run(sql.people, viewer=cast.viewer, author=cast.author)
    try:
        async with live.db.transaction(SERVICE) as tx:
            await tx.run(sql.session, viewer=cast.viewer, token=tokens.digest(token))
        await _ring(live, cast, token)
    finally:
        async with live.db.transaction(OWNER) as tx:
            await tx.run(sql.leave, viewer=cast.viewer, author=cast.author)


async def _ring(live: Live, cast: Cast, token: str) -> None:
    with live.open("/v1/notifications/stream", token) as stream:
        await asyncio.to_thread(stream.next_unread)
        started = time.monotonic()
        async with live.db.transaction(Caller.user(cast.viewer)) as tx:
            await _send(tx, cast, "bell")
        unread = await asyncio.to_thread(stream.next_unread)
        expect((unread, time.monotonic() - started < _AT_ONCE), (1, True), "unread, and within two seconds")


async def _send(tx: Transaction, cast: Cast, key: str) -> UUID | None:
    sent: UUID | None = await tx.value(UUID | None, sql.send, viewer=cast.viewer, key=key)
    return sent
