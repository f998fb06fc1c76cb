"""Reads that answer 304 when the reader has the same already."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.status_codes import HTTP_304_NOT_MODIFIED

T = TypeVar("T")

_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}


def conditional(request: Request[Any, Any, Any], content: T) -> Response[T | None]:
    """The content under a tag of its own; nothing but the tag for a reader who has sent it along.

    The tag is weak: what is the same may be compressed differently on the way.
    """
    tag = f'W/"{hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": tag}
    if tag in _known(request):
        return Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(content, headers=headers)


def _known(request: Request[Any, Any, Any]) -> list[str]:
    return [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
