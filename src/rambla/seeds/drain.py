"""A worker for as long as jobs are due, whose mail goes nowhere: nobody lives at example.org."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from rambla.jobs import tasks as jobs
from rambla.jobs.registry import Registry
from rambla.jobs.worker import CHANNEL, QUEUE_CONNECTIONS, Worker
from rambla.kit.db import SERVICE, Database
from rambla.kit.pubsub import Hub
from rambla.kit.queries import Queries
from rambla.notifications import tasks as notifications
from rambla.notifications.email import Email
from rambla.notifications.mail_folder import MailFolder

sql = Queries("rambla.seeds", "movielens.sql")

_LOOK_EVERY: Final = 0.2  # seconds
_PATIENCE: Final = 120.0


async def drain(url: str) -> None:
    """Return when nothing is due any more."""
    hub = Hub(url, channels=(CHANNEL,))
    hub.start()
    try:
        async with (
            Database.opened(url, size=QUEUE_CONNECTIONS) as queue,
            Database.opened(url, size=4) as handlers,
        ):
            with tempfile.TemporaryDirectory() as folder:
                await _work(queue, handlers, Database.at(url, size=1), hub, Path(folder))
    finally:
        await hub.stop()


async def _work(queue: Database, handlers: Database, pulse: Database, hub: Hub, mail: Path) -> None:
    email = Email(MailFolder(mail), sender="Rambla <seeds@example.org>", base_url="https://example.org")
    worker = Worker(
        queue=queue,
        handlers=handlers,
        pulse=pulse,
        hub=hub,
        registry=Registry(jobs.TASKS, notifications.tasks({"email": email})),
        queues=["critical", "default", "bulk"],
        concurrency=8,
        grace=10.0,
    )
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(stop))
    try:
        async with asyncio.timeout(_PATIENCE):
            while await _waiting(handlers) and not working.done():
                await asyncio.wait({working}, timeout=_LOOK_EVERY)
    finally:
        stop.set()
        await working


async def _waiting(db: Database) -> int:
    async with db.transaction(SERVICE, read_only=True) as tx:
        return await tx.value(int, sql.waiting)
