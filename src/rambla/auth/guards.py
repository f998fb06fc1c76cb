"""Who may come in, asked before a handler runs."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from rambla.errors import Problem
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.auth")
AnyConnection = ASGIConnection[Any, Any, Any, Any]


async def signed_in(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
    """A person or a program that has shown who it is. Async, because a plain guard would cost a thread."""
    _caller(connection)


async def admin(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
    """Asked of the database each time: a role taken away is gone at the next request."""
    caller = _caller(connection)
    if caller.role == "service_role":
        return
    database: Database = connection.app.state.database
    async with database.transaction(caller, read_only=True) as tx:
        if not await tx.value(bool, sql.is_admin):
            raise Problem("forbidden")


def _caller(connection: AnyConnection) -> Caller:
    caller: Caller = connection.scope["state"]["caller"]
    if caller.role == "anon":
        raise Problem("not_signed_in")
    return caller
