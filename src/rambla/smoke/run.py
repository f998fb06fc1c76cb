"""Try the promises one by one and say what became of each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from urllib.error import URLError
from uuid import UUID

from msgspec import Struct

from rambla.auth import tokens
from rambla.errors import Problem
from rambla.kit.db import SERVICE, Database
from rambla.kit.queries import Queries
from rambla.smoke import design, earnings, feed, notifications, workers
from rambla.smoke.live import Live
from rambla.smoke.promises import PROMISES, Broken, Promise

sql = Queries("rambla.smoke")

SYSTEMS = (feed, notifications, earnings, workers, design)  # importing them fills the list

Say = Callable[[str], None]


class Admin(Struct, frozen=True):
    id: UUID


def run(owner_url: str, url: str, say: Say) -> int:
    """One line a promise; the number of broken ones decides the exit status."""
    return asyncio.run(_run(owner_url, url, say))


async def _run(owner_url: str, url: str, say: Say) -> int:
    db = Database.at(owner_url, size=2)
    await db.open()
    try:
        live = Live(db=db, url=url, token=await _admin_token(db))
        started = time.monotonic()
        broken = [promise for promise in PROMISES if not await _try(promise, live, say)]
        say(
            f"{len(PROMISES) - len(broken)} of {len(PROMISES)} promises hold, in {time.monotonic() - started:.1f} s"
        )
    finally:
        await db.close()
    return 1 if broken else 0


async def _try(promise: Promise, live: Live, say: Say) -> bool:
    try:
        await promise.check(live)
    except (Broken, Problem, URLError, OSError) as error:
        say(f"BROKEN  {promise.system}: {promise.sentence}\n        {error}")
        return False
    say(f"ok      {promise.system}: {promise.sentence}")
    return True


async def _admin_token(db: Database) -> str:
    """Good for a minute, audited like every session."""
    token = tokens.new()
    async with db.transaction(SERVICE) as tx:
        admin = await tx.first(Admin, sql.admin)
        if admin is None:
            raise Problem("not_found", "Nobody is an admin here, as whom to look: run rambla up once.")
        await tx.run(sql.session, viewer=admin.id, token=tokens.digest(token))
    return token
