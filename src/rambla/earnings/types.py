"""The words of earnings as values; amounts are in minor units of their currency."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from msgspec import Struct

Status = Literal["pending", "captured", "reversed", "expired"]


class Summary(Struct, frozen=True, kw_only=True):
    """Totals of one currency. ``missed`` is ``total - captured``: still open (pending), or lost."""

    currency: str
    total: int
    captured: int
    pending: int
    missed: int
    missed_open: int
    missed_lost: int
    reversed: int
    expired: int
    event_count: int
    next_capture_at: dt.datetime | None
    changed_at: dt.datetime


class Event(Struct, frozen=True, kw_only=True):
    """One event, or one transition of an earlier event, with its reason in words."""

    id: UUID
    seq: int
    occurred_at: dt.datetime
    currency: str
    amount_minor: int
    status: Status
    kind: str
    reason: str
    words: str
    from_pending: int
    from_captured: int
    pending_left: int
    expected_at: dt.datetime | None
    parent_id: UUID | None
    source: str
    source_ref: str


class Page(Struct, frozen=True, kw_only=True):
    """A page of the timeline, newest first; no next_cursor at the end."""

    items: list[Event]
    next_cursor: str | None


class Recomputed(Struct, frozen=True, kw_only=True):
    """What the sum of the events came to; ``drift`` is what the ledger was off by before."""

    currency: str
    total: int
    captured: int
    pending: int
    missed: int
    reversed: int
    expired: int
    event_count: int
    new_events: int
    drift: int


class Explanation(Struct, frozen=True, kw_only=True):
    """Where the money of one event is now, and why."""

    event_id: UUID
    words: str
    expected_at: dt.datetime | None
    currency: str
    amount_minor: int
    pending: int
    captured: int
    reversed: int
    expired: int
