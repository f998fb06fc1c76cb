"""The count is the number of unread rows, whoever wrote them and however."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings, strategies as st

from conftest import Session
from people import ALICE, BOB, CHARLIE
from sending import send

ACTS = {
    "send": "select notif_send(%(who)s, 'inapp', 'security', 'x', 'x', null, null)",
    "mail": "insert into notifications (user_id, channel, type, title, status) "
    " values (%(who)s, 'email', 'x', 'x', 'queued')",
    "write by hand": "insert into notifications (user_id, channel, type, title, status)"
    " select %(who)s, 'inapp', 'x', 'x', 'sent' from generate_series(1, 3)",
    "write for all": "insert into notifications (user_id, channel, type, title, status)"
    " select p.id, 'inapp', 'x', 'x', 'sent' from profiles p",
    "read half": "update notifications set read_at = now() where user_id = %(who)s and seq %% 2 = 0",
    "read all of all": "update notifications set read_at = now()",
    "unread": "update notifications set read_at = null, archived_at = null where user_id = %(who)s",
    "archive": "update notifications set read_at = now(), archived_at = now() where user_id = %(who)s",
    "delete some": "delete from notifications where user_id = %(who)s and seq %% 3 = 0",
    "delete all": "delete from notifications",
    "give away": "update notifications set user_id = %(other)s, seq = seq + 1000000"
    " where user_id = %(who)s and idempotency_key is null and not exists"
    " (select from notifications n where n.user_id = %(other)s and n.seq > 1000000)"
    " and exists (select from notification_states s where s.user_id = %(other)s)",
    "make it mail": "update notifications set channel = 'email' where user_id = %(who)s and seq %% 2 = 1",
    "upsert": "insert into notifications (user_id, channel, type, title, status, idempotency_key)"
    " values (%(who)s, 'inapp', 'x', 'x', 'sent', 'k')"
    " on conflict (user_id, channel, idempotency_key) do update set read_at = now()",
}


def test_a_visitor_has_no_count(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run("select notif_unread_count()")


def test_who_was_never_sent_anything_has_none(session: Session) -> None:
    with session.as_user(CHARLIE):
        assert session.value("select notif_unread_count()") == 0


def test_what_goes_by_mail_does_not_ring_the_bell(session: Session) -> None:
    session.run(ACTS["mail"].replace("%(who)s", "%s"), ALICE.id)
    with session.as_user(ALICE):
        assert session.value("select notif_unread_count()") == 0


def test_counting_reads_one_row_however_many_there_are(session: Session) -> None:
    session.run("insert into notification_states (user_id, seq) values (%s, 2000)", ALICE.id)
    session.run(
        "insert into notifications (user_id, seq, channel, type, title, status)"
        " select %s, g, 'inapp', 'test', 'x', 'sent' from generate_series(1, 2000) g",
        ALICE.id,
    )
    with session.as_user(ALICE):
        session.value(
            "select notif_unread_count()"
        )  # the first call of a session reads the catalogue as well
        plan = session.value("explain (analyze, buffers, format json) select public.notif_unread_count()")
        buffers = plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]

        assert session.value("select notif_unread_count()") == 2000
        assert buffers < 20


def test_a_person_who_leaves_takes_everything_along(session: Session) -> None:
    with session.as_role("service_role"):
        send(session.connection, CHARLIE)
    session.run("delete from auth.users where id = %s", CHARLIE.id)

    assert session.value("select count(*) from notifications") == 0
    assert session.value("select count(*) from notification_states") == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.booleans()), max_size=12))
def test_after_anything_the_count_is_the_number_of_unread_rows(
    session: Session, acts: list[tuple[str, bool]]
) -> None:
    session.run("savepoint before")
    session.run("select set_config('request.jwt.claims', '{\"role\": \"service_role\"}', true)")
    for act, swap in acts:
        who, other = (BOB, ALICE) if swap else (ALICE, BOB)
        session.connection.execute(ACTS[act].encode(), {"who": who.id, "other": other.id})
    wrong = session.all(
        """
        select s.user_id, s.unread, count(n.id)
        from notification_states s
        left join notifications n on n.user_id = s.user_id and n.channel = 'inapp' and n.read_at is null
        group by s.user_id, s.unread
        having s.unread <> count(n.id)
        """
    )
    session.run("rollback to before")

    assert wrong == []
