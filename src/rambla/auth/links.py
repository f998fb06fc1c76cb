"""One-time links: they sign a person in once, within half an hour."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from rambla.auth import tokens
from rambla.kit.db import Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.auth")


async def make(tx: Transaction, user_id: UUID) -> str:
    """The token to put behind ``/welcome/``. ``tx`` is the service's."""
    token = tokens.new()
    await tx.value(dt.datetime, sql.link_make, user_id=user_id, digest=tokens.digest(token))
    return token


async def use(tx: Transaction, token: str) -> UUID:
    """Whom it signs in; ``link_used`` at the second use."""
    return await tx.value(UUID, sql.link_use, digest=tokens.digest(token))
