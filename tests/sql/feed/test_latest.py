"""The feed of whom Bob follows, the newest first and nothing else."""

from __future__ import annotations

from conftest import Session
from feeding import ids, move_in, offer, page, publish, walk
from people import ALICE, BOB, CHARLIE


def follow(session: Session) -> None:
    for person in (ALICE, CHARLIE):
        session.run(
            "insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, person.id
        )


def test_it_is_in_the_order_of_time_whatever_is_liked_seen_or_by_one_author(session: Session) -> None:
    follow(session)
    alice = publish(session.connection, ALICE, 30, age="1 hour")
    charlie = publish(session.connection, CHARLIE, 3, age="3 hours")
    offer(session.connection, ALICE, 5)
    (stranger,) = move_in(session.connection, 1)
    publish(session.connection, stranger)
    with session.as_user(BOB):
        session.run("select public.feed_react(%s, 'like')", charlie[2])
        event = f'[{{"event_id":"{alice[0]}","item_id":"{alice[0]}","kind":"impression"}}]'
        session.run("select public.feed_record(%s)", event)
        pages = list(walk(session.connection, "latest", limit=7))

    assert [item for rows in pages for item in ids(rows)] == [*alice, *charlie]
    assert {row["reason"] for rows in pages for row in rows} == {"followed"}


def test_a_repost_stands_where_it_was_made(session: Session) -> None:
    follow(session)
    newer, older = publish(session.connection, ALICE, 2, age="2 hours")
    (stranger,) = move_in(session.connection, 1)
    (old,) = publish(session.connection, stranger, age="2 days")
    with session.as_user(CHARLIE):
        session.run("select public.feed_repost(%s, now() - interval '121.5 minutes')", old)
    with session.as_user(BOB):
        rows = page(session.connection, "latest")
        why = session.all("select term, words from public.feed_explain(%s, 'latest')", newer)

    assert ids(rows) == [newer, old, older]
    assert rows[1]["reposter_name"] == "Charlie"
    assert [row["term"] for row in why] == ["newest", "place"]


def test_whom_one_leaves_is_gone_and_a_visitor_has_nothing_there(session: Session) -> None:
    follow(session)
    publish(session.connection, ALICE, 2)
    with session.as_user(BOB):
        assert len(page(session.connection, "latest")) == 2
        session.run("delete from public.follows where follower_id = auth.uid()")
        assert page(session.connection, "latest") == []
    with session.as_role("anon"):
        assert page(session.connection, "latest") == []
