"""PostgreSQL's own programs on this installation's database."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.instance import Instance
from rambla.kit.db import ANONYMOUS, SERVICE, Caller, Database
from rambla.kit.postgres import PostgresError, find_binaries
from rambla.kit.queries import Queries

sql = Queries("rambla")
_ROLES: Final = {"anon": ANONYMOUS, "service_role": SERVICE}


class Profile(Struct, frozen=True):
    id: UUID


class NoSuchPerson(Exception):  # noqa: N818 - a fact, told in one sentence
    """Nobody has that handle."""


def run(here: Instance, arguments: Sequence[str], *, as_: str | None) -> int:
    """``as_`` makes a session with that person's role and claims, under row security like a request of theirs."""
    environment = dict(os.environ)
    if as_ is None:
        return _start(here, "psql", here.owner_url, arguments, environment)
    caller = _ROLES.get(as_) or asyncio.run(_person(here.owner_url, as_))
    environment["PGOPTIONS"] = f"-c role={caller.role} -c request.jwt.claims={caller.claims}"
    return _start(here, "psql", here.settings.database_url, arguments, environment)


def dump(here: Instance, arguments: Sequence[str]) -> int:
    return _start(here, "pg_dump", here.owner_url, arguments, dict(os.environ))


def _start(
    here: Instance, program: str, url: str, arguments: Sequence[str], environment: dict[str, str]
) -> int:
    return subprocess.run([_find(here, program), *arguments, url], env=environment, check=False).returncode


def _find(here: Instance, program: str) -> str:
    beside = (here.bin_dir or find_binaries()) / program
    found = str(beside) if Path(beside).exists() else shutil.which(program)
    if found is None:
        raise PostgresError(f"There is no {program} on this machine: install PostgreSQL's client programs.")
    return found


async def _person(owner_url: str, handle: str) -> Caller:
    database = Database.at(owner_url, size=1)
    await database.open()
    try:
        async with database.transaction(SERVICE, read_only=True) as tx:
            found = await tx.first(Profile, sql.person, handle=handle)
    finally:
        await database.close()
    if found is None:
        raise NoSuchPerson(f"Nobody has the handle {handle}.")
    return Caller.user(found.id)
