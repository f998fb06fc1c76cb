"""What an operator types, and what comes back."""

from __future__ import annotations

from pathlib import Path

from cli.conftest import Run


def test_config_show_tells_where_a_value_came_from(rambla: Run, folder: Path) -> None:
    (folder / "rambla.toml").write_text('host = "0.0.0.0"\n')

    shown = rambla(
        "config", "show", "--origin", "--port", "9001", SENTRY_DSN="https://secret@errors.example/1"
    ).stdout

    assert "port = 9001    # flag" in shown
    assert "host = '0.0.0.0'    # rambla.toml" in shown
    assert "sentry_dsn = '********'    # environment SENTRY_DSN" in shown
    assert "secret@" not in shown


def test_an_unknown_setting_names_the_nearest_one(rambla: Run) -> None:
    result = rambla("config", "show", RAMBLA_PROT="1")

    assert result.returncode == 1
    assert (
        result.stderr == "rambla: There is no setting RAMBLA_PROT (environment); did you mean RAMBLA_PORT?\n"
    )


def test_migrate_check_says_what_is_pending_and_fails_until_it_is_done(rambla: Run) -> None:
    before = rambla("migrate", "--check")
    done = rambla("migrate")
    after = rambla("migrate", "--check")

    assert (before.returncode, done.returncode, after.returncode) == (1, 0, 0)
    assert "migrations/0001_accounts.sql" in before.stdout
    assert after.stdout == "0 pending\n"


def test_psql_as_a_visitor_has_the_visitors_role(rambla: Run) -> None:
    rambla("migrate")

    result = rambla(
        "db", "psql", "--as", "anon", "--", "-Atc", "select current_user, auth.role(), auth.uid() is null"
    )

    assert result.stdout == "anon|anon|t\n"


def test_psql_as_nobody_is_one_sentence(rambla: Run) -> None:
    rambla("migrate")

    result = rambla("db", "psql", "--as", "nobody_here")

    assert (result.returncode, result.stderr) == (1, "rambla: Nobody has the handle nobody_here.\n")


def test_the_url_is_the_owners_and_the_dump_is_the_database(rambla: Run) -> None:
    rambla("migrate")

    assert rambla("db", "url").stdout.startswith("postgresql://postgres@")
    assert "CREATE TABLE public.profiles" in rambla("db", "dump", "--", "--schema-only").stdout


def test_help_names_every_command(rambla: Run) -> None:
    shown = rambla("--help").stdout

    assert all(name in shown for name in ("up", "serve", "work", "migrate", "seed", "db", "smoke", "config"))


def test_a_stray_word_is_no_setting(rambla: Run, folder: Path) -> None:
    """It was taken for the data directory, because that is the first of the settings."""
    result = rambla("config", "show", "elsewhere")

    assert result.returncode != 0
    assert "elsewhere" in result.stdout + result.stderr


def test_a_token_is_made_listed_and_revoked(rambla: Run) -> None:
    rambla("migrate")

    token = rambla("token", "create", "the till").stdout.strip()
    (line,) = rambla("token", "list").stdout.splitlines()
    revoked = rambla("token", "revoke", line.split()[0])

    assert token.startswith("rmb_")
    assert line.endswith("the till")
    assert token not in line
    assert revoked.returncode == 0
    assert rambla("token", "list").stdout == ""


def test_a_link_for_nobody_is_one_sentence(rambla: Run) -> None:
    rambla("migrate")

    result = rambla("link", "nobody_here")

    assert (result.returncode, result.stderr) == (1, "rambla: Nobody has the handle nobody_here.\n")
