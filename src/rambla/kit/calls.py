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


class Argument(Struct, frozen=True):
    """Name and type are the catalogue's, quoted by PostgreSQL."""

    name: str
    type: str
    required: bool


class Function(Struct, frozen=True, kw_only=True):
    """A function of schema ``public``."""

    name: str
    arguments: list[Argument]
    returns: str
    returns_set: bool
    read_only: bool
    purpose: str

    async def call(self, tx: Transaction, arguments: Mapping[str, Any]) -> bytes:
        """The result as JSON, written by PostgreSQL."""
        known = {argument.name for argument in self.arguments}
        for name in arguments:
            if name not in known:
                raise Problem("invalid_input", f"{self.name} takes no argument {name}.")
        for argument in self.arguments:
            if argument.required and argument.name not in arguments:
                raise Problem("invalid_input", f"{self.name} needs the argument {argument.name}.")
        encoded = msgspec.json.encode(arguments).decode()
        return (await tx.value(str, self._statement(arguments), arguments=encoded)).encode()

    def _statement(self, given: Mapping[str, Any]) -> Query:
        """Takes one JSON object, whose members PostgreSQL itself turns into the arguments' types."""
        used = [argument for argument in self.arguments if argument.name in given]
        types = ", ".join(f"{argument.name} {argument.type}" for argument in used)
        named = ", ".join(f"{argument.name} => a.{argument.name}" for argument in used)
        source = f"jsonb_to_record(%(arguments)s::jsonb) as a ({types}) cross join lateral " if used else ""
        if self.returns_set:
            result = "coalesce(json_agg(f), '[]')"
        else:
            result = "json 'null'" if self.returns == "void" else "coalesce(to_json(f), 'null')"
        return Query(f"select {result}::text as result from {source}public.{self.name}({named}) as f")


class Functions:
    """Read from the catalogue once per process: a release that changes a signature restarts it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_name: dict[str, Function] = {}

    async def find(self, name: str) -> Function:
        """``not_found`` where this database has no such function."""
        if not self._by_name:
            async with self._database.transaction(ANONYMOUS, read_only=True) as tx:
                self._by_name = {f.name: f for f in await tx.all(Function, sql.functions)}
        try:
            return self._by_name[name]
        except KeyError:
            raise Problem("not_found", "There is no such function.") from None

    async def known(self, names: frozenset[str]) -> list[Function]:
        """Those of the names that this database has, in order."""
        found = []
        for name in sorted(names):
            try:
                found.append(await self.find(name))
            except Problem:
                continue
        return found
