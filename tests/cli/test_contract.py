"""The five statements of the contract, to the letter, as a person types them into psql."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest

from cli.conftest import Product, Run

FEED = "SELECT * FROM public.feed_fusion_home('for_you', NULL, NULL, 50);"
SEND = "SELECT public.notif_send(auth.uid(), 'inapp', 'test', 'Hi', 'Body', NULL, 'idemp-1');"
READ = "SELECT public.notif_mark_all_read();"
RECOMPUTE = "SELECT public.earnings_recompute(auth.uid());"
POISON = """INSERT INTO worker_jobs(job_type, payload, max_attempts, next_run_at, status)
VALUES ('poison_test', '{"fail":true}'::jsonb, 3, now(), 'pending');"""


@pytest.fixture
def demo(up: Callable[..., Product]) -> Product:
    product = up("--demo")
    product.wait_until_ready()
    return product


def test_the_five_statements_work_to_the_letter(demo: Product, rambla: Run) -> None:
    def psql(person: str, statement: str) -> list[str]:
        result = rambla("db", "psql", "--as", person, "--", "-AtX", "-c", statement)
        assert result.returncode == 0, result.stderr
        return result.stdout.splitlines()

    psql("alice", "select public.notif_quiet_hours_set(null, null)")  # or at night she would not be told
    feed = psql("alice", FEED)
    first, second = psql("alice", SEND), psql("alice", SEND)

    assert len(feed) == 50
    assert len(set(feed)) == 50
    assert psql("alice", FEED) == feed
    assert first == second
    assert len(first[0]) == 36
    assert len(psql("alice", READ)) == 1
    assert psql("alice", "SELECT public.notif_unread_count()") == ["0"]
    assert len(psql("alice", RECOMPUTE)) >= 1
    assert psql("ada", POISON) == ["INSERT 0 1"]
    poison_dies_after_three_failures(rambla)


def test_a_stranger_may_not_put_jobs_into_the_queue(demo: Product, rambla: Run) -> None:
    result = rambla("db", "psql", "--as", "alice", "--", "-AtX", "-c", POISON)

    assert result.returncode == 1
    assert "row-level security" in result.stderr or "permission denied" in result.stderr


def poison_dies_after_three_failures(rambla: Run) -> None:
    """The running worker fails it; an operator's update brings the next run forward instead of waiting."""

    def owner(statement: str) -> str:
        return rambla("db", "psql", "--", "-AtX", "-c", statement).stdout.strip()

    mine = "job_type = 'poison_test' and max_attempts = 3 and created_at > now() - interval '5 minutes'"

    def failed(attempts: int) -> bool:
        return owner(f"select attempts, status from worker_jobs where {mine}") == f"{attempts}|pending"

    waits = []
    for attempts in (1, 2):
        until(partial(failed, attempts))
        waits.append(
            owner(
                "select round(extract(epoch from next_run_at - (history -> -1 ->> 'at')::timestamptz))"
                f" from worker_jobs where {mine}"
            )
        )
        owner(f"update worker_jobs set next_run_at = now() where {mine}")
    until(lambda: owner(f"select count(*) from worker_jobs where {mine}") == "0")

    assert waits == ["60", "120"]
    died = owner(
        "select attempts from dead_letter_queue where job_type = 'poison_test' order by died_at desc limit 1"
    )
    assert died == "3"


def until(holds: Callable[[], bool], patience: float = 20.0) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.2)
