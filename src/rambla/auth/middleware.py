"""Who asks: a bearer token for programs, a cookie for people's browsers."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from rambla.auth.cookies import SessionCookie
from rambla.auth.sessions import Sessions
from rambla.errors import Problem
from rambla.kit import log
from rambla.kit.db import ANONYMOUS, Caller

_SAFE: Final = {"GET", "HEAD", "OPTIONS"}


class AuthMiddleware(ASGIMiddleware):
    """Puts the ``Caller`` into the scope's state; refuses a bad token and a request from another site."""

    def __init__(self, sessions: Sessions, cookie: SessionCookie) -> None:
        self._sessions = sessions
        self._cookie = cookie

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        headers = _headers(scope)
        bearer = headers.get(b"authorization")
        answer = send
        if bearer is not None:
            caller = await self._by_bearer(bearer)
        elif token := self._cookie.read(headers.get(b"cookie", b"").decode("latin-1")):
            _require_same_site(scope["method"], headers)
            session = await self._sessions.find(token)
            caller = session.caller if session else ANONYMOUS
            answer = send if session else self._clearing(send)
        else:
            caller = ANONYMOUS
        scope["state"]["caller"] = caller
        with log.bound(user_id=str(caller.user_id or caller.role)):
            await next_app(scope, receive, answer)

    async def _by_bearer(self, header: bytes) -> Caller:
        scheme, _, token = header.decode("latin-1").partition(" ")
        session = await self._sessions.find(token.strip()) if scheme.lower() == "bearer" else None
        if session is None:
            raise Problem("not_signed_in", headers={"WWW-Authenticate": "Bearer"})
        return session.caller

    def _clearing(self, send: Send) -> Send:
        """A cookie that means nobody is taken back, or the browser would send it for a month."""
        gone = self._cookie.clear().to_encoded_header()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and not _sets_cookie(message, self._cookie.name):
                message["headers"] = [*message["headers"], gone]
            await send(message)

        return answer


def caller_of(request: Request[Any, Any, Any]) -> Caller:
    """The ``caller`` dependency of every handler."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def _require_same_site(method: str, headers: dict[bytes, bytes]) -> None:
    """A browser adds the cookie to other sites' forms too; what those forms ask for is not the person's wish."""
    if method in _SAFE:
        return
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        allowed = site in (b"same-origin", b"none")
    else:
        origin = headers.get(b"origin", b"").partition(b"://")[2]
        allowed = origin != b"" and origin == headers.get(b"host")
    if not allowed:
        raise Problem("cross_site")


def _headers(scope: Scope) -> dict[bytes, bytes]:
    return dict(scope["headers"])


def _sets_cookie(message: Any, name: str) -> bool:
    return any(k == b"set-cookie" and v.startswith(name.encode()) for k, v in message["headers"])
