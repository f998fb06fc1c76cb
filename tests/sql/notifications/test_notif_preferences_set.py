"""Alice says what she wants to be told, and how."""

from __future__ import annotations

import pytest

from conftest import Session
from people import ALICE, BOB
from sending import send

MINE = "select type, channel, enabled from notification_preferences order by type, channel"
NO_FOLLOWERS = '[{"type": "new_follower", "channel": "inapp", "enabled": false}]'
ONLY_FOLLOWERS = (
    '[{"type": "*", "channel": "inapp", "enabled": false},'
    ' {"type": "new_follower", "channel": "inapp", "enabled": true}]'
)


def test_a_visitor_has_no_preferences(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run("select notif_preferences_set('[]')")


def test_the_new_ones_replace_the_old_ones(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("select notif_preferences_set(%s)", ONLY_FOLLOWERS)
        session.run("select notif_preferences_set(%s)", NO_FOLLOWERS)

        assert session.all(MINE) == [{"type": "new_follower", "channel": "inapp", "enabled": False}]


def test_a_type_that_is_off_is_not_sent_and_others_are(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("select notif_preferences_set(%s)", NO_FOLLOWERS)

        assert send(session.connection, ALICE, type="new_follower") is None
        assert send(session.connection, ALICE, type="item_sold") is not None


def test_the_type_itself_beats_the_rule_for_every_type(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("select notif_preferences_set(%s)", ONLY_FOLLOWERS)

        assert send(session.connection, ALICE, type="new_follower") is not None
        assert send(session.connection, ALICE, type="never_declared") is None


def test_one_channel_off_leaves_the_other_on(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("select notif_preferences_set(%s)", NO_FOLLOWERS)

        assert send(session.connection, ALICE, type="new_follower", channel="push") is not None


def test_alices_preferences_are_hers_alone(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("select notif_preferences_set(%s)", NO_FOLLOWERS)
    with session.as_user(BOB):
        assert session.all(MINE) == []
        assert send(session.connection, BOB, type="new_follower") is not None


def test_the_last_word_on_a_pair_that_is_named_twice_is_one_word(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("select notif_preferences_set(%s)", NO_FOLLOWERS[:-1] + "," + NO_FOLLOWERS[1:])

        assert len(session.all(MINE)) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("{}", "invalid_value"),
        ("null", "invalid_value"),
        ('[{"type": "x", "channel": "pigeon", "enabled": true}]', "23514"),
        ('[{"type": "x", "channel": "inapp"}]', "23502"),
        ("[" + ",".join(["{}"] * 501) + "]", "invalid_value"),
    ],
)
def test_what_is_no_list_of_preferences_is_refused(session: Session, wrong: str, code: str) -> None:
    with session.as_user(ALICE), session.refused(code):
        session.run("select notif_preferences_set(%s)", wrong)
