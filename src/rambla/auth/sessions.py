"""Tokens to callers, remembered for a moment so that most requests ask the database once less."""

from __future__ import annotations

import datetime as dt
import time
from collections import OrderedDict
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from rambla.auth import tokens
from rambla.kit.db import ANONYMOUS, SERVICE, Caller, Database, Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.auth")

Kind = Literal["cookie", "bearer", "service"]

# A session that was ended by another process is honoured here for at most so long; one ended here, not at all.
TTL: Final = 5.0
_MOST: Final = 20_000


class Session(Struct, frozen=True, kw_only=True):
    """A live row of ``internal.sessions``; a service token has no user."""

    user_id: UUID | None
    kind: Kind
    expires_at: dt.datetime

    @property
    def caller(self) -> Caller:
        return SERVICE if self.user_id is None else Caller.user(self.user_id)


class Sessions:
    """The live sessions that this process has seen in the last seconds, by the digest of their token."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()

    def recall(self, digest: bytes) -> Caller | None:
        until, caller = self._seen.get(digest, (0.0, None))
        return caller if time.monotonic() < until else None

    async def look_up(self, digest: bytes) -> Caller | None:
        """None for a token that is unknown, expired or revoked."""
        async with self._database.transaction(ANONYMOUS) as tx:
            session = await tx.first(Session, sql.caller, digest=digest)
        if session is None:
            return None
        left = (session.expires_at - dt.datetime.now(dt.UTC)).total_seconds()
        self._remember(digest, session.caller, min(TTL, left))
        return session.caller

    async def end(self, caller: Caller, digest: bytes) -> None:
        """Sign out."""
        async with self._database.transaction(caller) as tx:
            await tx.value(bool, sql.end, digest=digest)
        self._seen.pop(digest, None)

    def forget(self, caller: Caller) -> None:
        """After some of a person's sessions were ended: their next requests ask the database."""
        for digest in [d for d, (_, seen) in self._seen.items() if seen == caller]:
            del self._seen[digest]

    def _remember(self, digest: bytes, caller: Caller, seconds: float) -> None:
        self._seen[digest] = (time.monotonic() + seconds, caller)
        self._seen.move_to_end(digest)
        if len(self._seen) > _MOST:
            self._seen.popitem(last=False)


async def start(tx: Transaction, user_id: UUID | None, *, kind: Kind, label: str = "") -> str:
    """A token for a person who has proved who they are, or for a program. ``tx`` is the service's."""
    token = tokens.new()
    await tx.value(UUID, sql.start, user_id=user_id, digest=tokens.digest(token), kind=kind, label=label)
    return token
