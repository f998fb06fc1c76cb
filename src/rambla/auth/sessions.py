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

# A session that ended elsewhere lives on in this process for at most so long; one that ended here, not at all.
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
    """The live sessions that this process has seen in the last seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: OrderedDict[bytes, tuple[float, Session]] = OrderedDict()

    async def find(self, token: str) -> Session | None:
        """None for a token that is malformed, unknown, expired or revoked."""
        if not tokens.well_formed(token):
            return None
        digest = tokens.digest(token)
        return self._recall(digest) or await self._look_up(digest)

    def forget(self, token: str) -> None:
        """At sign-out: the next request with this token asks the database."""
        self._seen.pop(tokens.digest(token), None)

    def _recall(self, digest: bytes) -> Session | None:
        until, session = self._seen.get(digest, (0.0, None))
        return session if time.monotonic() < until else None

    async def _look_up(self, digest: bytes) -> Session | None:
        async with self._database.transaction(ANONYMOUS) as tx:
            session = await tx.first(Session, sql.caller, digest=digest)
        if session is not None:
            self._remember(digest, session)
        return session

    def _remember(self, digest: bytes, session: Session) -> None:
        left = (session.expires_at - dt.datetime.now(dt.UTC)).total_seconds()
        self._seen[digest] = (time.monotonic() + min(TTL, left), session)
        self._seen.move_to_end(digest)
        if len(self._seen) > _MOST:
            self._seen.popitem(last=False)


async def start(tx: Transaction, user_id: UUID | None, *, kind: Kind, label: str = "") -> str:
    """A token for a person who has proved who they are, or for a program. ``tx`` is the service's."""
    token = tokens.new()
    await tx.value(UUID, sql.start, user_id=user_id, digest=tokens.digest(token), kind=kind, label=label)
    return token
