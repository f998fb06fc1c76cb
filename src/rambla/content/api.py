"""Content for programs: posts, shop items, profiles, and what one person wants of another."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post, put
from litestar.params import HeaderParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT
from msgspec import Struct

from rambla.auth.guards import signed_in
from rambla.content import actions
from rambla.content.types import NewPost, NewShopItem, Post, PostChange, Profile, ShopItem, ShopItemChange
from rambla.errors import Problem
from rambla.kit.db import Caller, Database
from rambla.kit.etags import conditional
from rambla.kit.queries import Queries, Query

sql = Queries("rambla.content")
T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]

Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", min_length=1, max_length=200)]


class Person(Struct, frozen=True):
    id: UUID


@post("/v1/posts", guards=[signed_in])
async def publish(data: NewPost, caller: Caller, db: Database, key: Key = None) -> Response[Post]:
    """Write a post: 201, or 200 with the same post when the id or the Idempotency-Key was used before."""
    async with db.transaction(caller) as tx:
        published = await actions.publish(tx, data, author_id=_own_id(caller), key=key)
    return _made(published.post, replayed=published.replayed)


@get("/v1/posts/{post_id:uuid}")
async def show_post(
    request: AnyRequest, post_id: UUID, caller: Caller, db: Database
) -> Response[Post | None]:
    """A post that the caller may see."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await tx.one(Post, sql.post, id=post_id))


@patch("/v1/posts/{post_id:uuid}", guards=[signed_in])
async def change_post(post_id: UUID, data: PostChange, caller: Caller, db: Database) -> Post:
    """Change one of the caller's posts; what is left out stays, and a state only moves forward."""
    async with db.transaction(caller) as tx:
        return await actions.change_post(tx, post_id, data)


@delete("/v1/posts/{post_id:uuid}", guards=[signed_in])
async def remove_post(post_id: UUID, caller: Caller, db: Database) -> None:
    """Remove one of the caller's posts; it is in nobody's feed from the next call on."""
    async with db.transaction(caller) as tx:
        await actions.change_post(tx, post_id, PostChange(state="removed"))


@post("/v1/shop-items", guards=[signed_in])
async def offer(data: NewShopItem, caller: Caller, db: Database, key: Key = None) -> Response[ShopItem]:
    """Offer a shop item: 201, or 200 with the same one when the id or the Idempotency-Key was used before."""
    async with db.transaction(caller) as tx:
        offered = await actions.offer(tx, data, seller_id=_own_id(caller), key=key)
    return _made(offered.item, replayed=offered.replayed)


@get("/v1/shop-items/{item_id:uuid}")
async def show_shop_item(
    request: AnyRequest, item_id: UUID, caller: Caller, db: Database
) -> Response[ShopItem | None]:
    """A shop item that the caller may see."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await tx.one(ShopItem, sql.shop_item, id=item_id))


@patch("/v1/shop-items/{item_id:uuid}", guards=[signed_in])
async def change_shop_item(item_id: UUID, data: ShopItemChange, caller: Caller, db: Database) -> ShopItem:
    """Change one of the caller's shop items, such as its price or stock; orders keep what they were placed with."""
    async with db.transaction(caller) as tx:
        return await actions.change_shop_item(tx, item_id, data)


@delete("/v1/shop-items/{item_id:uuid}", guards=[signed_in])
async def remove_shop_item(item_id: UUID, caller: Caller, db: Database) -> None:
    """Take one of the caller's shop items off the shelf for good."""
    async with db.transaction(caller) as tx:
        await actions.change_shop_item(tx, item_id, ShopItemChange(state="removed"))


@get("/v1/profiles/{handle:str}")
async def show_profile(
    request: AnyRequest, handle: str, caller: Caller, db: Database
) -> Response[Profile | None]:
    """A person, and whether the caller follows, mutes or blocks them."""
    query = sql.profile if caller.user_id else sql.profile_for_visitor
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await tx.one(Profile, query, handle=handle))


@put("/v1/follows/{user_id:uuid}", guards=[signed_in], status_code=HTTP_204_NO_CONTENT)
async def follow(user_id: UUID, caller: Caller, db: Database) -> None:
    """Follow a person; twice is once."""
    await _relate(db, caller, sql.follow, user_id)


@delete("/v1/follows/{user_id:uuid}", guards=[signed_in])
async def unfollow(user_id: UUID, caller: Caller, db: Database) -> None:
    """Stop following a person."""
    await _relate(db, caller, sql.unfollow, user_id)


@put("/v1/mutes/{user_id:uuid}", guards=[signed_in], status_code=HTTP_204_NO_CONTENT)
async def mute(user_id: UUID, caller: Caller, db: Database) -> None:
    """See nothing of a person, who is not told."""
    await _relate(db, caller, sql.mute, user_id)


@delete("/v1/mutes/{user_id:uuid}", guards=[signed_in])
async def unmute(user_id: UUID, caller: Caller, db: Database) -> None:
    """See a person again."""
    await _relate(db, caller, sql.unmute, user_id)


@put("/v1/blocks/{user_id:uuid}", guards=[signed_in], status_code=HTTP_204_NO_CONTENT)
async def block(user_id: UUID, caller: Caller, db: Database) -> None:
    """Neither sees the other any more, and neither follows the other."""
    await _relate(db, caller, sql.block, user_id)


@delete("/v1/blocks/{user_id:uuid}", guards=[signed_in])
async def unblock(user_id: UUID, caller: Caller, db: Database) -> None:
    """Lift a block; follows that it ended do not come back."""
    await _relate(db, caller, sql.unblock, user_id)


async def _relate(db: Database, caller: Caller, query: Query, user_id: UUID) -> None:
    async with db.transaction(caller) as tx:
        await tx.one(Person, sql.person, id=user_id)
        await tx.run(query, id=user_id)


def _own_id(caller: Caller) -> UUID:
    if caller.user_id is None:
        raise Problem("forbidden", "A program has nothing of its own to publish; it takes a person's token.")
    return caller.user_id


def _made(content: T, *, replayed: bool) -> Response[T]:
    if replayed:
        return Response(content, status_code=HTTP_200_OK, headers={"Idempotency-Replay": "true"})
    return Response(content, status_code=HTTP_201_CREATED)


HANDLERS = [
    publish, show_post, change_post, remove_post,
    offer, show_shop_item, change_shop_item, remove_shop_item,
    show_profile, follow, unfollow, mute, unmute, block, unblock,
]  # fmt: skip
