"""The PostgreSQL that measurements are made on, and what they were made under.

Durable commits, and otherwise what `rambla up` gives: nothing is tuned for the occasion.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from rambla.kit.migrate import create_database, migrate
from rambla.kit.postgres import EmbeddedPostgres, find_binaries

Connection = psycopg.Connection[tuple[Any, ...]]

AS_SERVICE = (
    "set role service_role; select set_config('request.jwt.claims', '{\"role\": \"service_role\"}', false)"
)
_SETTINGS = (
    "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_connections", "jit",
    "max_wal_size", "checkpoint_timeout", "autovacuum_naptime",
)  # fmt: skip


@contextmanager
def postgres(major: int | None = None) -> Iterator[EmbeddedPostgres]:
    """One that nobody else uses, gone afterwards, also when the measurement is told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="rambla-bench-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "pg", bin_dir=find_binaries(major))
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def database(server: EmbeddedPostgres, name: str) -> str:
    """A new, empty one; its owner's URL."""
    create_database(server.dsn("postgres"), name)
    return server.dsn(name)


def product(server: EmbeddedPostgres, name: str = "rambla") -> str:
    """A new database with Rambla in it; its owner's URL."""
    url = database(server, name)
    migrate(url)
    return url


def drop(server: EmbeddedPostgres, name: str) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def become_service(connection: Connection) -> None:
    """For the whole session, which is nobody else's here."""
    connection.execute(AS_SERVICE)


def value(connection: Connection, query: LiteralString, *params: Any) -> Any:
    row = connection.execute(query, params).fetchone()
    return row[0] if row else None


def conditions(server: EmbeddedPostgres) -> dict[str, Any]:
    """What somebody must know to make the same measurement elsewhere."""
    with psycopg.connect(server.dsn("postgres")) as connection:
        settings = {name: value(connection, "select current_setting(%s)", name) for name in _SETTINGS}
        version = value(connection, "select current_setting('server_version')")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": version,
        "settings": settings,
        "load": load(),
    }


def load() -> float:
    return round(os.getloadavg()[0], 2)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
