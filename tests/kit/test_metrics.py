"""Measuring many at once says what measuring each alone would have said."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from hypothesis import given, strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from rambla.kit.metrics import Durations, Tally

BUCKETS = (0.001, 0.1, 2.5)


@given(st.lists(st.sampled_from([0.0, 0.0005, *BUCKETS, 0.2, 7.0])))
def test_all_at_once_is_each_alone(amounts: list[float]) -> None:
    alone, together = CollectorRegistry(), CollectorRegistry()
    one = Histogram("seconds", "A time.", ["route"], buckets=BUCKETS, registry=alone).labels("/feed")
    all_of_them = Durations("seconds", "A time.", ["route"], buckets=BUCKETS, registry=together).labels(
        "/feed"
    )
    for amount in sorted(amounts):
        one.observe(amount)
    all_of_them.observe_all(amounts)

    assert _counts(together) == _counts(alone)


async def test_what_waits_is_written_at_the_latest_when_the_process_stops() -> None:
    written: list[tuple[tuple[str, ...], list[float]]] = []
    tally = Tally(lambda labels, seconds: written.append((labels, seconds)))
    tally.note(("GET", "200"), 0.1)
    tally.note(("GET", "404"), 0.2)
    tally.note(("GET", "200"), 0.3)
    flushing = asyncio.create_task(tally.keep_flushing())
    await asyncio.sleep(0)
    flushing.cancel()
    with suppress(asyncio.CancelledError):
        await flushing

    assert written == [(("GET", "200"), [0.1, 0.3]), (("GET", "404"), [0.2])]
    tally.flush()
    assert len(written) == 2


def _counts(registry: CollectorRegistry) -> list[str]:
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if not line.startswith("#") and "_created" not in line]
