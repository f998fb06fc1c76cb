"""A database that lives as long as a block."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from rambla.kit.migrate import create_database, migrate


@contextmanager
def scratch(url: str) -> Iterator[str]:
    """Migrated and empty, beside the one that ``url`` names; its owner is whoever ``url`` logs in as."""
    name = f"rambla_scratch_{os.urandom(6).hex()}"
    create_database(url, name)
    try:
        address = make_conninfo(url, dbname=name)
        migrate(address)
        yield address
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
