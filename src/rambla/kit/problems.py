"""Errors as people and programs read them: RFC 9457 for programs, a page for people."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

import msgspec
import sentry_sdk
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR
from litestar.types import Receive, Scope, Send

from rambla.errors import Problem
from rambla.kit import log
from rambla.kit.pages import Pages

AnyRequest = Request[Any, Any, Any]

_BY_STATUS: Final = {
    400: "invalid_input",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
    503: "unavailable",
}
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


def handle_problem(request: AnyRequest, problem: Problem) -> Response[bytes]:
    """Answer with what the table says; only our own faults are logged as errors."""
    if problem.status >= HTTP_500_INTERNAL_SERVER_ERROR:
        log.get().error("request.failed", code=problem.code, exc_info=problem.__cause__ or problem)
        sentry_sdk.capture_exception(problem.__cause__ or problem)
    return _answer(request, problem)


def handle_http(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """The framework's own refusals, in our words."""
    details = error.extra if isinstance(error, ValidationException) else None
    code = _BY_STATUS.get(error.status_code, "invalid_input" if error.status_code < 500 else "internal")  # noqa: PLR2004 - the class of the status
    headers = {"Allow": _methods_of(request)} if code == "method_not_allowed" else None
    return _answer(request, Problem(code, details=details, headers=headers))


def handle_depth(request: AnyRequest, _error: RecursionError) -> Response[bytes]:
    """Nothing of ours recurses but the reading of JSON, so it was a body that nests without end."""
    return _answer(request, Problem("invalid_input", "The body nests too deeply."))


def handle_unknown(request: AnyRequest, error: Exception) -> Response[bytes]:
    """A fault that nobody foresaw: its text goes to the log, never to the caller."""
    log.get().error("request.failed", code="internal", exc_info=error)
    sentry_sdk.capture_exception(error)
    return _answer(request, Problem("internal"))


async def refuse(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer in place of the application, for a middleware around it."""
    request: AnyRequest = Request(scope, receive, send)
    answer = handle_problem(request, error) if isinstance(error, Problem) else handle_unknown(request, error)
    await answer.to_asgi_response(None, request)(scope, receive, send)


def body_of(problem: Problem, request_id: str) -> dict[str, Any]:
    """The members of RFC 9457 and PostgREST's four words; ``type`` leads to the reference page."""
    return {
        "type": f"/docs/errors#{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "kind": problem.kind,
        "message": problem.message,
        "details": problem.details,
        "hint": problem.hint,
        "request_id": request_id,
    }


def _methods_of(request: AnyRequest) -> str:
    """What the address does take; RFC 9110 wants it said, and only the router knows."""
    allowed = []
    for method in _METHODS:
        with suppress(HTTPException):
            request.app.asgi_router.handle_routing(path=request.scope["path"], method=method)
            allowed += ["GET", "HEAD"] if method == "GET" else [method]
    return ", ".join(allowed)


def _answer(request: AnyRequest, problem: Problem) -> Response[bytes]:
    request_id = str(request.scope.get("state", {}).get("request_id", ""))
    if wants_page(request):
        pages: Pages = request.app.state.pages
        response = pages.error(request, problem, request_id=request_id)
    else:
        content = msgspec.json.encode(body_of(problem, request_id))
        response = Response(content, status_code=problem.status, media_type="application/problem+json")
    response.headers.update(problem.headers)
    return response


def wants_page(request: AnyRequest) -> bool:
    """People's browsers ask for HTML; everything under /v1 and /rpc answers programs."""
    path = request.scope["path"]
    return not path.startswith(("/v1", "/rpc")) and "text/html" in request.headers.get("accept", "")
