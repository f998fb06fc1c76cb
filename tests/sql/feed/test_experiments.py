"""Ada compares weights; Alice, Bob and Charlie are in one arm each time, and everybody is back when she stops."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from conftest import Session
from feeding import page, publish
from people import ADA, ALICE, BOB, CHARLIE, Person
from rambla.feed.drafts import WEIGHTS

ONE_ARM = '[{"arm": "a", "weights_version": 1, "share": 10}]'
HALVES = [("control", 50), ("bold", 50)]


def trial(session: Session, **changes: float) -> int:
    with session.as_user(ADA):
        version: int = session.value(
            "select public.feed_weights_try(%s)", msgspec.json.encode(changes).decode()
        )
    return version


def start(
    session: Session, *arms: tuple[str, int, float], name: str = "boost", salt: str | None = None
) -> None:
    listed = [{"arm": arm, "weights_version": version, "share": share} for arm, version, share in arms]
    with session.as_user(ADA):
        session.run(
            "select public.feed_experiment_start(%s, %s, %s)",
            name,
            msgspec.json.encode(listed).decode(),
            salt,
        )


def stop(session: Session, name: str = "boost") -> Any:
    with session.as_user(ADA):
        return session.value("select public.feed_experiment_stop(%s)", name)


def read(session: Session, who: Person = BOB, mode: str = "for_you") -> int:
    """The version of the weights that a new slate has."""
    with session.as_user(who):
        session.value("select public.feed_refresh(%s)", mode)
        page(session.connection, mode)
        version: int = session.value(
            "select weights_version from public.feed_slates where mode = %s order by epoch desc limit 1", mode
        )
    return version


def current(session: Session) -> int:
    version: int = session.value("select (internal.feed_weights()).version")
    return version


def test_shares_come_out_right_over_ten_thousand_viewers_and_no_viewer_moves(session: Session) -> None:
    version = trial(session, follow_boost=3)
    start(session, ("control", current(session), 20), ("bold", version, 10))
    count = (
        "select (internal.feed_arm_of(md5(n::text)::uuid)).arm as arm, count(*) as n"
        " from generate_series(1, 10000) n group by 1"
    )
    counted = {row["arm"]: row["n"] for row in session.all(count)}

    assert counted["control"] == pytest.approx(2000, abs=160), "four deviations"
    assert counted["bold"] == pytest.approx(1000, abs=120)
    assert counted[None] == pytest.approx(7000, abs=190)
    assert {row["arm"]: row["n"] for row in session.all(count)} == counted
    assert session.value("select (internal.feed_arm_of(internal.feed_visitor())).arm") is None


def test_the_same_salt_gives_the_same_people_and_another_salt_others(session: Session) -> None:
    viewers = "array(select md5(n::text)::uuid from generate_series(1, 400) n)"
    arms = f"select array(select (internal.feed_arm_of(v)).arm from unnest({viewers}) v)"
    found = []
    for name, salt in (("first", "salt"), ("second", "salt"), ("third", "pepper")):
        start(session, *((arm, current(session), share) for arm, share in HALVES), name=name, salt=salt)
        found.append(session.value(arms))
        stop(session, name)

    assert found[0] == found[1]
    assert 120 < sum(a != b for a, b in zip(found[0], found[2], strict=True)) < 280


def test_the_slate_has_the_weights_of_the_arm_and_stopping_gives_the_default_back(session: Session) -> None:
    publish(session.connection, ALICE, 3)
    default, version = current(session), trial(session, follow_boost=3)
    assert read(session) == default
    start(session, ("all", version, 100))

    assert [read(session), read(session, CHARLIE)] == [version, version]
    assert stop(session) is True
    assert [read(session), read(session, CHARLIE)] == [default, default]
    assert stop(session) is False


def test_weights_of_an_arm_rank_its_viewers_and_nobody_else(session: Session) -> None:
    """Alice is followed and old, Charlie is new: how much a follow counts decides who stands first."""
    (followed,) = publish(session.connection, ALICE, age="12 hours")
    (fresh,) = publish(session.connection, CHARLIE, age="1 minute")
    session.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)
    session.run("update public.feed_authors set first_live_at = '-infinity'")
    read(session)
    with session.as_user(BOB):
        before = page(session.connection)[0]["item_id"]
    start(session, ("timid", trial(session, follow_boost=0), 100))
    read(session)
    with session.as_user(BOB):
        during = page(session.connection)[0]["item_id"]
        terms = {
            row["term"]: row["value"]
            for row in session.all("select * from public.feed_explain(%s)", followed)
        }
        words = session.value("select words from public.feed_explain(%s) where term = 'experiment'", followed)

    assert (before, during) == (followed, fresh)
    assert terms["follow"] == 0
    assert words.startswith("Your feed is ranked by version")
    assert words.endswith("arm timid of boost")


def test_an_exposure_is_logged_once_a_slate(session: Session) -> None:
    publish(session.connection, ALICE, 3)
    start(session, ("all", trial(session, tag_boost=1), 100))
    read(session)
    with session.as_user(BOB):
        for _ in range(3):
            page(session.connection)
        assert session.value("select count(*) from public.feed_exposures") == 1
    read(session)
    read(session, mode="trending")
    with session.as_role("anon"):
        page(session.connection, "trending")

    rows = session.all("select distinct viewer_id, experiment, arm from public.feed_exposures")
    assert rows == [{"viewer_id": BOB.id, "experiment": "boost", "arm": "all"}]
    assert session.value("select count(*) from public.feed_exposures") == 3


def test_who_was_shown_an_experiment_is_forgotten_some_time_after_its_end(session: Session) -> None:
    publish(session.connection, ALICE, 3)
    start(session, ("all", trial(session, tag_boost=1), 100))
    read(session)

    def left_after(days: int) -> Any:
        with session.as_role("service_role"):
            session.value("select public.feed_prune(now() + %s * interval '1 day')", days)
        return session.value("select count(*) from public.feed_exposures")

    running = left_after(91)
    stop(session)

    assert (running, left_after(89), left_after(91)) == (1, 1, 0)


def test_figures_of_an_arm(session: Session) -> None:
    first, second = publish(session.connection, ALICE, 2)
    start(session, ("all", trial(session, tag_boost=1), 100))
    for person in (BOB, CHARLIE):
        read(session, person)
    with session.as_user(BOB):
        clicks = [
            {"event_id": str(uuid4()), "item_id": str(item), "kind": "click"} for item in (first, second)
        ]
        session.run("select public.feed_record(%s)", msgspec.json.encode(clicks).decode())
        session.run("select public.feed_react(%s, 'like')", first)
        session.run("select public.feed_hide(%s)", second)
    with session.as_user(ADA):
        row = session.one("select * from public.feed_experiment_figures('boost')")

    row.pop("weights_version")
    assert row == {
        "arm": "all", "share": 100, "viewers": 2, "exposures": 2, "clicks": 2, "likes": 1, "hides": 1,
        "clicked": 1, "liked": 1, "hid": 1,
    }, "Bob clicked twice"  # fmt: skip


def test_a_trial_ranks_for_nobody_and_a_running_experiment_holds_the_weights(session: Session) -> None:
    default, version = current(session), trial(session, follow_boost=9)
    assert current(session) == default
    start(session, ("all", version, 1))
    with session.as_user(ADA), session.refused("conflict"):
        session.run("select public.feed_weights_publish('{\"like_weight\": 2}')")
    with session.as_user(ADA), session.refused("conflict"):
        session.run(
            'select public.feed_experiment_start(\'two\', \'[{"arm": "a", "weights_version": 1, "share": 1}]\')'
        )


@pytest.mark.parametrize(
    ("arms", "code"),
    [
        ("[]", "invalid_value"),
        ("null", "invalid_value"),
        ('[{"arm": "a", "weights_version": 999, "share": 10}]', "invalid_value"),
        ('[{"arm": "a", "share": 10}]', "invalid_value"),
        ('[{"arm": "a", "weights_version": 1, "share": 0}]', "23514"),
        ('[{"arm": "a", "weights_version": 1, "share": "NaN"}]', "invalid_value"),
        (
            '[{"arm": "a", "weights_version": 1, "share": 60}, {"arm": "b", "weights_version": 1, "share": 60}]',
            "23514",
        ),
        (
            '[{"arm": "a", "weights_version": 1, "share": 10}, {"arm": "a", "weights_version": 1, "share": 10}]',
            "23505",
        ),
        ('[{"arm": "No name", "weights_version": 1, "share": 10}]', "23514"),
    ],
)
def test_what_is_no_experiment_is_refused(session: Session, arms: str, code: str) -> None:
    with session.as_user(ADA), session.refused(code):
        session.run("select public.feed_experiment_start('boost', %s)", arms)


@pytest.mark.parametrize("call", ["feed_weights_try", "feed_weights_publish"])
@pytest.mark.parametrize(
    ("changes", "code"),
    [('{"folow_boost": 3}', "invalid_value"), ('{"new_author_days": 2000000000}', "23514")],
)
def test_what_is_no_weight_is_refused(session: Session, call: str, changes: str, code: str) -> None:
    with session.as_user(ADA), session.refused(code):
        session.run(f"select public.{call}(%s)", changes)


def test_an_arm_cannot_have_what_everybody_shares(session: Session) -> None:
    with session.as_user(ADA), session.refused("invalid_value"):
        session.run("select public.feed_weights_try('{\"post_tau_seconds\": 1}')")
    with session.as_user(ADA):
        session.run("select public.feed_weights_publish('{\"like_weight\": 5}')")
    with session.as_user(ADA), session.refused("invalid_value"):
        session.run(
            'select public.feed_experiment_start(\'boost\', \'[{"arm": "a", "weights_version": 1, "share": 10}]\')'
        )


@pytest.mark.parametrize(
    "call",
    [
        "feed_weights_try('{}')",
        "feed_experiment_start('boost', '[]')",
        "feed_experiment_stop('boost')",
        "feed_experiment_figures('boost')",
    ],
)
def test_only_those_who_run_the_place_may(session: Session, call: str) -> None:
    with session.as_user(BOB), session.refused("forbidden"):
        session.all(f"select * from public.{call}")


def test_the_form_offers_each_weight_that_an_arm_may_have_of_its_own(session: Session) -> None:
    every = session.value("select array_agg(k) from jsonb_object_keys(to_jsonb(internal.feed_weights())) k")
    shared = session.value("select internal.feed_weights_shared()")

    assert set(WEIGHTS) == set(every) - {*shared, "version", "created_at", "trial"}
    for least, most in ((w.least, w.most) for w in WEIGHTS.values()):
        assert least < most
    for bound in (0, 1):
        trial(session, **{name: (w.least, w.most)[bound] for name, w in WEIGHTS.items()})


def test_only_those_who_run_the_place_see_the_weights(session: Session) -> None:
    with session.as_user(ADA):
        assert session.all("select version from public.feed_weights")
    with session.as_user(BOB):
        assert session.all("select version from public.feed_weights") == []
