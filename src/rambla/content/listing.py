"""Lists of posts, the newest first: of an author, and of a tag."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.content.types import Listed, SignedPost
from rambla.kit import cursors
from rambla.kit.db import Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.content")
SHOWN: Final = 12


class After(Struct, frozen=True, array_like=True, tag="posts"):
    """The last post of a page: when it was published, and which it is."""

    at: dt.datetime
    id: UUID


async def posts_of(tx: Transaction, person_id: UUID, *, cursor: str | None, limit: int = SHOWN) -> Listed:
    """What one may see of an author's posts."""
    after = cursors.decode(cursor, After)
    posts = await tx.all(
        SignedPost, sql.posts_of, id=person_id, limit=limit,
        before=after and after.at, before_id=after and after.id,
    )  # fmt: skip
    return _page(posts, limit)


async def tagged(tx: Transaction, tag: str, *, cursor: str | None, limit: int = SHOWN) -> Listed:
    """Public posts with a tag."""
    after = cursors.decode(cursor, After)
    posts = await tx.all(
        SignedPost, sql.tagged, tag=tag, limit=limit,
        before=after and after.at, before_id=after and after.id,
    )  # fmt: skip
    return _page(posts, limit)


def _page(posts: list[SignedPost], limit: int) -> Listed:
    """A full page may be the last one; then the next is empty, and its cursor null."""
    last = posts[-1] if len(posts) == limit else None
    return Listed(posts=posts, next_cursor=cursors.encode(After(last.created_at, last.id)) if last else None)
