"""The guard rails of the ranking, on a part of each world that is played in seconds."""

from __future__ import annotations

import msgspec
import pytest

from conftest import Cluster
from rambla.evals import feed, guard
from rambla.evals.trial import Trial


def quiet(_: str) -> None:
    """For evaluations whose words are not the matter."""


@pytest.fixture(scope="module")
def synthetic(cluster: Cluster) -> Trial:
    return feed.play(cluster.url("postgres"), feed.PLANS["synthetic"], quick=True, say=quiet)


def broken(name: str, trial: Trial) -> list[str]:
    return [*guard.broken(trial, guard.recorded("quick")[name], rivals=feed.PLANS[name].rivals)]


def test_on_real_ratings_no_guard_rail_breaks(cluster: Cluster) -> None:
    trial = feed.play(cluster.url("postgres"), feed.PLANS["movielens"], quick=True, say=quiet)

    assert broken("movielens", trial) == []
    assert trial.of("popularity").behind.low > 0
    assert trial.of("recency").behind.low > 0
    assert trial.of("for_you").shop_share.mean == pytest.approx(0.2)


def test_where_utilities_are_known_no_guard_rail_breaks(synthetic: Trial) -> None:
    assert broken("synthetic", synthetic) == []
    assert synthetic.of("for_you").shop_share.mean == pytest.approx(0.2)


def test_silly_weights_trip_the_guard(cluster: Cluster, synthetic: Trial) -> None:
    """As if somebody published that nothing grows old: yesterday's best stand before all of today."""
    silly = msgspec.structs.replace(feed.PLANS["synthetic"], start=feed.EVERGREEN)

    trial = feed.play(cluster.url("postgres"), silly, quick=True, say=quiet)

    assert trial.of("for_you").ndcg.mean < synthetic.of("for_you").ndcg.low
    assert any("NDCG@50 fell" in sentence for sentence in broken("synthetic", trial))


def test_a_ranking_that_is_no_better_than_popularity_trips_it(synthetic: Trial) -> None:
    level = msgspec.structs.replace(
        synthetic,
        report=[
            msgspec.structs.replace(s, behind=s.behind.__class__(mean=0, low=0, high=0))
            for s in synthetic.report
        ],
    )

    assert f"{synthetic.world}: for_you is not above popularity" in broken("synthetic", level)


def test_what_no_page_may_do_trips_it(synthetic: Trial) -> None:
    leaking = msgspec.structs.replace(synthetic, violations=["bowl is in a cart and was shown"])

    assert broken("synthetic", leaking) == [f"{synthetic.world}: bowl is in a cart and was shown"]
