"""What a load balancer, an orchestrator and Prometheus ask."""

from __future__ import annotations

import os
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


@get("/livez", media_type=MediaType.TEXT, sync_to_thread=False)
def livez() -> str:
    """Whether the process answers; it asks nobody else."""
    return "alive\n"


@get("/readyz", media_type=MediaType.TEXT)
async def readyz(db: Database) -> str:
    """Whether the database answers and has every migration of this release; 503 says what is missing."""
    if not await db.ready():
        raise _not_ready("The database does not answer.")
    try:
        async with db.transaction(SERVICE, read_only=True) as tx:
            missing = await tx.value(list[str], sql.migrations_missing, names=_scripts())
    except Problem as problem:
        raise _not_ready(f"The migrations cannot be read: {problem.message}") from problem
    if missing:
        raise _not_ready(f"Not applied: {', '.join(missing)}. Run rambla migrate.")
    return "ready\n"


@get("/metrics", sync_to_thread=False)
def metrics(request: Request[Any, Any, Any], caller: Caller) -> Response[bytes]:
    """Counters for Prometheus, for this machine and for service tokens."""
    if caller.role != "service_role" and not _is_local(request):
        raise Problem("forbidden" if caller.user_id else "not_signed_in")
    TALLY.flush()
    return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST)


HANDLERS: Final = [livez, readyz, metrics]


def _not_ready(reason: str) -> Problem:
    return Problem("unavailable", reason, headers={"Retry-After": "1"})


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
