"""A limit that is taken back holds nobody any more."""

from __future__ import annotations

from conftest import Session
from people import ADA
from queueing import Connection, claim, insert, limit


def limits(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.execute(
        "select name, source from public.worker_limits order by name, source"
    ).fetchall()
    return [(row["name"], row["source"]) for row in rows]


def test_what_was_held_runs(service: Connection) -> None:
    limit(service, "type", "noop", most_running=1)
    for _ in range(30):
        insert(service)
    claim(service)
    service.execute("select public.worker_limit_clear('type', 'noop')")

    assert len(claim(service, limit=20)) == 20
    assert len(claim(service)) == 9


def test_its_row_goes_when_nothing_is_held_any_more(service: Connection) -> None:
    limit(service, "type", "noop", most_running=1)
    for _ in range(2):
        insert(service)
    claim(service)
    service.execute("select public.worker_limit_clear('type', 'noop')")
    service.execute("select public.worker_reopen()")
    while_held = limits(service)
    claim(service)
    service.execute("select public.worker_reopen()")

    assert while_held == [("noop", "code")]
    assert limits(service) == []


def test_a_queue_without_its_limit_runs_all(service: Connection) -> None:
    limit(service, "queue", "default", most_running=1)
    for _ in range(3):
        insert(service)
    claim(service)
    service.execute("select public.worker_limit_clear('queue', 'default')")

    assert len(claim(service)) == 2
    assert limits(service) == []


def test_nothing_to_clear_is_nothing_done(session: Session) -> None:
    with session.as_user(ADA):
        session.run("select public.worker_limit_clear('type', 'noop')")

    assert session.all("select from public.audit_log") == []
    assert session.all("select from public.worker_limits") == []
