"""The values of content."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

Visibility = Literal["public", "followers"]
PostState = Literal["draft", "published", "removed"]
ShopItemState = Literal["draft", "listed", "removed"]

PostTitle = Annotated[str, Meta(max_length=200)]
PostBody = Annotated[str, Meta(min_length=1, max_length=5000)]
ItemTitle = Annotated[str, Meta(min_length=1, max_length=200)]
Description = Annotated[str, Meta(max_length=5000)]
ImageUrl = Annotated[str, Meta(pattern="^(https://|/|data:image/)", max_length=100_000)]
Tag = Annotated[str, Meta(pattern=r"^[^\sA-Z#]{1,50}$", description="In lower case and without spaces.")]
Tags = Annotated[list[Tag], Meta(max_length=20)]
Price = Annotated[int, Meta(gt=0, le=2**53, description="In minor units of the currency.")]
CurrencyCode = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Stock = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class Post(Struct, frozen=True, kw_only=True):
    """What an author wrote. With ``removal_reason``, a moderator's, only the author sees it."""

    id: UUID
    author_id: UUID
    title: str
    body: str
    image_url: str | None
    tags: list[str]
    visibility: Visibility
    state: PostState
    age_limited: bool
    removal_reason: str | None
    created_at: dt.datetime


class SignedPost(Post, frozen=True, kw_only=True):
    """A post with who wrote it."""

    author_handle: str
    author_name: str
    author_avatar_url: str | None


class Listed(Struct, frozen=True, kw_only=True):
    """``next_cursor`` leads to what was before and is null at the end."""

    posts: list[SignedPost]
    next_cursor: str | None


class Repost(Struct, frozen=True, kw_only=True):
    """What a person reposted: ``id``, ``handle`` and ``display_name`` are of the original and its author."""

    id: UUID
    words: str
    image_url: str | None
    handle: str
    display_name: str
    created_at: dt.datetime


class NewPost(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``id`` may be the client's: the same id with the same content is the same post."""

    body: PostBody
    id: UUID | None = None
    title: PostTitle = ""
    image_url: ImageUrl | None = None
    tags: Tags = []
    visibility: Visibility = "public"
    state: Literal["draft", "published"] = "published"
    age_limited: bool = False


class PostChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    title: PostTitle | UnsetType = UNSET
    body: PostBody | UnsetType = UNSET
    image_url: ImageUrl | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    state: PostState | UnsetType = UNSET
    age_limited: bool | UnsetType = UNSET


class ShopItem(Struct, frozen=True, kw_only=True):
    """What a seller offers; ``stock`` null means as many as wanted."""

    id: UUID
    seller_id: UUID
    title: str
    description: str
    image_url: str | None
    tags: list[str]
    price_minor: int
    currency: str
    stock: int | None
    state: ShopItemState
    age_limited: bool
    removal_reason: str | None
    created_at: dt.datetime


class NewShopItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``id`` may be the client's: the same id with the same content is the same shop item."""

    title: ItemTitle
    price_minor: Price
    currency: CurrencyCode
    id: UUID | None = None
    description: Description = ""
    image_url: ImageUrl | None = None
    tags: Tags = []
    stock: Stock | None = None
    state: Literal["draft", "listed"] = "listed"
    age_limited: bool = False


class ShopItemChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is. The currency is for good: orders were made in it."""

    title: ItemTitle | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    image_url: ImageUrl | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    price_minor: Price | UnsetType = UNSET
    stock: Stock | UnsetType | None = UNSET
    state: ShopItemState | UnsetType = UNSET
    age_limited: bool | UnsetType = UNSET


class Profile(Struct, frozen=True, kw_only=True):
    """What anyone may know of a person, and what the viewer wants of them."""

    id: UUID
    handle: str
    display_name: str
    bio: str
    avatar_url: str | None
    following: bool
    muted: bool
    blocked: bool


class Removal(Struct, frozen=True, kw_only=True):
    """What a moderator has removed."""

    item_id: UUID
    item_type: Literal["post", "shop_item"]
    author_handle: str
    author_name: str
    words: str
    reason: str


class NewRemoval(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The author reads the reason."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class Moderated(Struct, frozen=True, kw_only=True):
    """``changed`` is false when it was so already."""

    changed: bool


class Named(Struct, frozen=True, kw_only=True):
    """A post or shop item by its first words."""

    id: UUID
    author_name: str
    words: str
