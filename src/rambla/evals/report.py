"""The figures as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from rambla.evals.feed import Evaluation
from rambla.evals.metrics import Interval
from rambla.evals.shop import Estimate
from rambla.evals.standing import Standing
from rambla.evals.trial import Trial

_HEADINGS = (
    "contestant", "NDCG@50", "behind for_you", "recall@50", "diversity", "authors", "new authors", "shop", "coverage",
    "Gini",
)  # fmt: skip


def as_json(evaluation: Evaluation) -> str:
    return msgspec.json.format(msgspec.json.encode(evaluation), indent=1).decode() + "\n"


def as_markdown(evaluation: Evaluation, command: str) -> str:
    return "\n".join(_page(evaluation, command)) + "\n"


def _page(evaluation: Evaluation, command: str) -> Iterator[str]:
    yield "# The quality of the feed"
    yield ""
    yield (
        f"Written by `{command}` in {evaluation.seconds / 60:.1f} minutes. What is measured, how, and what it does"
        ' not show: docs/explanation/feed.md, "Proof of quality". In brackets: 95 % bootstrap intervals over viewers.'
    )
    for trial in evaluation.trials:
        yield from _trial(trial)
    if evaluation.shop:
        yield from _shop(evaluation.shop)
    yield ""
    yield "## Guard rails"
    yield ""
    yield from (f"- {sentence}" for sentence in evaluation.broken or ["None is broken."])


def _trial(trial: Trial) -> Iterator[str]:
    yield from ("", f"## {trial.world}", "")
    changed = ", ".join(f"{name} {value:g}" for name, value in trial.weights.items())
    yield f"{trial.viewers} viewers, {trial.questions} questions. Weights beside the default ones: {changed or 'none'}."
    yield from _table("The last part in time, on which nothing was tuned", trial.report)
    below = [s.contestant for s in trial.report if trial.of("for_you").ndcg.above(s.ndcg)]
    yield from ("", f"for_you's NDCG interval lies wholly above that of: {', '.join(below) or 'nobody'}.")
    if trial.tuning:
        yield from _table("The first part in time, with the weights before tuning", trial.tuning)
    if trial.candidates:
        yield from (
            "",
            "Weights that were tried on the first part:",
            "",
            "| weights | NDCG@50 |",
            "|---|---|",
        )
        for candidate in sorted(trial.candidates, key=lambda candidate: -candidate.ndcg):
            changes = ", ".join(f"{name} {value:g}" for name, value in candidate.weights.items())
            yield f"| {changes or 'as before'} | {candidate.ndcg:.4f} |"


def _table(title: str, standings: Sequence[Standing]) -> Iterator[str]:
    yield from ("", f"{title}:", "", f"| {' | '.join(_HEADINGS)} |", "|---" * len(_HEADINGS) + "|")
    for standing in standings:
        cells = (
            standing.contestant, _interval(standing.ndcg), _interval(standing.behind), _interval(standing.recall),
            f"{standing.diversity.mean:.3f}", f"{standing.authors.mean:.1f}",
            f"{standing.new_author_share.mean:.1%}", f"{standing.shop_share.mean:.1%}", f"{standing.coverage:.1%}",
            f"{standing.gini:.3f}",
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _shop(estimates: Sequence[Estimate]) -> Iterator[str]:
    yield from ("", "## The shop's order on Open Bandit's impressions", "")
    yield "| logged by | impressions | clicks | its click rate | ours, IPS | ours, self-normalised | effective |"
    yield "|---|---|---|---|---|---|---|"
    for one in estimates:
        rates = (_interval(rate, 5) for rate in (one.logged, one.ips, one.self_normalised))
        cells = (one.logger, str(one.impressions), str(one.clicks), *rates, f"{one.effective:.0f}")
        yield f"| {' | '.join(cells)} |"


def _interval(of: Interval, digits: int = 4) -> str:
    return f"{of.mean:.{digits}f} [{of.low:.{digits}f}, {of.high:.{digits}f}]"
