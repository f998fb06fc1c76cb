"""Posts of an author and of a tag, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import PathParameter, QueryParameter

from rambla.content import listing
from rambla.content.types import Listed, Profile
from rambla.kit.db import Caller, Database
from rambla.kit.etags import conditional
from rambla.kit.queries import Queries

sql = Queries("rambla.content")
AnyRequest = Request[Any, Any, Any]

CursorText = Annotated[str | None, QueryParameter(name="cursor", max_length=200)]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]
TagName = Annotated[str, PathParameter(min_length=1, max_length=50)]


@get("/v1/profiles/{handle:str}/posts")
async def list_posts(
    request: AnyRequest,
    handle: str,
    caller: Caller,
    db: Database,
    after: CursorText = None,
    limit: Limit = 50,
) -> Response[Listed | None]:
    """An author's posts, as far as the caller may see them, the newest first."""
    query = sql.profile if caller.user_id else sql.profile_for_visitor
    async with db.transaction(caller, read_only=True) as tx:
        person = await tx.one(Profile, query, handle=handle)
        return conditional(request, await listing.posts_of(tx, person.id, cursor=after, limit=limit))


@get("/v1/tags/{tag:str}/posts")
async def list_tagged(
    request: AnyRequest,
    tag: TagName,
    caller: Caller,
    db: Database,
    after: CursorText = None,
    limit: Limit = 50,
) -> Response[Listed | None]:
    """Public posts with a tag, the newest first; nothing of who is blocked or muted."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await listing.tagged(tx, tag, cursor=after, limit=limit))


HANDLERS = [list_posts, list_tagged]
