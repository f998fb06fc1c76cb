"""Who asks: a bearer token for programs, a cookie for people's browsers."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request
from litestar.types import ASGIApp, Receive, Scope, Send

from rambla.auth import devices, tokens
from rambla.auth.addresses import Addresses, subscriber
from rambla.auth.cookies import SessionCookie
from rambla.auth.origins import Origins
from rambla.auth.rates import Brake
from rambla.auth.sessions import Sessions
from rambla.auth.types import Visitor
from rambla.errors import Problem
from rambla.kit import log
from rambla.kit.answers import Headers
from rambla.kit.db import ANONYMOUS, Caller

AnyRequest = Request[Any, Any, Any]
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}


class AuthMiddleware:
    """Puts the ``Caller`` into the scope's state; refuses a bad token and a form of another site."""

    def __init__(
        self,
        app: ASGIApp,
        sessions: Sessions,
        *,
        cookie: SessionCookie,
        origins: Origins,
        addresses: Addresses,
        brake: Brake,
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._cookie = cookie
        self._origins = origins
        self._addresses = addresses
        self._brake = brake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["state"]
        headers: dict[bytes, bytes] = state["headers"]
        state["address"] = self._addresses.of(scope)
        if bearer := headers.get(b"authorization"):
            caller = await self._by_bearer(bearer, state)
        else:
            token = self._cookie.read(headers.get(b"cookie", b"").decode("latin-1"))
            self._origins.check(_method(scope), headers, has_cookie=token is not None)
            caller = (await self._by_token(token, state) if token else None) or ANONYMOUS
            if token and caller is ANONYMOUS:
                state["stamps"].append(self._take_back)
        state["caller"] = caller
        log.add(user_id=caller.name)
        await self._app(scope, receive, send)

    async def _by_bearer(self, header: bytes, state: dict[str, Any]) -> Caller:
        scheme, _, token = header.decode("latin-1").partition(" ")
        caller = await self._by_token(token.strip(), state) if scheme.lower() == "bearer" else None
        if caller is None:
            raise Problem("not_signed_in", "The token is unknown or has expired.", headers=_CHALLENGE)
        return caller

    async def _by_token(self, token: str, state: dict[str, Any]) -> Caller | None:
        """Leaves the digest in the state, never the token: what holds the state may be written down."""
        if not tokens.well_formed(token):
            return None
        state["session"] = digest = tokens.digest(token)
        if known := self._sessions.recall(digest):
            return known
        line = subscriber(state["address"])
        self._brake.check(line)
        found = await self._sessions.look_up(digest)
        if found is None:
            self._brake.press(line)
        return found

    def _take_back(self, answer: Headers) -> None:
        """A cookie that means nobody, or the browser would send it for a month."""
        if not self._cookie.is_set_by(answer):
            answer.append(self._cookie.clear().to_encoded_header())


def caller_of(request: AnyRequest) -> Caller:
    """The ``caller`` dependency of every handler."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def digest_of(request: AnyRequest) -> bytes:
    """Which session this request belongs to; only a signed-in request has one."""
    digest: bytes = request.scope["state"]["session"]
    return digest


def visitor_of(request: AnyRequest) -> Visitor:
    """From where somebody tries to sign in."""
    address: str = request.scope["state"]["address"]
    return Visitor(address=address, device=devices.describe(request.headers.get("user-agent", "")))


def _method(scope: Any) -> str:
    return str(scope["method"])
