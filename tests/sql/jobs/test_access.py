"""Jobs are the service's and the admins': everybody else is refused at every door."""

from __future__ import annotations

import pytest

from conftest import Session
from people import ADA, ALICE, CHARLIE
from queueing import insert

CALLS = {
    "worker_enqueue": "select public.worker_enqueue('noop')",
    "worker_enqueue_many": "select public.worker_enqueue_many('[]')",
    "worker_claim_jobs": "select public.worker_claim_jobs(gen_random_uuid())",
    "worker_complete_jobs": "select public.worker_complete_jobs('{1}')",
    "worker_fail_job": "select public.worker_fail_job(1, 'boom')",
    "worker_fail_jobs": "select public.worker_fail_jobs('[]')",
    "worker_snooze": "select public.worker_snooze(1, 1, 1)",
    "worker_release": "select public.worker_release('{1}', '{1}')",
    "worker_progress": "select public.worker_progress(1, 1, 1)",
    "worker_cancel": "select public.worker_cancel(1)",
    "worker_retry": "select public.worker_retry(1)",
    "worker_redrive": "select public.worker_redrive(1)",
    "worker_redrive_count": "select public.worker_redrive_count('{\"all\": true}')",
    "worker_redrive_all": "select public.worker_redrive_all('{\"all\": true}')",
    "worker_redrive_batch": "select public.worker_redrive_batch('{\"all\": true}')",
    "worker_schedule_run": "select public.worker_schedule_run('x')",
    "worker_schedule_pause": "select public.worker_schedule_pause('x')",
    "worker_schedule_resume": "select public.worker_schedule_resume('x')",
    "worker_beat": "select public.worker_beat(gen_random_uuid())",
    "worker_leave": "select public.worker_leave(gen_random_uuid())",
    "worker_rescue": "select public.worker_rescue()",
    "worker_pause": "select public.worker_pause('default')",
    "worker_resume": "select public.worker_resume('default')",
    "worker_limit_set": "select public.worker_limit_set('type', 'noop', 1)",
    "worker_limit_clear": "select public.worker_limit_clear('type', 'noop')",
    "worker_reopen": "select public.worker_reopen()",
    "worker_register": "select public.worker_register('[]')",
    "worker_tick": "select public.worker_tick('x', now())",
    "worker_prune": "select public.worker_prune()",
    "worker_stats": "select public.worker_stats()",
    "worker_explain": "select public.worker_explain(1)",
}
TABLES = [
    "worker_jobs", "dead_letter_queue", "worker_job_keys", "worker_job_parents", "worker_job_types", "worker_lanes",
    "worker_limits", "worker_rate_starts", "worker_pauses", "worker_heartbeats", "worker_schedules",
]  # fmt: skip


def test_every_function_is_on_this_page(session: Session) -> None:
    found = session.all(
        "select distinct p.proname::text as name from pg_proc p"
        " where p.pronamespace = 'public'::regnamespace and p.proname like 'worker\\_%%'"
    )

    assert {row["name"] for row in found} == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_a_visitor_may_call_nothing(session: Session, name: str) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run(CALLS[name])


@pytest.mark.parametrize("name", CALLS)
def test_charlie_may_call_nothing(session: Session, name: str) -> None:
    with session.as_user(CHARLIE), session.refused("forbidden"):
        session.run(CALLS[name])


@pytest.mark.parametrize("table", TABLES)
def test_charlie_sees_no_row_and_ada_sees_them(session: Session, table: str) -> None:
    with session.as_user(ADA):
        job_id = insert(session.connection, idempotency_key="k")
        session.run("select public.worker_limit_set('type', 'noop', p_rate_count => 5, p_rate_seconds => 60)")
        session.run("select public.worker_claim_jobs(gen_random_uuid())")
        session.run("select public.worker_enqueue('noop', p_after => %s)", [job_id])
        dead = insert(session.connection, max_attempts=1)
        session.run("select public.worker_fail_job(%s, 'boom')", dead)
        session.run("select public.worker_pause('bulk')")
        session.run("insert into worker_schedules (name, cron, job_type) values ('s', '* * * * *', 'noop')")
        hers = session.value(f"select count(*) from public.{table}")
    with session.as_user(CHARLIE):
        his = session.value(f"select count(*) from public.{table}")

    assert job_id != dead
    assert hers > 0
    assert his == 0


@pytest.mark.parametrize("table", TABLES)
def test_a_visitor_may_not_even_ask(session: Session, table: str) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run(f"select from public.{table}")


def test_charlie_cannot_insert_a_job(session: Session) -> None:
    with session.as_user(CHARLIE), session.refused("42501"):
        insert(session.connection)


@pytest.mark.parametrize(
    "statement", ["update worker_jobs set status = 'pending'", "delete from worker_jobs"]
)
@pytest.mark.parametrize("role", ["ada", "service_role"])
def test_nobody_goes_round_the_fence(session: Session, statement: str, role: str) -> None:
    person = session.as_user(ADA) if role == "ada" else session.as_role(role)
    with person, session.refused("42501"):
        session.run(statement)


def test_an_admin_who_is_none_any_more_is_refused_at_the_next_call(session: Session) -> None:
    with session.as_user(ADA):
        session.run("select public.worker_stats()")
    session.run("delete from public.user_roles where user_id = %s", ADA.id)
    with session.as_user(ADA), session.refused("forbidden"):
        session.run("select public.worker_stats()")


def test_alice_of_a_transaction_that_enqueues_for_her_has_no_right_of_her_own(session: Session) -> None:
    """internal.enqueue() is for definer functions: nobody reaches the schema."""
    with session.as_user(ALICE), session.refused("42501"):
        session.run("select internal.enqueue('noop')")
