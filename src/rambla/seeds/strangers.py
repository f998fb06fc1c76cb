"""Where real people live, nothing is seeded: it would follow, sell and send mail among them."""

from __future__ import annotations

from rambla.errors import Problem
from rambla.kit.db import OWNER, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.seeds")


async def refuse_strangers(db: Database) -> None:
    """People of seeds have addresses under example.org, which nobody can own."""
    async with db.transaction(OWNER, read_only=True) as tx:
        strangers = await tx.value(int, sql.strangers)
    if strangers:
        raise Problem(
            "conflict", f"{strangers} people live in this database who are not of a seed. Seed another one."
        )
