"""Writing and changing what is in the feed, so that sending a request twice does it once."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID, uuid5

import msgspec
from msgspec import UNSET, Struct

from rambla.content.types import NewPost, NewShopItem, Post, PostChange, ShopItem, ShopItemChange
from rambla.errors import Problem
from rambla.kit.db import Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.content")
T = TypeVar("T", bound=Struct)


class Published(Struct, frozen=True):
    post: Post
    replayed: bool


class Offered(Struct, frozen=True):
    item: ShopItem
    replayed: bool


async def publish(tx: Transaction, new: NewPost, *, author_id: UUID, key: str | None = None) -> Published:
    """A new post, or the one that the same request made before."""
    id_ = await _identify(tx, new.id, owner_id=author_id, key=key and f"post {key}")
    inserted = await tx.run(sql.post_insert, **_fields(new) | {"id": id_, "author_id": author_id})
    post = await tx.first(Post, sql.post, id=id_)
    if post is None or post.author_id != author_id:
        raise Problem("conflict")
    _require_same(new, post)
    return Published(post, replayed=not inserted)


async def offer(tx: Transaction, new: NewShopItem, *, seller_id: UUID, key: str | None = None) -> Offered:
    """A new shop item, or the one that the same request made before."""
    if not await tx.value(bool, sql.knows_currency, currency=new.currency):
        raise Problem("unknown_currency")
    id_ = await _identify(tx, new.id, owner_id=seller_id, key=key and f"shop_item {key}")
    inserted = await tx.run(sql.shop_item_insert, **_fields(new) | {"id": id_, "seller_id": seller_id})
    item = await tx.first(ShopItem, sql.shop_item, id=id_)
    if item is None or item.seller_id != seller_id:
        raise Problem("conflict")
    _require_same(new, item)
    return Offered(item, replayed=not inserted)


async def change_post(tx: Transaction, id_: UUID, change: PostChange) -> Post:
    """The author's post with the change in it; ``state`` only moves forward."""
    post = _with(await tx.one(Post, sql.post_own, id=id_), change)
    await tx.run(sql.post_update, **_fields(post))
    return post


async def change_shop_item(tx: Transaction, id_: UUID, change: ShopItemChange) -> ShopItem:
    """The seller's shop item with the change in it; ``state`` only moves forward."""
    item = _with(await tx.one(ShopItem, sql.shop_item_own, id=id_), change)
    await tx.run(sql.shop_item_update, **_fields(item))
    return item


async def _identify(tx: Transaction, given: UUID | None, *, owner_id: UUID, key: str | None) -> UUID:
    """An Idempotency-Key is an id of its own: the owner's and no other's."""
    if given is not None:
        return given
    return uuid5(owner_id, key) if key else await tx.value(UUID, sql.new_id)


def _require_same(new: Struct, found: Struct) -> None:
    sent = {name: value for name, value in _fields(new).items() if name != "id"}
    if any(getattr(found, name) != value for name, value in sent.items()):
        raise Problem("idempotency_mismatch")


def _with(value: T, change: Struct) -> T:
    return msgspec.structs.replace(value, **{k: v for k, v in _fields(change).items() if v is not UNSET})


def _fields(value: Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(value)
