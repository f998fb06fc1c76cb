"""``rambla eval``, as somebody types it."""

from __future__ import annotations

from cli.conftest import Run


def test_the_quick_form_prints_a_table_and_leaves_nothing_behind(rambla: Run) -> None:
    result = rambla("eval", "feed", "--quick", "--data", "synthetic")
    databases = rambla(
        "db", "psql", "--", "-Atc", "select count(*) from pg_database where datname like '%scratch%'"
    )

    assert result.returncode == 0, result.stderr
    assert "| for_you |" in result.stdout
    assert "- None is broken." in result.stdout
    assert databases.stdout == "0\n"
