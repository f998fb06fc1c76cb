"""What every request gets: an id, log context, security headers, one line in the log, one tick in the metrics."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any, Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from rambla.errors import Problem
from rambla.kit import log, problems
from rambla.kit.pages import CONTENT_SECURITY_POLICY

REQUESTS: Final = Counter("rambla_requests", "Requests answered.", ["method", "route", "status"])
SECONDS: Final = Histogram("rambla_request_seconds", "Time to the first byte.", ["route"])

_SECURITY: Final = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
_LONGEST_ID: Final = 64
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMiddleware:
    """Outermost, so that a refused request is logged and counted like any other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = _request_id(scope)
        scope["state"]["request_id"] = request_id
        started = time.perf_counter()
        send = _headless(scope, send)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers: list[tuple[bytes, bytes]] = list(message["headers"])
                message["headers"] = [*headers, *_SECURITY, (b"x-request-id", request_id.encode())]
                _account(scope, message["status"], time.perf_counter() - started)
            await send(message)

        with log.bound(request_id=request_id):
            try:
                await self._app(scope, receive, answer)
            except Problem as problem:  # of a middleware; what a handler raises, the router has answered
                await problems.refuse(problem, scope, receive, answer)


def _headless(scope: Any, send: Send) -> Send:
    """Every GET answers HEAD too: the router sees a GET, the client the same headers and no body."""
    if scope["method"] != "HEAD":
        return send
    scope["method"] = "GET"
    ended = False

    async def answer(message: Message) -> None:
        nonlocal ended
        if message["type"] == "http.response.start":
            await send(message)
        elif not ended:
            ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return answer


def _request_id(scope: Scope) -> str:
    """A proxy's own id is kept when it is harmless, so that its log and ours can be read together."""
    sent: str = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"x-request-id"), "")
    return sent if sent.replace("-", "").isalnum() and len(sent) <= _LONGEST_ID else os.urandom(16).hex()


def _account(scope: Any, status: int, seconds: float) -> None:
    # Labels are few: never the path itself, whose ids have no end, nor a method that somebody made up.
    route = scope.get("path_template") or "unmatched"
    method = scope["method"] if scope["method"] in _METHODS else "other"
    _requests(method, route, status).inc()
    _seconds(route).observe(seconds)
    log.get().info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


# Looking a label up takes longer than counting; there are as few as there are labels.
_requests = cache(REQUESTS.labels)
_seconds = cache(SECONDS.labels)
