"""Contract functions by name: what PostgreSQL itself knows of their arguments, and the statement that calls one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from rambla.errors import Problem
from rambla.kit.db import ANONYMOUS, Database, Transaction
from rambla.kit.queries import Queries, Query

sql = Queries("rambla.kit", "calls.sql")


class Function(Struct, frozen=True, kw_only=True):
    """A function of schema ``public``; names and types are the catalogue's, quoted by PostgreSQL."""

    name: str
    arguments: dict[str, str]  # name to type
    returns: str  # a row type, a scalar, or void
    returns_set: bool
    read_only: bool

    async def call(self, tx: Transaction, arguments: Mapping[str, Any]) -> bytes:
        """The result as JSON, written by PostgreSQL."""
        for name in arguments:
            if name not in self.arguments:
                raise Problem("invalid_input", f"{self.name} takes no argument {name}.")
        encoded = msgspec.json.encode(arguments).decode()
        return (await tx.value(str, self._statement(list(arguments)), arguments=encoded)).encode()

    def _statement(self, given: list[str]) -> Query:
        """Takes one JSON object, whose members PostgreSQL itself turns into the arguments' types."""
        types = ", ".join(f"{name} {self.arguments[name]}" for name in given)
        named = ", ".join(f"{name} => a.{name}" for name in given)
        source = f"jsonb_to_record(%(arguments)s::jsonb) as a ({types}) cross join lateral " if given else ""
        if self.returns_set:
            result = "coalesce(json_agg(f), '[]')"
        else:
            result = "json 'null'" if self.returns == "void" else "to_json(f)"
        return Query(f"select {result}::text as result from {source}public.{self.name}({named}) as f")


class Functions:
    """Read from the catalogue once per process: a release that changes a signature restarts it."""

    def __init__(self) -> None:
        self._by_name: dict[str, Function] = {}

    async def find(self, database: Database, name: str) -> Function:
        if not self._by_name:
            async with database.transaction(ANONYMOUS, read_only=True) as tx:
                self._by_name = {
                    function.name: function for function in await tx.all(Function, sql.functions)
                }
        try:
            return self._by_name[name]
        except KeyError:
            raise Problem("not_found", "There is no such function.") from None
