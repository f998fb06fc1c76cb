"""An answer is good as long as its snapshot sees every transaction that has touched what it was made of."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, strategies as st

from rambla.kit.changes import LONGEST, Changes, Origin, Snapshot

ALICE = "viewer/alice"
FIRST = Snapshot.parse("10:10:")
snapshots = st.builds(
    lambda end, under_way: Snapshot(end, frozenset(t for t in under_way if t < end)),
    st.integers(1, 30),
    st.frozensets(st.integers(1, 30)),
)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def listening(clock: Clock | None = None) -> Changes:
    changes = Changes(clock=clock or Clock())
    changes.begin(FIRST)
    changes.trust(1e9)
    return changes


def made(snapshot: str, *tags: str) -> Origin:
    return Origin(Snapshot.parse(snapshot), tags)


def test_a_snapshot_sees_what_had_ended() -> None:
    snapshot = Snapshot.parse("10:20:10,14")

    assert [snapshot.sees(transaction) for transaction in (9, 10, 13, 14, 19, 20)] == [
        True, False, True, False, True, False,
    ]  # fmt: skip


@given(snapshots, snapshots)
def test_one_snapshot_sees_all_of_another_when_it_sees_each_transaction_of_it(
    one: Snapshot, other: Snapshot
) -> None:
    every = all(one.sees(t) for t in range(1, 31) if other.sees(t))

    if one.sees_all_of(other):
        assert every
    elif every:  # it says no where nothing tells them apart but transactions that nobody had begun
        assert one.end < other.end


def test_what_was_made_before_an_act_is_not_good_after_it() -> None:
    changes = listening()
    before, during, after = made("10:10:", ALICE), made("12:14:12", ALICE), made("14:14:", ALICE)
    strangers = made("10:10:", "viewer/bob")
    assert all(map(changes.allow, (before, during, after, strangers)))

    changes.hear(f"{ALICE}:12")

    assert [changes.allow(origin) for origin in (before, during, after, strangers)] == [
        False, False, True, True,
    ]  # fmt: skip


def test_the_latest_of_several_acts_counts_in_whatever_order_they_are_heard() -> None:
    changes = listening()
    for transaction in (13, 12, 11):
        changes.hear(f"{ALICE}:{transaction}")

    assert [changes.allow(made(f"{end}:{end}:", ALICE)) for end in (12, 13, 14)] == [False, False, True]


def test_acts_may_be_committed_in_another_order_than_they_were_begun_in() -> None:
    changes = listening()
    between = made("11:15:11", ALICE)  # the act with the number 13 was over, that with the number 11 was not
    changes.hear(f"{ALICE}:13")
    first = changes.allow(between)

    changes.hear(f"{ALICE}:11")

    assert (first, changes.allow(between), changes.allow(made("15:15:", ALICE))) == (True, False, True)


def test_what_was_forgotten_because_too_much_happened_makes_nothing_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rambla.kit.changes._MOST", 2)
    changes = listening()
    between = made("11:20:11", ALICE)
    for act in (f"{ALICE}:13", f"{ALICE}:11", "viewer/bob:14", "viewer/bob:15"):
        changes.hear(act)

    assert not changes.allow(between)
    assert changes.allow(made("16:20:17", ALICE))


@given(
    snapshots,
    st.lists(st.tuples(st.sampled_from([ALICE, "viewer/bob", "all"]), st.integers(11, 29)), max_size=12),
)
def test_an_answer_is_good_when_it_saw_every_act_and_only_then(
    snapshot: Snapshot, acts: list[tuple[str, int]]
) -> None:
    changes = listening()
    for tag, transaction in acts:
        changes.hear(f"{tag}:{transaction}")

    good = snapshot.sees_all_of(FIRST) and all(snapshot.sees(t) for tag, t in acts if tag != "viewer/bob")

    assert changes.allow(Origin(snapshot, (ALICE,))) == good


def test_everything_may_be_touched_at_once() -> None:
    changes = listening()
    changes.hear("all:11")

    assert [changes.allow(made(f"{end}:{end}:", ALICE)) for end in (11, 12)] == [False, True]


def test_nothing_is_good_while_nobody_listens() -> None:
    clock = Clock()
    changes = listening(clock)
    changes.trust(2.0)
    origin = made("10:10:", ALICE)

    first = changes.allow(origin)
    clock.now = 2.0

    assert (first, changes.allow(origin), Changes().allow(origin)) == (True, False, False)


def test_after_a_silence_only_what_saw_all_that_was_committed_in_it_is_good() -> None:
    changes = listening()
    before, during = made("10:10:", ALICE), made("12:15:12", ALICE)

    changes.begin(Snapshot.parse("14:15:14"))

    assert (changes.allow(before), changes.allow(during)) == (False, False)
    assert changes.allow(made("14:15:14", ALICE))


def test_an_act_is_remembered_for_as_long_as_an_answer_may_be() -> None:
    clock = Clock()
    changes = listening(clock)
    changes.hear(f"{ALICE}:12")
    clock.now = LONGEST
    changes.hear("viewer/bob:13")
    assert not changes.allow(made("10:10:", ALICE))

    clock.now = 2 * LONGEST
    changes.hear("viewer/bob:14")

    assert list(changes._touched) == ["viewer/bob"]


def test_what_a_standby_far_behind_has_not_seen_is_not_good_although_the_act_is_forgotten() -> None:
    clock = Clock()
    changes = listening(clock)
    changes.hear(f"{ALICE}:50")
    clock.now = LONGEST + 61
    changes.hear("viewer/bob:90")

    assert not changes.allow(made("40:40:", ALICE))
    assert changes.allow(made("60:60:", ALICE))


def test_what_many_answers_rest_on_is_named_once_also_in_those_of_another_process() -> None:
    """A page of fifty rests on some ninety names, which are more than the page."""
    ours = made("12:12:", "item/bicycle")
    theirs = msgspec.msgpack.decode(msgspec.msgpack.encode(ours), type=Origin)

    ours.share_names()
    theirs.share_names()

    assert theirs == ours
    assert theirs.tags[0] is ours.tags[0]
