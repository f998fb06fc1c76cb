"""Use-cases that are more than one call of the contract."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from rambla.feed.drafts import Draft
from rambla.feed.types import Arm
from rambla.kit.db import Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")


class Weights(Struct, frozen=True):
    """Those that rank for everybody, by name."""

    version: int
    values: dict[str, float]


async def start_experiment(tx: Transaction, draft: Draft) -> None:
    """A version of the weights for each arm that wants its own, and the experiment, or neither."""
    usual = await tx.one(Weights, sql.weights)
    arms = []
    for arm in draft.arms:
        version = usual.version
        if arm.changes:
            version = await tx.value(int, sql.weights_try, changes=_json(arm.changes))
        arms.append(Arm(arm=arm.arm, weights_version=version, share=float(arm.share)))
    await tx.run(sql.experiment_start, name=draft.name, arms=_json(arms), salt=None)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
