"""The values of notifications."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

Channel = Literal["inapp", "email", "push", "sms"]
Lane = Literal["orders", "social", "earnings", "system"]
Status = Literal["queued", "sent", "failed"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

CHANNELS: Final[tuple[Channel, ...]] = ("inapp", "email", "push", "sms")
LANES: Final[tuple[Lane, ...]] = ("orders", "social", "earnings", "system")
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

TypeName = Annotated[str, Meta(min_length=1, max_length=100)]
WallClock = Annotated[str, Meta(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples=["22:00"])]


class Notification(Struct, frozen=True, kw_only=True):
    """One row of the inbox."""

    id: UUID
    seq: int
    type: str
    lane: Lane
    title: str
    body: str
    url: str | None
    data: dict[str, Any]
    created_at: dt.datetime
    read_at: dt.datetime | None

    @property
    def actor(self) -> str | None:
        """Who did it, if the sender said so."""
        name = self.data.get("actor")
        return name if isinstance(name, str) else None


class Page(Struct, frozen=True, kw_only=True):
    """Some of the inbox, newest first; ``next_cursor`` leads to older ones and is null at the end.

    ``seq`` is the last number drawn: sent back as ``up_to_seq`` it leaves unread what came since.
    """

    items: list[Notification]
    next_cursor: str | None
    unread: int
    seq: int


class LaneCount(Struct, frozen=True, kw_only=True):
    lane: Lane
    unread: int


class UnreadCount(Struct, frozen=True, kw_only=True):
    unread: int


class BellItem(Struct, frozen=True, kw_only=True):
    id: UUID
    seq: int
    type: str
    title: str
    body: str
    url: str | None
    created_at: dt.datetime


class BellState(Struct, frozen=True, kw_only=True):
    """What a stream says: the badge's number, the last number drawn, and what is new since the last event."""

    unread: int
    seq: int
    items: list[BellItem]


class Message(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a sender sends; without ``user_id`` to themselves."""

    type: TypeName
    title: Annotated[str, Meta(min_length=1, max_length=200)]
    body: Annotated[str, Meta(max_length=5000)] = ""
    channel: Channel = "inapp"
    data: dict[str, Any] | None = None
    user_id: UUID | None = None
    idempotency_key: Annotated[str, Meta(max_length=200)] | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a send."""

    notification_id: UUID | None
    outcome: Literal["sent", "queued", "replay", "mismatch", "preference", "quiet_hours", "cap"]


class Receipt(Struct, frozen=True, kw_only=True):
    """The answer to a sender; ``suppressed`` says why there is no id."""

    id: UUID | None
    suppressed: Literal["preference", "quiet_hours", "cap"] | None = None


class Readings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which to mark as read: up to a number, of one lane, or all."""

    up_to_seq: Annotated[int, Meta(ge=0)] | None = None
    lane: Lane | None = None


class Changed(Struct, frozen=True, kw_only=True):
    changed: int
    unread: int


class NotificationType(Struct, frozen=True, kw_only=True):
    type: str
    lane: Lane
    critical: bool
    description: str


class Preference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a type, or ``*`` for every type that is not named, may come by a channel."""

    type: TypeName
    channel: Channel
    enabled: bool


class QuietHours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Half-open by the wall clock; a window past midnight belongs to the day it starts on."""

    start: WallClock
    end: WallClock
    days: Annotated[tuple[Weekday, ...], Meta(min_length=1)] = WEEKDAYS
    timezone: str | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """What a send would meet now, and why."""

    outcome: Literal["send", "preference", "quiet_hours", "cap"]
    sent_today: int
    cap: int
    day_ends: dt.datetime
    quiet_until: dt.datetime | None
    timezone: str


class Suppression(Struct, frozen=True, kw_only=True):
    """One attempt that was held back, and why."""

    at: dt.datetime
    channel: Channel
    reason: Literal["preference", "quiet_hours", "cap"]
    description: str


class Delivery(Struct, frozen=True, kw_only=True):
    """One attempt to hand a notification to its channel."""

    user_id: UUID
    notification_id: UUID
    attempt: int
    channel: Channel
    type: str
    critical: bool
    title: str
    body: str
    url: str | None
    created_at: dt.datetime
    name: str
    address: str | None
