"""``rambla smoke`` says of every promise whether it holds, and fails when one does not."""

from __future__ import annotations

from collections.abc import Callable

from cli.conftest import Product, Run


def test_every_promise_holds_on_a_running_product_and_a_broken_one_is_found(
    up: Callable[..., Product], rambla: Run
) -> None:
    product = up("--no-demo")
    product.wait_until_ready()
    before = counts(rambla)

    good = rambla("smoke", "--port", str(product.port))

    assert good.returncode == 0, good.stdout
    assert "BROKEN" not in good.stdout
    assert all(
        system in good.stdout for system in ("feed:", "notifications:", "earnings:", "workers:", "design:")
    )
    assert counts(rambla) == before, "a smoke test leaves nothing behind"

    rambla(
        "db", "psql", "--", "-qc", "update internal.settings set value = '7' where key = 'notif_daily_cap'"
    )
    bad = rambla("smoke", "--port", str(product.port))

    assert bad.returncode == 1
    assert "BROKEN  notifications: The sixth of a day on a channel is not sent" in bad.stdout


def test_without_a_running_product_the_pages_are_said_to_be_broken(rambla: Run) -> None:
    rambla("seed", "demo")

    result = rambla("smoke", "--port", "9")

    assert result.returncode == 1
    assert "BROKEN  health: /livez and /readyz answer" in result.stdout
    assert "ok      feed: A hidden item is not shown" in result.stdout


def test_a_database_without_an_admin_says_how_to_get_one(rambla: Run) -> None:
    rambla("migrate")

    result = rambla("smoke")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "rambla: Nobody is an admin here, as whom to look: run rambla up once.\n"


def counts(rambla: Run) -> str:
    tables = ("profiles", "posts", "notifications", "earnings_events", "worker_jobs", "dead_letter_queue")
    query = " union all ".join(f"select count(*) from public.{table}" for table in tables)
    return rambla("db", "psql", "--", "-Atc", query).stdout
