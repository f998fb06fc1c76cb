"""Making a slate: by PostgreSQL alone, or with what the application's extensions say."""

from __future__ import annotations

import msgspec

from rambla.feed.cursor import START, Cursor
from rambla.feed.extending import FEED, Asking, Candidate, Extensions, Extra
from rambla.feed.types import Mode
from rambla.kit.db import SERVICE, Caller, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")


async def fill(
    db: Database,
    caller: Caller,
    mode: Mode,
    *,
    after: Cursor = START,
    limit: int = 1,
    extensions: Extensions = FEED,
) -> None:
    """A slate that a page can be read from, unless somebody else has just made it.

    Calls that arrive together wait in PostgreSQL for the first. Extensions are asked when a slate begins.
    """
    asked = extensions and mode == "for_you" and after is START
    if asked and caller.user_id and not await _begun(db, caller, mode):
        await _extend(db, Asking(viewer_id=caller.user_id, database=db), extensions, fresh=False)
    async with db.transaction(caller) as tx:
        await tx.run(sql.fill, mode=mode, score=after.score, item_id=after.item_id, limit=limit)


async def refresh(db: Database, caller: Caller, mode: Mode, *, extensions: Extensions = FEED) -> int:
    """A new slate; its epoch."""
    if extensions and mode == "for_you" and caller.user_id:
        return await _extend(db, Asking(viewer_id=caller.user_id, database=db), extensions, fresh=True)
    async with db.transaction(caller) as tx:
        return await tx.value(int, sql.refresh, mode=mode)


async def _begun(db: Database, caller: Caller, mode: Mode) -> bool:
    async with db.transaction(caller, read_only=True) as tx:
        return await tx.value(int | None, sql.epoch, mode=mode) is not None


async def _extend(db: Database, asking: Asking, extensions: Extensions, *, fresh: bool) -> int:
    """No transaction is open while extensions run, so a slow one keeps no connection from anybody."""
    extras = await extensions.offers(asking)
    if extensions.scorers:
        async with db.transaction(SERVICE, read_only=True) as tx:
            candidates = await tx.all(
                Candidate, sql.candidates, viewer_id=asking.viewer_id, extras=_json(extras)
            )
        extras += await extensions.nudges(asking, candidates)
    async with db.transaction(SERVICE) as tx:
        return await tx.value(int, sql.extend, viewer_id=asking.viewer_id, extras=_json(extras), fresh=fresh)


def _json(extras: list[Extra]) -> str:
    return msgspec.json.encode(extras).decode()
