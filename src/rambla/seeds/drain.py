"""A worker for as long as jobs are due, whose mail goes nowhere: nobody lives at example.org."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from rambla.jobs import tasks as jobs
from rambla.jobs.registry import Registry
from rambla.jobs.worker import working
from rambla.kit.db import SERVICE, Database
from rambla.kit.queries import Queries
from rambla.notifications import tasks as notifications
from rambla.notifications.email import Email
from rambla.notifications.mail_folder import MailFolder

sql = Queries("rambla.seeds", "movielens.sql")

QUEUES: Final = ("critical", "default", "bulk")
_LOOK_EVERY: Final = 0.2  # seconds
_PATIENCE: Final = 120.0


async def drain(url: str) -> None:
    """Return when nothing is due any more."""
    with tempfile.TemporaryDirectory() as folder:
        email = Email(
            MailFolder(Path(folder)), sender="Rambla <seeds@example.org>", base_url="https://example.org"
        )
        registry = Registry(jobs.TASKS, notifications.tasks({"email": email}))
        async with (
            asyncio.timeout(_PATIENCE),
            Database.opened(url, size=1) as db,
            working(url, registry, queues=QUEUES, concurrency=8, grace=10.0, pool_size=4),
        ):
            while await _waiting(db):  # noqa: ASYNC110 - what is waited for happens in a database
                await asyncio.sleep(_LOOK_EVERY)


async def _waiting(db: Database) -> int:
    async with db.transaction(SERVICE, read_only=True) as tx:
        return await tx.value(int, sql.waiting)
