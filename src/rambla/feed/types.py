"""The values of the feed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

Mode = Literal["for_you", "following", "trending"]
ItemType = Literal["post", "shop_item"]
Reason = Literal["followed", "interest", "trending", "new_author"]
Reaction = Literal["like", "save"]
HideReason = Literal["hidden", "not_interested"]
SubjectType = Literal["author", "tag"]

MODES: Final[tuple[Mode, ...]] = ("for_you", "following", "trending")
PAGE: Final = 50


class Item(Struct, frozen=True, kw_only=True):
    """One row of a page, as its viewer sees it. Of a shop item ``body`` is the description."""

    item_id: UUID
    item_type: ItemType
    reason: Reason
    author_id: UUID
    author_handle: str
    author_name: str
    author_avatar_url: str | None
    title: str
    body: str
    image_url: str | None
    tags: list[str]
    price_minor: int | None
    currency: str | None
    stock: int | None
    created_at: dt.datetime
    likes: int
    saves: int
    liked: bool
    saved: bool


class Row(Item, frozen=True, kw_only=True):
    """An item with its place: score and id of any row are the cursor of what follows it."""

    score: float


class Page(Struct, frozen=True, kw_only=True):
    """``next_cursor`` leads to what follows and is null at the end."""

    items: list[Item]
    next_cursor: str | None


class Refresh(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    mode: Mode = "for_you"


class Refreshed(Struct, frozen=True, kw_only=True):
    """``epoch`` grows with every refresh."""

    mode: Mode
    epoch: int


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the viewer saw or did. ``event_id`` is the client's, so that a batch may be sent again."""

    event_id: UUID
    item_id: UUID
    kind: Literal["impression", "click", "dwell", "share"]
    dwell_ms: Annotated[int, Meta(ge=0, le=3_600_000)] | UnsetType = UNSET


class Recorded(Struct, frozen=True, kw_only=True):
    """How many of the events were new."""

    recorded: int


class Hide(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: HideReason = "hidden"


class Fewer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``subject`` is an author's id, or a tag."""

    subject_type: SubjectType
    subject: Annotated[str, Meta(min_length=1, max_length=50)]


class MutedWord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word or a phrase; upper and lower case are the same."""

    word: Annotated[str, Meta(min_length=1, max_length=80)]


class Wish(Struct, frozen=True, kw_only=True):
    """Something that the viewer does not want to see: until ``gone_until`` not at all, until ``fades_until`` less."""

    kind: Literal["word", "author", "tag", "hidden", "not_interested"]
    subject: str
    label: str
    since: dt.datetime
    gone_until: dt.datetime | None
    fades_until: dt.datetime | None
