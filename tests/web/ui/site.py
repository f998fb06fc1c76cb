"""A server for the look alone: rendered templates, the static files, and answers that a test makes up.

It sends the content security policy of the product, so a page that needs more breaks here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.async_api import Page

from rambla.kit.pages import CONTENT_SECURITY_POLICY, Pages
from rambla.ui.static import STATIC_DIRS, asset_url

ENVIRONMENT = Pages(["rambla.ui"], asset=asset_url)._environment


class Viewer(NamedTuple):
    name: str = "Alice Almeida"
    handle: str = "alice"
    avatar_url: str | None = None
    is_admin: bool = True
    unread: int = 3


def render(template: str, *, viewer: Viewer | None = None, path: str = "/patterns", **view: Any) -> str:
    return ENVIRONMENT.get_template(template).render(viewer=viewer, path=path, **view)


def page_of(main: str, *, viewer: Viewer | None = None, path: str = "/page") -> str:
    """A page of the layout with this template text as its main part."""
    source = f'{{% extends "ui/layout.html" %}}{{% block main %}}<h1>A page</h1>{main}{{% endblock %}}'
    return ENVIRONMENT.from_string(source).render(viewer=viewer, path=path)


async def until(page: Page, expression: str) -> None:
    """Wait for a JavaScript expression; the browser's own waiting needs eval, which the policy forbids."""
    async with asyncio.timeout(10):
        while not await page.evaluate(expression):  # noqa: ASYNC110 - a page sets no asyncio.Event
            await asyncio.sleep(0.02)


class Answer(NamedTuple):
    body: str
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class Stream:
    """Server-sent events that a test writes by hand."""

    def __init__(self) -> None:
        self.opened = 0
        self.ended = Event()
        self._listeners: list[BaseHTTPRequestHandler] = []

    def send(self, event: str) -> None:
        for listener in self._listeners:
            listener.wfile.write(event.encode())
            listener.wfile.flush()

    def follow(self, handler: BaseHTTPRequestHandler) -> None:
        self.opened += 1
        self._listeners.append(handler)
        self.ended.wait()


Routes = dict[str, Callable[[], Answer] | Stream]


class Site:
    """``routes`` maps "GET /path" to what answers; a test adds its own."""

    def __init__(self) -> None:
        self.routes: Routes = {}
        self.seen: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def serve(self, path: str, html: str, *, method: str = "GET", status: int = 200, **headers: str) -> None:
        answer = Answer(html, status, headers=tuple((k.replace("_", "-"), v) for k, v in headers.items()))
        self.routes[f"{method} {path}"] = lambda: answer

    def close(self) -> None:
        for route in self.routes.values():
            if isinstance(route, Stream):
                route.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._respond("")

    def do_POST(self) -> None:
        self._respond(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def log_message(self, *_: object) -> None:
        """What was asked is in ``site.seen``."""

    def _respond(self, body: str) -> None:
        site, path = self.server.site, urlsplit(self.path).path
        site.seen.append(f"{self.command} {self.path} {body}".strip())
        route = site.routes.get(f"{self.command} {path}")
        if isinstance(route, Stream):
            self._head(200, "text/event-stream", ())
            route.follow(self)
        elif route is not None:
            self._send(route())
        elif path.startswith("/static/"):
            self._static(path)
        else:
            self._send(Answer("Not here", 404, "text/plain"))

    def _static(self, path: str) -> None:
        folder, _, name = path.removeprefix("/static/").partition("/")
        content = (STATIC_DIRS[folder] / name).read_bytes()
        self._head(200, guess_type(name)[0] or "application/octet-stream", ())
        self.wfile.write(content)

    def _send(self, answer: Answer) -> None:
        self._head(answer.status, answer.content_type, answer.headers)
        self.wfile.write(answer.body.encode())

    def _head(self, status: int, content_type: str, headers: tuple[tuple[str, str], ...]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
