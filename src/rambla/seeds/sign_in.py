"""The demo's people can sign in with a password that everybody knows: good to look around, bad to go live with."""

from __future__ import annotations

import asyncio
from typing import Final

from rambla.auth.passwords import Passwords
from rambla.auth.types import Credential
from rambla.errors import Problem
from rambla.kit.db import SERVICE, Database
from rambla.kit.queries import Queries
from rambla.seeds.person import people, person_id

sql = Queries("rambla.seeds", "demo.sql")

PASSWORD: Final = "rambla-demo"  # noqa: S105 - printed on purpose
NAMES: Final = ("alice", "bob", "charlie", "ada")


def refuse_known_passwords(url: str) -> None:
    """For an address that the world can reach."""
    name = asyncio.run(_who_has_it(url))
    if name:
        raise Problem(
            "conflict",
            f"The demo's {name} still has the password that the documentation prints. Change it, or start on"
            " a database without the demo (--no-demo), before serving https.",
        )


async def let_in(db: Database) -> None:
    """Give them the password, and their roles."""
    passwords = Passwords()
    try:
        for person in people():
            if person.handle in NAMES:
                hashed = await passwords.hash(PASSWORD)
                async with db.transaction(SERVICE) as tx:
                    await tx.run(sql.password, who=person.id, hashed=hashed)
                    for role in person.roles:
                        await tx.run(sql.role, who=person.id, role=role)
    finally:
        passwords.close()


async def _who_has_it(url: str) -> str | None:
    passwords = Passwords()
    try:
        async with Database.opened(url, size=1) as db, db.transaction(SERVICE, read_only=True) as tx:
            for name in NAMES:
                found = await tx.first(Credential, sql.credential, name=name)
                demo = found and found.user_id == person_id(name)
                if found and demo and await passwords.verify(found.password_hash, PASSWORD):
                    return name
    finally:
        passwords.close()
    return None
