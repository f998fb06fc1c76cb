"""When a ranking must not be shipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Final

import msgspec

from rambla.evals.trial import Trial

TOLERANCE: Final = 0.02


def recorded(form: str) -> dict[str, float]:
    """NDCG of for_you by world, as it was when somebody last looked at it; ``form`` is quick or full."""
    text = resources.files("rambla.evals").joinpath("recorded.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, dict[str, float]])[form]


def broken(trial: Trial, before: float | None, *, rivals: Sequence[str]) -> Iterator[str]:
    """``before`` is the NDCG that was recorded; ``rivals`` are whom for_you must beat, viewer by viewer."""
    for_you = trial.of("for_you")
    if before is not None and for_you.ndcg.mean < before * (1 - TOLERANCE):
        yield f"{trial.world}: NDCG@50 fell from {before:.4f} to {for_you.ndcg.mean:.4f}"
    for rival in rivals:
        if trial.of(rival).behind.low <= 0:
            yield f"{trial.world}: for_you is not above {rival}"
    yield from (f"{trial.world}: {wrong}" for wrong in trial.violations[:20])
