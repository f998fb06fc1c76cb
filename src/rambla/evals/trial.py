"""One world asked: weights chosen on its first part in time, every contestant's pages judged on its last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from statistics import fmean
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.evals.metrics import ndcg
from rambla.evals.replay import CONTESTANTS, Replay, Weights
from rambla.evals.standing import DEPTH, Asked, Standing, standings
from rambla.evals.violations import violations
from rambla.evals.world import Question, World
from rambla.seeds.summary import Say

_CART_EVERY: Final = 10


class Candidate(Struct, frozen=True, kw_only=True):
    """Weights that were tried on the tuning part, and the mean over its viewers."""

    weights: Weights
    ndcg: float
    viewers: int


class Trial(Struct, frozen=True, kw_only=True):
    world: str
    viewers: int
    questions: int
    candidates: list[Candidate]
    weights: Weights
    """Those of the report that differ from the default."""
    tuning: list[Standing]
    report: list[Standing]
    violations: list[str]

    def of(self, contestant: str) -> Standing:
        return next(standing for standing in self.report if standing.contestant == contestant)


class Trying(Struct, frozen=True, kw_only=True):
    """``start`` holds while ``candidates`` are tried at every ``every``-th question of the tuning part."""

    start: Weights
    candidates: Sequence[Weights] = ()
    every: int = 1
    resamples: int = 2_000


async def run(replay: Replay, world: World, trying: Trying, say: Say) -> Trial:
    await replay.begin()
    await replay.publish(trying.start)
    tuning, candidates = await _tune(replay, world, trying)
    chosen = max(candidates, key=lambda candidate: candidate.ndcg).weights if candidates else {}
    await replay.publish(chosen)
    if candidates:
        say(f"  chosen on the first part in time: {chosen}")
    report, leaked = [], set[UUID]()
    async for asked in _asked(replay, world.of_part("report")):
        report.append(asked)
        if len(report) % _CART_EVERY == 0:
            leaked |= await replay.leaks(asked.question, asked.pages["for_you"])
    return Trial(
        world=world.name,
        viewers=len({asked.question.viewer for asked in report}),
        questions=len(report),
        candidates=candidates,
        weights=trying.start | chosen,
        tuning=standings(tuning, world.items, trying.resamples),
        report=standings(report, world.items, trying.resamples),
        violations=[
            *violations(report, world.items),
            *(f"{item} is in a cart and was shown" for item in leaked),
        ],
    )


async def _tune(replay: Replay, world: World, trying: Trying) -> tuple[list[Asked], list[Candidate]]:
    asked: list[Asked] = []
    found: list[defaultdict[UUID, list[float]]] = [defaultdict(list) for _ in trying.candidates]
    async for one in _asked(replay, world.of_part("tuning")):
        asked.append(one)
        if len(asked) % trying.every == 0:
            for weights, values in zip(trying.candidates, found, strict=True):
                page = await replay.try_weights(one.question, weights)
                values[one.question.viewer].append(ndcg(page, one.question.gains, DEPTH))
    return asked, [
        Candidate(weights=weights, ndcg=fmean(map(fmean, values.values())), viewers=len(values))
        for weights, values in zip(trying.candidates, found, strict=True)
        if values
    ]


async def _asked(replay: Replay, questions: Sequence[Question]) -> AsyncIterator[Asked]:
    for question in questions:
        await replay.advance(question)
        yield Asked(
            question=question,
            pages={contestant: await replay.ask(question, contestant) for contestant in CONTESTANTS},
            new_authors=await replay.new_authors(question.at),
        )
