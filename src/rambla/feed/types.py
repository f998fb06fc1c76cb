"""The values of the feed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

Mode = Literal["for_you", "following", "latest", "trending"]
ItemType = Literal["post", "shop_item"]
Reason = Literal[
    "followed", "interest", "trending", "new_author", "seen", "reposted", "offered", "similar"
]  # fmt: skip
Reaction = Literal["like", "save"]
HideReason = Literal["hidden", "not_interested"]
SubjectType = Literal["author", "tag"]

Name = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,49}$")]

MODES: Final[tuple[Mode, ...]] = ("for_you", "following", "latest", "trending")
PAGE: Final = 50
MOST: Final = 100
LONGEST_CURSOR: Final = 40


class Item(Struct, frozen=True, kw_only=True):
    """One row of a page, as its viewer sees it. Of a shop item ``body`` is the description.

    ``reposter_id``, ``reposter_handle`` and ``reposter_name`` are there when the reason is a repost.
    """

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
    reposts: int
    reposted: bool
    reposter_id: UUID | None
    reposter_handle: str | None
    reposter_name: str | None


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
    """What the viewer saw or did. ``event_id`` is the client's, best of version 7: a batch may be sent again."""

    event_id: UUID
    item_id: UUID
    kind: Literal["impression", "click", "dwell", "like", "save", "share", "add_to_cart"]
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


class News(Struct, frozen=True, kw_only=True):
    """How many posts a refresh would add; a hundred stands for more."""

    count: int


class Kept(Struct, frozen=True, kw_only=True):
    """The row before the one at the top of the screen, and how many items stood up to it."""

    score: float
    item_id: UUID
    passed: int
    kept_at: dt.datetime


class Place(Struct, frozen=True, kw_only=True):
    """``cursor`` leads on from where the viewer stopped, on whichever device; null when that is nowhere."""

    cursor: str | None
    passed: int = 0
    kept_at: dt.datetime | None = None


class PlaceToKeep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``cursor`` of the last row that is above the screen; null forgets."""

    mode: Mode = "for_you"
    cursor: Annotated[str, Meta(max_length=40)] | None = None


class Term(Struct, frozen=True, kw_only=True):
    """A part of a score: 0.69 doubles, -0.69 halves, and null is a fact without a number."""

    term: str
    value: float | None
    words: str


class Arm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``share`` is in percent of all viewers."""

    arm: Name
    weights_version: int
    share: Annotated[float, Meta(gt=0, le=100)]


class NewExperiment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without ``salt`` the name decides who is in which arm."""

    name: Name
    arms: Annotated[list[Arm], Meta(min_length=1, max_length=10)]
    salt: Annotated[str, Meta(min_length=1, max_length=100)] | None = None


class Experiment(Struct, frozen=True, kw_only=True):
    name: str
    started_at: dt.datetime
    stopped_at: dt.datetime | None


class Figures(Struct, frozen=True, kw_only=True):
    """Of one arm: what its viewers were given (exposures are slates) and did from their first one on.

    ``clicked``, ``liked`` and ``hid`` are how many of them did so at all.
    """

    arm: str
    weights_version: int
    share: float
    viewers: int
    exposures: int
    clicks: int
    likes: int
    hides: int
    clicked: int
    liked: int
    hid: int
