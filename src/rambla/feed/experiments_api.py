"""Experiments with weights, for the programs of those who run the place."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.status_codes import HTTP_200_OK
from msgspec import Struct

from rambla.auth.guards import admin
from rambla.feed.types import Experiment, Figures, NewExperiment
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")


class Trial(Struct, frozen=True):
    version: int


@get("/v1/feed/experiments", guards=[admin])
async def list_experiments(caller: Caller, db: Database) -> list[Experiment]:
    """Every experiment, the newest first."""
    async with db.transaction(caller, read_only=True) as tx:
        return await tx.all(Experiment, sql.experiments)


@post("/v1/feed/experiments", guards=[admin])
async def start(data: NewExperiment, caller: Caller, db: Database) -> list[Figures]:
    """Let shares of the viewers have their feed ranked by other weights. Answers with the arms."""
    arms = msgspec.json.encode(data.arms).decode()
    async with db.transaction(caller) as tx:
        await tx.run(sql.experiment_start, name=data.name, arms=arms, salt=data.salt)
        return await tx.all(Figures, sql.experiment_figures, name=data.name)


@get("/v1/feed/experiments/{name:str}", guards=[admin])
async def show(name: str, caller: Caller, db: Database) -> list[Figures]:
    """Figures of each arm."""
    async with db.transaction(caller, read_only=True) as tx:
        await tx.one(Experiment, sql.experiment, name=name)
        return await tx.all(Figures, sql.experiment_figures, name=name)


@post("/v1/feed/experiments/{name:str}/ending", guards=[admin], status_code=HTTP_200_OK)
async def stop(name: str, caller: Caller, db: Database) -> list[Figures]:
    """Give everybody the default weights again, from their next slate on. Answers with the figures."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.experiment_stop, name=name)
        return await tx.all(Figures, sql.experiment_figures, name=name)


@post("/v1/feed/weights/trials", guards=[admin])
async def try_weights(data: dict[str, int | float], caller: Caller, db: Database) -> Trial:
    """Make a version of the weights for an arm, the current one with some changed. Nobody's feed changes."""
    changes = msgspec.json.encode(data).decode()
    async with db.transaction(caller) as tx:
        return Trial(version=await tx.value(int, sql.weights_try, changes=changes))


HANDLERS = [list_experiments, start, show, stop, try_weights]
