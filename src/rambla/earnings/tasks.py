"""Jobs of earnings."""

from __future__ import annotations

import datetime as dt
from typing import Final

from msgspec import Struct

from rambla.jobs.context import JobContext
from rambla.jobs.registry import Registry, Schedule
from rambla.kit import log
from rambla.kit.db import SERVICE
from rambla.kit.queries import Queries

sql = Queries("rambla.earnings")
TASKS = Registry()

_USERS_A_NIGHT: Final = 1000
_USERS_A_TRANSACTION: Final = 20  # nobody among them can press the button until it ends


class Mature(Struct, frozen=True, kw_only=True):
    """Whatever is due is captured, so there is nothing to say."""


class Verify(Struct, frozen=True, kw_only=True):
    """How many people's ledgers are recomputed from their first event on."""

    users: int = _USERS_A_NIGHT


class Verified(Struct, frozen=True, kw_only=True):
    users: int
    drifted: int


@TASKS.job("earnings_mature", timeout=600)
async def mature(job: JobContext, _payload: Mature) -> None:
    """Capture what has been held long enough, a thousand a transaction, until nothing is due."""
    matured = 1
    while matured:
        async with job.database.transaction(SERVICE) as tx:
            matured = await tx.value(int, sql.mature)


@TASKS.job("earnings_verify", queue="bulk", timeout=3600)
async def verify(job: JobContext, payload: Verify) -> Verified:
    """Prove the ledgers that were not proved for longest. A drift is put right, kept in earnings_drift, and shouted."""
    async with job.database.transaction(SERVICE, read_only=True) as tx:
        begun = await tx.value(dt.datetime, sql.moment)
    users = drifted = 0
    while users < payload.users:
        async with job.database.transaction(SERVICE) as tx:
            some = await tx.one(Verified, sql.verify, users=_USERS_A_TRANSACTION, before=begun)
        if not some.users:
            break
        users, drifted = users + some.users, drifted + some.drifted
    if drifted:
        log.get().error("earnings.drift", users=users, drifted=drifted)
    return Verified(users=users, drifted=drifted)


TASKS.schedule(Schedule(name="earnings_mature", cron="*/5 * * * *", payload=Mature()))
TASKS.schedule(Schedule(name="earnings_verify", cron="40 3 * * *", payload=Verify()))
