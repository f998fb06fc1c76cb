"""Spends the general budgets: every request of every route, those that lead nowhere included."""

from __future__ import annotations

from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Guard, Receive, Scope, Send

from rambla.auth.addresses import subscriber
from rambla.auth.rates import Rates
from rambla.kit.db import Caller

_READS: Final = {"GET", "HEAD", "OPTIONS"}
# Health checks must not run dry, and files are cheap and many.
_FREE: Final = ("/livez", "/readyz", "/static/")


class RateLimitMiddleware:
    """Inside ``AuthMiddleware``: a person has one budget from wherever they come, a visitor their line's."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._rates.enabled or scope["path"].startswith(_FREE):
            await self._app(scope, receive, send)
            return
        caller: Caller = scope["state"]["caller"]
        verdict = await self._rates.spend(_budget(scope, caller), _key(scope, caller))
        if not verdict.allowed:
            raise verdict.problem
        scope["state"]["stamps"].append(verdict.stamp)
        await self._app(scope, receive, send)


def within(name: str) -> Guard:
    """The guard of a handler that has a narrower budget of its own, by line."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        rates: Rates = connection.app.state.rates
        verdict = await rates.spend(name, _line(connection.scope))
        if not verdict.allowed:
            raise verdict.problem

    return guard


def _budget(scope: Any, caller: Caller) -> str:
    if caller.role == "service_role":
        return "service"
    return "read" if scope["method"] in _READS else "write"


def _key(scope: Scope, caller: Caller) -> str:
    if caller.role == "service_role":
        return "service"
    return f"user:{caller.name}" if caller.user_id else _line(scope)


def _line(scope: Scope) -> str:
    return f"line:{subscriber(scope['state']['address'])}"
