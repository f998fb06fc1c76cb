"""``rambla eval feed``: is the ranked feed better than what is simpler, on people it has not seen?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, Literal

import msgspec
from msgspec import Struct

from rambla.evals import guard, shop, trial
from rambla.evals.filmtrust import filmtrust
from rambla.evals.movielens import movielens
from rambla.evals.replay import Replay, Weights
from rambla.evals.synthetic import Size, synthetic
from rambla.evals.trial import Trial, Trying
from rambla.evals.world import Protocol, World
from rambla.kit.db import Database
from rambla.kit.scratch import scratch
from rambla.seeds.summary import Say

Data = Literal["movielens", "filmtrust", "synthetic", "shop", "all"]

_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR
# Films do not grow old in months, and a rating tells nothing of when a film was news.
EVERGREEN: Final[Weights] = {"post_tau_seconds": 3650 * _DAY, "shop_tau_seconds": 3650 * _DAY}


class Plan(Struct, frozen=True, kw_only=True):
    """How one world is tried, in the full form and in the quick one."""

    world: Callable[[bool], World]
    start: Weights
    candidates: tuple[Weights, ...]
    rivals: tuple[str, ...]
    """Whom for_you must beat."""
    every: int
    relate_every: timedelta


class Evaluation(Struct, frozen=True, kw_only=True):
    quick: bool
    trials: list[Trial]
    shop: list[shop.Estimate]
    broken: list[str]
    seconds: float


def run(owner_url: str, *, data: Data, quick: bool, say: Say) -> Evaluation:
    """In databases of their own beside the one at ``owner_url``, which are gone afterwards."""
    started = time.monotonic()
    names = [name for name in PLANS if data in (name, "all")]
    recorded = guard.recorded("quick" if quick else "full")
    trials, broken = [], list[str]()
    for name in names:
        tried = play(owner_url, PLANS[name], quick=quick, say=say)
        trials.append(tried)
        broken += guard.broken(tried, recorded.get(name), rivals=PLANS[name].rivals)
    estimates = []
    if data in ("shop", "all"):
        say("The shop's order on Open Bandit")
        with scratch(owner_url) as url:
            estimates = asyncio.run(_shop(url, resamples=1_000))
    return Evaluation(
        quick=quick, trials=trials, shop=estimates, broken=broken, seconds=time.monotonic() - started
    )


def play(owner_url: str, plan: Plan, *, quick: bool, say: Say) -> Trial:
    """One world, from its first act to its last question."""
    with scratch(owner_url) as url:
        return asyncio.run(_play(url, plan, quick=quick, say=say))


async def _play(url: str, plan: Plan, *, quick: bool, say: Say) -> Trial:
    world = plan.world(quick)
    if quick:
        world = msgspec.structs.replace(world, questions=world.of_part("report"))
    say(f"{world.name}: {len(world.acts):,} acts, {len(world.questions):,} questions")
    trying = Trying(
        start=plan.start, candidates=() if quick else plan.candidates, every=plan.every, resamples=2_000
    )
    async with Database.opened(url, size=2) as db:
        return await trial.run(Replay(db, world, relate_every=plan.relate_every), world, trying, say)


async def _shop(url: str, *, resamples: int) -> list[shop.Estimate]:
    async with Database.opened(url, size=2) as db:
        return await shop.estimates(db, resamples=resamples)


def _movielens(quick: bool) -> World:
    world = movielens(Protocol(), viewers=400 if quick else None)
    return world.thinned(2) if quick else world


def _filmtrust(quick: bool) -> World:
    return filmtrust(Protocol(histories=(10, 20, 40))).thinned(8 if quick else 2)


def _synthetic(quick: bool) -> World:
    if quick:
        return synthetic(Size(viewers=60, authors=40, days=9, items_a_day=120))
    return synthetic(Size())


PLANS: Final[Mapping[str, Plan]] = {
    "movielens": Plan(
        world=_movielens,
        start=EVERGREEN,
        candidates=(
            {},
            *({"similar_boost": boost} for boost in (0.0, 1.0, 4.0, 8.0)),
            {"tag_boost": 0.0},
            {"tag_boost": 2.0},
            {"follow_boost": 0.0, "affinity_boost": 0.0},
            {"new_author_boost": 0.0},
            {"post_tau_seconds": 9.55 * _HOUR, "shop_tau_seconds": 7 * _DAY},
            {"post_tau_seconds": 30 * _DAY, "shop_tau_seconds": 30 * _DAY},
        ),
        rivals=("popularity", "recency", "random"),
        every=4,
        relate_every=timedelta(days=2),
    ),
    "filmtrust": Plan(
        world=_filmtrust,
        start=EVERGREEN,
        candidates=({}, *({"similar_boost": boost} for boost in (0.0, 4.0, 8.0)), {"follow_boost": 0.0}),
        rivals=("recency", "random"),
        every=4,
        relate_every=timedelta(days=2),
    ),
    "synthetic": Plan(
        world=_synthetic,
        start={},
        candidates=(
            {},
            *({"similar_boost": boost} for boost in (0.0, 1.0, 4.0)),
            *({"tag_boost": boost} for boost in (0.0, 2.0)),
            *({"follow_boost": boost} for boost in (0.0, 4.0)),
            {"post_tau_seconds": 20 * _HOUR},
            *(
                {"post_tau_seconds": hours * _HOUR, "tag_boost": boost, "affinity_boost": boost}
                for hours in (3, 6)
                for boost in (1.0, 2.0)
            ),
        ),
        rivals=("popularity", "random"),
        every=6,
        relate_every=timedelta(hours=12),
    ),
}
