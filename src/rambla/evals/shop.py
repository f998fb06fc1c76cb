"""The shop's order on real impressions: Open Bandit (Saito, Aihara, Matsutani & Narita, NeurIPS 2021).

A fashion shop showed ten thousand times three of its items, at random and by its own Thompson sampling, and wrote down
how likely each showing was and whether it was clicked. Inverse propensity (Horvitz & Thompson 1952), self-normalised
(Swaminathan & Joachims, NeurIPS 2015), tells from that what another policy would have got. Ours orders shop items by
`feed_rank_key`: clicks until then, and age; it knows nothing but what was logged before each impression, and takes
one of the best ten by chance, because a policy that never shows most items cannot be estimated at all.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from rambla.evals.metrics import Interval
from rambla.kit.db import OWNER, Database
from rambla.kit.queries import Queries
from rambla.seeds.wheel import Wheel, fetch

sql = Queries("rambla.evals", "shop.sql")

OBP: Final = Wheel(
    requirement="obp==0.4.1",
    file="obp-0.4.1-py3-none-any.whl",
    sha256="87dec9caf4283c25ab13036532e0a24566f1c7bdcad1653a8ded43b2f5ef8208",
)
BEST: Final = 10

Logger = Literal["random", "bts"]
LOGGERS: Final[tuple[Logger, ...]] = ("random", "bts")


class Impression(Struct, frozen=True, kw_only=True):
    at: dt.datetime
    item: int
    clicked: bool
    propensity: float


class Estimate(Struct, frozen=True, kw_only=True):
    """Click rates; ``effective`` is how many impressions the weights are worth (Kish)."""

    logger: Logger
    impressions: int
    clicks: int
    logged: Interval
    ips: Interval
    self_normalised: Interval
    effective: float


def impressions(logger: Logger) -> list[Impression]:
    """Each logger's, in the order of time."""
    return sorted(_read(fetch(OBP), logger), key=lambda one: (one.at, one.item))


def _read(wheel: Path, logger: Logger) -> Iterator[Impression]:
    with zipfile.ZipFile(wheel) as archive, archive.open(f"obp/dataset/obd/{logger}/all/all.csv") as file:
        for row in csv.DictReader(io.TextIOWrapper(file, "utf-8")):
            yield Impression(
                at=dt.datetime.fromisoformat(row["timestamp"]),
                item=int(row["item_id"]),
                clicked=row["click"] == "1",
                propensity=float(row["propensity_score"]),
            )


async def estimates(db: Database, *, resamples: int) -> list[Estimate]:
    return [await _estimate(db, logger, resamples) for logger in LOGGERS]


async def _estimate(db: Database, logger: Logger, resamples: int) -> Estimate:
    """Counters learn from the other logger's log: the one that is judged would otherwise be its own witness."""
    learnt = impressions("bts" if logger == "random" else "random")
    judged = impressions(logger)
    shown = await _best(db, learnt)
    weights = [(1 / len(shown) if one.item in shown else 0.0) / one.propensity for one in judged]
    clicks = [float(one.clicked) for one in judged]
    return Estimate(
        logger=logger,
        impressions=len(judged),
        clicks=round(sum(clicks)),
        logged=_bootstrap([1.0] * len(judged), clicks, normalised=True, resamples=resamples),
        ips=_bootstrap(weights, clicks, normalised=False, resamples=resamples),
        self_normalised=_bootstrap(weights, clicks, normalised=True, resamples=resamples),
        effective=sum(weights) ** 2 / (sum(weight * weight for weight in weights) or 1.0),
    )


async def _best(db: Database, log: Sequence[Impression]) -> frozenset[int]:
    """As the SQL of the feed ranks them."""
    clicks = Counter(one.item for one in log if one.clicked)
    items = sorted({one.item for one in log})
    async with db.transaction(OWNER, read_only=True) as tx:
        ranked = await tx.all(
            Ranked,
            sql.ranked,
            items=items,
            clicks=[clicks[item] for item in items],
            at=log[0].at,
        )
    return frozenset(one.item for one in ranked[:BEST])


class Ranked(Struct, frozen=True):
    item: int


def _bootstrap(
    weights: Sequence[float], rewards: Sequence[float], *, normalised: bool, resamples: int
) -> Interval:
    """The percentile bootstrap over impressions."""
    pairs = list(zip(weights, rewards, strict=True))
    chance = random.Random(1)  # noqa: S311 - statistics, the same each time
    draws = (_value(chance.choices(pairs, k=len(pairs)), normalised=normalised) for _ in range(resamples))
    values = sorted(draws)
    edge = round(resamples * 0.025)
    return Interval(mean=_value(pairs, normalised=normalised), low=values[edge], high=values[-edge - 1])


def _value(pairs: Sequence[tuple[float, float]], *, normalised: bool) -> float:
    total = sum(weight for weight, _ in pairs) if normalised else len(pairs)
    return sum(weight * reward for weight, reward in pairs) / total if total else 0.0
