"""What every request gets: an id, log context, security headers, one line in the log, one tick in the metrics."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, Final

from litestar.types import ASGIApp, Message, Receive, Send
from prometheus_client import Counter

from rambla.kit import log, problems
from rambla.kit.answers import Headers
from rambla.kit.metrics import Durations, Tally
from rambla.kit.pages import CONTENT_SECURITY_POLICY

REQUESTS: Final = Counter("rambla_requests", "Requests answered.", ["method", "route", "status"])
SECONDS: Final = Durations("rambla_request_seconds", "Time to the first byte.", ["route"])

Stamp = Callable[[Headers], None]
"""What a middleware or a guard has to say in the headers of the answer, whoever gives it: ``state["stamps"]``."""


def _write(labels: tuple[str, ...], seconds: list[float]) -> None:
    REQUESTS.labels(*labels).inc(len(seconds))
    SECONDS.labels(labels[1]).observe_all(seconds)


TALLY: Final = Tally(_write)

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

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        asked: dict[bytes, bytes] = dict(scope["headers"])
        request_id = _request_id(asked)
        stamps: list[Stamp] = []
        scope["state"].update(request_id=request_id, headers=asked, stamps=stamps)
        if scope["method"] == "HEAD":
            send = _headless(scope, send)
        answered = False

        async def answer(message: Message) -> None:
            nonlocal answered
            answered = True
            if message["type"] == "http.response.start":
                headers: Headers = list(message["headers"])
                for stamp in stamps:
                    stamp(headers)
                message["headers"] = [*headers, *_SECURITY, (b"x-request-id", request_id.encode())]
                _account(scope, message["status"], time.perf_counter() - started)
            await send(message)

        with log.bound(request_id=request_id):
            try:
                await self._app(scope, receive, answer)
            except Exception as error:  # of a middleware; what a handler raises, the router has answered
                if answered:
                    raise
                await problems.refuse(error, scope, receive, answer)


def _headless(scope: Any, send: Send) -> Send:
    """Every GET answers HEAD too: the router sees a GET, the client the same headers and no body."""
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


def _request_id(asked: dict[bytes, bytes]) -> str:
    """A proxy's own id is kept when it is harmless, so that its log and ours can be read together."""
    if b"x-request-id" in asked:
        sent = asked[b"x-request-id"].decode("latin-1")
        if sent.replace("-", "").isalnum() and len(sent) <= _LONGEST_ID:
            return sent
    return f"{random.getrandbits(128):032x}"  # no secret: it only has to be another one each time


def _account(scope: Any, status: int, seconds: float) -> None:
    # Labels are few: never the path itself, whose ids have no end, nor a method that somebody made up.
    route = scope.get("path_template") or "unmatched"
    method = scope["method"] if scope["method"] in _METHODS else "other"
    TALLY.note((method, route, str(status)), seconds)
    log.get().info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
