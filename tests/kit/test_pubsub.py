"""What the hub may believe of what it hears, straight from PostgreSQL and through a transaction pooler."""

from __future__ import annotations

import asyncio

from conftest import TestDatabase
from pgbouncer import pooled
from rambla.kit.changes import Changes
from rambla.kit.pubsub import Hub


async def test_who_listens_to_postgresql_itself_may_remember(database: TestDatabase) -> None:
    changes = Changes()
    hub = Hub(database.login_url, channels=(), touched=changes)
    hub.start()
    try:
        async with asyncio.timeout(10):
            while not changes.known:  # noqa: ASYNC110 - trust is a moment, and no event
                await asyncio.sleep(0.02)
    finally:
        await hub.stop()

    assert not changes.known  # it does not outlive the connection


async def test_behind_a_pooler_that_swallows_what_is_told_nothing_is_remembered(
    database: TestDatabase,
) -> None:
    changes = Changes()
    with pooled(database.login_url, size=2) as url:
        hub = Hub(url, channels=(), touched=changes)
        hub.start()
        try:
            async with asyncio.timeout(10):
                await hub.connected.wait()
            for _ in range(20):
                assert not changes.known
                await asyncio.sleep(0.02)
        finally:
            await hub.stop()
