"""What the operator's pages show."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import Struct


class Figures(Struct, frozen=True):
    """One number of each system that should make an operator calm or not."""

    ready: int
    running: int
    dead: int
    workers: int
    oldest_ready: dt.datetime | None
    oldest_dead: dt.datetime | None


class Facts(Struct, frozen=True):
    """What the database says of itself."""

    server: str
    size_bytes: int
    connections: int
    oldest_transaction: dt.datetime | None


class Deed(Struct, frozen=True):
    """One line of the audit log."""

    id: int
    at: dt.datetime
    actor_id: UUID | None
    actor: str | None
    action: str
    subject: str
    details: dict[str, Any]
