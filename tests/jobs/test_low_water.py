"""The mark hides nothing for longer than a sweep, and stays up where it matters."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from hypothesis import given, strategies as st

from queueing import NOON, seconds
from rambla.jobs.low_water import SLACK, SWEEP, LowWater
from rambla.jobs.types import Claimed


def claimed(due: dt.datetime, priority: int = 0) -> Claimed:
    return Claimed(
        id=1, run_no=1, job_type="noop", queue="default", priority=priority, next_run_at=due, payload="{}",
        attempt=1, max_attempts=5,
    )  # fmt: skip


def test_the_first_claim_looks_at_everything() -> None:
    assert LowWater().mark(0.0) is None


def test_a_drained_queue_is_marked_a_little_before_now() -> None:
    mark = LowWater()
    mark.saw([], asked=10, at=NOON, now=0.0, used=None)

    assert mark.mark(0.1) == NOON - SLACK


def test_a_backlog_of_one_lane_is_marked_where_the_claim_ended() -> None:
    mark = LowWater()
    mark.saw([claimed(NOON), claimed(NOON + seconds(1))], asked=2, at=NOON, now=0.0, used=None)

    assert mark.mark(0.1) == NOON + seconds(1)


def test_a_backlog_of_two_lanes_is_not_marked() -> None:
    mark = LowWater()
    mark.saw([claimed(NOON), claimed(NOON - seconds(60), priority=1)], asked=2, at=NOON, now=0.0, used=None)

    assert mark.mark(0.1) is None


def test_a_lane_that_ran_out_sends_the_next_claim_to_the_other_lanes() -> None:
    mark = LowWater()
    mark.saw([claimed(NOON)], asked=1, at=NOON, now=0.0, used=None)
    mark.saw([], asked=1, at=NOON, now=0.1, used=mark.mark(0.1))

    assert mark.mark(0.2) is None


def test_everything_is_looked_at_every_two_seconds() -> None:
    mark = LowWater()
    mark.saw([], asked=1, at=NOON, now=0.0, used=None)
    mark.saw([], asked=1, at=NOON + seconds(1.9), now=1.9, used=mark.mark(1.9))

    assert mark.mark(SWEEP) is None


def test_a_claim_that_has_not_seen_all_sends_the_next_one_to_look_at_everything() -> None:
    mark = LowWater()
    mark.saw([], asked=1, at=NOON, now=0.0, used=None)
    mark.forget()

    assert mark.mark(0.1) is None


class Entry(NamedTuple):
    """A job of a simulated queue."""

    lane: int
    due: float


@given(
    backlog=st.lists(st.builds(Entry, st.integers(0, 2), st.floats(-100, 0)), max_size=60),
    arrivals=st.lists(st.tuples(st.floats(0, 30), st.integers(0, 2), st.floats(-20, 0)), max_size=60),
    limit=st.integers(1, 8),
)
def test_no_job_waits_longer_than_a_sweep_once_there_is_room(
    backlog: list[Entry], arrivals: list[tuple[float, int, float]], limit: int
) -> None:
    """A queue in memory, claimed as the database claims it: lane by lane, oldest first, from the mark on."""
    queue, mark, clock = set(enumerate(backlog)), LowWater(), 0.0
    coming = sorted(
        (at, len(backlog) + n, Entry(lane, at + late)) for n, (at, lane, late) in enumerate(arrivals)
    )
    idle_since = clock
    while coming or queue:
        clock += 0.1
        queue |= {(n, entry) for at, n, entry in coming if at <= clock}
        coming = [c for c in coming if c[0] > clock]
        used = mark.mark(clock)
        floor = -1e9 if used is None else (used - NOON).total_seconds()
        visible = sorted((e.lane, e.due, n) for n, e in queue if floor <= e.due <= clock)[:limit]
        jobs = [claimed(NOON + seconds(due), lane) for lane, due, _ in visible]
        mark.saw(jobs, asked=limit, at=NOON + seconds(clock), now=clock, used=used)
        queue -= {(n, Entry(lane, due)) for lane, due, n in visible}
        idle_since = clock if visible or not queue else idle_since

        assert clock - idle_since <= SWEEP + 0.2
