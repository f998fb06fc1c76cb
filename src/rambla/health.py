"""What a load balancer, an orchestrator and Prometheus ask."""

from __future__ import annotations

import asyncio
import os
import time
from functools import cache
from typing import Any, Final

from litestar import MediaType, Request, Response, get
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from rambla.errors import Problem
from rambla.kit import migrate
from rambla.kit.db import SERVICE, Caller, Database
from rambla.kit.queries import Queries
from rambla.kit.requests import TALLY

sql = Queries("rambla")

_FORWARDED: Final = ("x-forwarded-for", "forwarded", "via")
_LASTS: Final = 1.0  # seconds


class Readiness:
    """What keeps this process from serving, asked of the database once a second however many want to know.

    Health checks have no budget, so whoever sends too many of them must not be able to spend the connections of others.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asking: asyncio.Task[str | None] | None = None
        self._asked_at = 0.0

    async def complaint(self) -> str | None:
        """In one sentence; None for nothing."""
        if self._asking is None or (self._asking.done() and time.monotonic() >= self._asked_at + _LASTS):
            self._asking = asyncio.create_task(self._ask())
            self._asked_at = time.monotonic()
        return await asyncio.shield(self._asking)

    async def _ask(self) -> str | None:
        try:
            async with self._db.transaction(SERVICE, read_only=True) as tx:
                missing = await tx.value(list[str], sql.migrations_missing, names=_scripts())
        except Problem as problem:
            if problem.code == "unavailable":
                return "The database does not answer."
            return f"The migrations cannot be read: {problem.message}"
        return f"Not applied: {', '.join(missing)}. Run rambla migrate." if missing else None


@get("/livez", media_type=MediaType.TEXT, sync_to_thread=False)
def livez() -> str:
    """Whether the process answers; it asks nobody else."""
    return "alive\n"


@get("/readyz", media_type=MediaType.TEXT)
async def readyz(readiness: Readiness) -> str:
    """Whether the database answers and has every migration of this release; 503 says what is missing."""
    complaint = await readiness.complaint()
    if complaint:
        raise Problem("unavailable", complaint, headers={"Retry-After": "1"})
    return "ready\n"


@get("/metrics", sync_to_thread=False)
def metrics(request: Request[Any, Any, Any], caller: Caller) -> Response[bytes]:
    """Counters for Prometheus, for this machine and for service tokens."""
    if caller.role != "service_role" and not _is_local(request):
        raise Problem("forbidden" if caller.user_id else "not_signed_in")
    TALLY.flush()
    return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST)


HANDLERS: Final = [livez, readyz, metrics]


def _is_local(request: Request[Any, Any, Any]) -> bool:
    """Straight from this machine: a proxy here would make the whole world look local."""
    client = request.client
    forwarded = any(name in request.headers for name in _FORWARDED)
    return client is not None and client.host in ("127.0.0.1", "::1") and not forwarded


def _registry() -> CollectorRegistry:
    """Of all server processes when there are several: they share files in one directory."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package does not annotate it
    return registry


@cache
def _scripts() -> list[str]:
    return migrate.names()
