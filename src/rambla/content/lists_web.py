"""The page of a tag."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import PathParameter, QueryParameter

from rambla.auth import viewer as viewers
from rambla.content import listing
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages

AnyRequest = Request[Any, Any, Any]

CursorText = Annotated[str | None, QueryParameter(max_length=200)]
TagName = Annotated[str, PathParameter(min_length=1, max_length=50)]


@get("/tags/{tag:str}", include_in_schema=False)
async def show_tag(
    request: AnyRequest, tag: TagName, caller: Caller, db: Database, pages: Pages, cursor: CursorText = None
) -> Response[bytes]:
    """Posts with a tag, the newest first."""
    async with db.transaction(caller, read_only=True) as tx:
        listed = await listing.tagged(tx, tag, cursor=cursor)
        viewer = await viewers.load(tx)
    return pages.render(
        request, "content/tag.html", viewer=viewer, block="tag", tag=tag, listed=listed, cursor=cursor
    )


HANDLERS = [show_tag]
