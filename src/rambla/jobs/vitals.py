"""What an orchestrator and Prometheus ask a worker process: ``/livez``, ``/readyz``, ``/metrics``.

In threads of their own, on the server that prometheus-client ships: a handler that keeps the loop busy is what
``/livez`` is there to tell of.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from rambla.kit import log

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

# What is wrong, in one sentence; None when nothing is.
Complaint = Callable[[], str | None]
_TEXT: Final = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))


@contextmanager
def served(host: str, port: int, *, alive: Complaint, ready: Complaint) -> Iterator[None]:
    """Answer for as long as the block lasts; port 0 is nowhere."""
    if not port:
        yield
        return
    server = make_server(host, port, _application(alive, ready), ThreadingWSGIServer, _Quiet)
    thread = threading.Thread(target=server.serve_forever, name="vitals", daemon=True)
    thread.start()
    log.get().info("worker.vitals", address=f"http://{host}:{port}/readyz")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _application(alive: Complaint, ready: Complaint) -> Callable[..., Iterable[bytes]]:
    metrics: Callable[..., Iterable[bytes]] = make_wsgi_app()
    asked = {"/livez": ("alive", alive), "/readyz": ("ready", ready)}

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return metrics(environ, start_response)
        if path not in asked:
            start_response("404 Not Found", [*_TEXT])
            return [b"/livez /readyz /metrics\n"]
        word, complaint = asked[path]
        wrong = complaint()
        start_response("503 Service Unavailable" if wrong else "200 OK", [*_TEXT])
        return [f"{wrong or word}\n".encode()]

    return answer


class _Quiet(WSGIRequestHandler):
    """Probes come every few seconds: no line for each."""

    def log_message(self, *_: Any) -> None:
        pass
