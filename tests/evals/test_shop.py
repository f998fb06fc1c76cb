"""The shop's order on real impressions of another shop."""

from __future__ import annotations

import pytest

from conftest import TestDatabase
from rambla.evals.shop import LOGGERS, estimates, impressions
from rambla.kit.db import Database


@pytest.mark.parametrize(("logger", "clicks"), [("random", 38), ("bts", 42)])
def test_the_impressions_are_those_that_were_published(logger: str, clicks: int) -> None:
    log = impressions(next(name for name in LOGGERS if name == logger))

    assert len(log) == 10_000
    assert sum(one.clicked for one in log) == clicks
    assert log == sorted(log, key=lambda one: (one.at, one.item))
    assert all(0 < one.propensity <= 1 for one in log)


async def test_the_logged_rate_is_that_of_the_log_and_intervals_hold_the_estimates(
    database: TestDatabase,
) -> None:
    async with Database.opened(database.owner_url, size=1) as db:
        found = await estimates(db, resamples=100)

    for one in found:
        assert one.logged.mean == pytest.approx(one.clicks / one.impressions)
        for rate in (one.logged, one.ips, one.self_normalised):
            assert rate.low <= rate.mean <= rate.high
        assert 0 < one.effective <= one.impressions
