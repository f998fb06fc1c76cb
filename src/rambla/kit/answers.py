"""A whole answer as bytes, made once and given many times, also to who has it already."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from isal import igzip
from litestar import Response
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct

Headers = list[tuple[bytes, bytes]]

_LEVEL: Final = 1
_FORM: Final = (b"content-type", b"application/json")
_NO_GZIP: Final = re.compile(rb"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")
_ZIPPED: Final = (b"content-encoding", b"gzip")


class Reply(NamedTuple):
    """What goes out."""

    status: int
    headers: Headers
    body: bytes

    def response(self) -> Response[bytes]:
        """As a handler returns it."""
        headers = {name.decode(): value.decode() for name, value in self.headers}
        return Response(self.body, status_code=self.status, headers=headers)

    async def send(self, send: Send) -> None:
        """As an ASGI application does."""
        start: Any = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


class Answer(Struct, frozen=True):
    """JSON under a tag of its own. The tag is of the bytes that are sent: compressed they are another answer."""

    body: bytes
    tag: bytes
    zipped: bool

    @classmethod
    def of(cls, content: bytes, *, zipped: bool) -> Answer:
        body = igzip.compress(content, _LEVEL, mtime=0) if zipped else content
        return cls(body, b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode(), zipped)

    def to(self, asked: dict[bytes, bytes], *headers: tuple[bytes, bytes]) -> Reply:
        """With these headers for who has sent those; nothing but the tag if they have sent that along."""
        if self.tag in asked.get(b"if-none-match", b""):
            return Reply(HTTP_304_NOT_MODIFIED, [*headers, (b"etag", self.tag)], b"")
        form = [_FORM, _ZIPPED] if self.zipped else [_FORM]
        length = (b"content-length", b"%d" % len(self.body))
        return Reply(HTTP_200_OK, [*headers, (b"etag", self.tag), *form, length], self.body)


class Shortcut:
    """Answers one path without the router, inside of all that guards it; None of ``answer`` leaves it to the router."""

    def __init__(self, app: ASGIApp, path: str, answer: Callable[[Any], Awaitable[Reply | None]]) -> None:
        self._app = app
        self._path = path
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == self._path and _is_get(scope):
            scope["path_template"] = self._path  # what logs and metrics call the route
            reply = await self._answer(scope)
            if reply is not None:
                await reply.send(send)
                return
        await self._app(scope, receive, send)


def _is_get(scope: Any) -> bool:
    return bool(scope["method"] == "GET")


def takes_gzip(asked: dict[bytes, bytes]) -> bool:
    accepted = asked.get(b"accept-encoding", b"")
    return b"gzip" in accepted and not _NO_GZIP.search(accepted)
