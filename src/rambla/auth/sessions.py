"""Tokens to callers, remembered so that most requests ask the database once less."""

from __future__ import annotations

import datetime as dt
import time
from functools import partial
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from rambla.auth import tokens
from rambla.kit.cache import Cache, Kept
from rambla.kit.changes import LONGEST, NOTHING, Changes, Origin, Snapshot
from rambla.kit.db import ANONYMOUS, SERVICE, Caller, Database, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.auth")

Kind = Literal["cookie", "bearer", "service"]

_MOST_BYTES: Final = 16_000_000  # some twenty thousand sessions
_SERVICE: Final = UUID(int=0)  # in whose name internal.sessions_touched() speaks of the service's tokens


class Session(Struct, frozen=True, kw_only=True):
    """A live row of ``internal.sessions``; a service token has no user."""

    user_id: UUID | None
    kind: Kind
    expires_at: dt.datetime
    snapshot: str

    @property
    def caller(self) -> Caller:
        return SERVICE if self.user_id is None else Caller.user(self.user_id)


class Sessions:
    """The live sessions that this process has seen in the last minutes, by the digest of their token.

    One that ended is refused at once by the process that ended it, and by the others when they hear of it.
    """

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._seen: Cache[Caller | None] = Cache(changes, most_bytes=_MOST_BYTES)

    def recall(self, digest: bytes) -> Caller | None:
        """Without waiting for anything; None may be somebody all the same."""
        return self._seen.recall(digest.hex())

    async def look_up(self, digest: bytes) -> Caller | None:
        """None for a token that is unknown, expired or revoked."""
        return await self._seen.get(digest.hex(), partial(self._read, digest))

    async def end(self, caller: Caller, digest: bytes) -> None:
        """Sign out."""
        async with self._database.transaction(caller) as tx:
            await tx.value(bool, sql.end, digest=digest)

    async def _read(self, digest: bytes) -> Kept[Caller | None]:
        asked = time.time()
        async with self._database.transaction(ANONYMOUS) as tx:
            session = await tx.first(Session, sql.caller, digest=digest)
        if session is None:
            return Kept(None, Origin(NOTHING, ()), until=asked, size=0)
        return Kept(
            session.caller,
            Origin(Snapshot.parse(session.snapshot), (f"sessions/{session.user_id or _SERVICE}",)),
            until=min(asked + LONGEST, session.expires_at.timestamp()),
            size=len(digest),
        )


async def start(tx: Transaction, user_id: UUID | None, *, kind: Kind, label: str = "") -> str:
    """A token for a person who has proved who they are, or for a program. ``tx`` is the service's."""
    token = tokens.new()
    await tx.value(UUID, sql.start, user_id=user_id, digest=tokens.digest(token), kind=kind, label=label)
    return token
