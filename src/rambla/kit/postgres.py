"""The embedded PostgreSQL: a real server that lives in one folder and that nobody has to install."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rambla.kit.postgres_binaries import PostgresError, find_binaries, programs_for, release_of
from rambla.kit.postgres_folder import PORT, Folder

__all__ = ["EmbeddedPostgres", "PostgresError", "find_binaries"]

PATIENCE: Final = 120.0  # seconds; crash recovery of a large database takes its time
DYING: Final = 10.0  # seconds; what a killed server's last process may take to go
_PASSING: Final = ("lock file", "shared memory block")  # PostgreSQL's words for both
_BUILTIN_COLLATION: Final = 17  # the release that brought it
# Durability is PostgreSQL's own default: fsync and synchronous_commit stay on.
_CONFIGURATION: Final = """
# Rambla's defaults; "alter system" overrides them.
shared_buffers = 256MB
max_connections = 200
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
"""


class EmbeddedPostgres:
    """Starts, finds again and stops the server of one folder.

    Who reaches the socket is let in without a password ("trust"). That is safe because there is no TCP port
    and the socket's folder is 0700: only the server's own user and root get there, and both could read the
    data files anyway. What this rests on stands on the server's command line, where neither a configuration
    file nor "alter system" can undo it.
    """

    def __init__(
        self, data_dir: Path, *, bin_dir: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.bin_dir = bin_dir or find_binaries()
        self._folder = Folder(data_dir)
        self._release = release_of(self.bin_dir)
        self._settings = dict(settings or {})

    @property
    def data_dir(self) -> Path:
        return self._folder.path

    @property
    def version(self) -> int:
        return int(re.split(r"\D", self._release)[0])

    @property
    def running(self) -> bool:
        """Whether somebody listens; unlike a pid, a socket does not come to belong to a stranger."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self._folder.socket))
            except OSError:
                return False
        return True

    def dsn(self, dbname: str = "postgres", *, user: str = "postgres") -> str:
        host = quote(str(self._folder.socket_folder), safe="")
        # The port is said, so that a PGPORT in the environment does not send the client to another socket.
        return f"postgresql://{quote(user, safe='')}@/{quote(dbname, safe='')}?host={host}&port={PORT}"

    def start(self) -> None:
        """Idempotent. Whatever an earlier process left is taken up: data, a running server, a crash."""
        self._folder.prepare()
        with self._folder.alone() as lock:
            self._start(lock)

    @contextmanager
    def used(self) -> Iterator[None]:
        """Running while the block lasts. Whoever leaves last stops it, and who was killed has left too."""
        self._folder.prepare()
        with self._folder.alone() as lock:
            self._start(lock)
            share = self._folder.share()
        try:
            yield
        finally:
            with self._folder.alone():
                if self._folder.leave(share):
                    self.stop()

    def stop(self) -> None:
        """Connections end, what was committed is flushed. No error when nothing runs."""
        self._end("fast")

    def kill(self) -> None:
        """As a crash: nothing is flushed, the next start recovers."""
        self._end("immediate")

    def _start(self, lock: int) -> None:
        if not self._folder.cluster.exists():
            self._initialise(lock)
        self._check_major()
        if not self._attach():
            self._launch()

    def _initialise(self, lock: int) -> None:
        """Under another name first: half a cluster is never taken for a whole one.

        initdb holds the lock too, since it can outlive us and must not meet a second one.
        """
        fresh = self.data_dir / "cluster.unfinished"
        if fresh.exists():
            shutil.rmtree(fresh)
        made = self._run("initdb", *self._initdb_options(), "-D", fresh, pass_fds=(lock,))
        if made.returncode:
            raise PostgresError(
                f"PostgreSQL {self._release} made no database in {self.data_dir}: {made.stderr.strip()}"
            )
        # By tee, as the server's user: root must not follow a link that somebody else laid here.
        self._folder.account.run(
            ["tee", "-a", fresh / "postgresql.conf"], text=_CONFIGURATION
        ).check_returncode()
        fresh.rename(self._folder.cluster)

    def _initdb_options(self) -> list[str]:
        """Text sorts by code point and upper() knows Unicode, on every machine alike."""
        ctype = "UTF-8" if os.uname().sysname == "Darwin" else "C.UTF-8"
        collation = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            if self.version >= _BUILTIN_COLLATION
            else [f"--lc-ctype={ctype}"]
        )
        hurry = ["--no-sync"] if self._settings.get("fsync") == "off" else []
        return [
            *("--username=postgres", "--auth-local=trust", "--auth-host=reject"),
            *("--encoding=UTF8", "--locale=C", *collation),
            *("--data-checksums", *hurry),
        ]

    def _check_major(self) -> None:
        written_by = (self._folder.cluster / "PG_VERSION").read_text().strip()
        if written_by != str(self.version):
            raise PostgresError(
                f"PostgreSQL {self.version} cannot read {self.data_dir}, written by PostgreSQL {written_by}: "
                f"install PostgreSQL {written_by}, or choose another data directory."
            )

    def _attach(self) -> bool:
        """Whether our server is there and ready; its recovery or its shutdown is waited out."""
        deadline = time.monotonic() + PATIENCE
        while self.running:
            if self._run("pg_isready", "-h", self._folder.socket_folder, "-p", PORT).returncode == 0:
                return True
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"The PostgreSQL in {self.data_dir} lets nobody in: see {self._folder.log}."
                )
            time.sleep(0.05)
        return False

    def _launch(self) -> None:
        """A server that was killed just now may still hold its lock file or its memory: wait until not."""
        options = shlex.join(self._server_options(self._folder.make_socket_folder()))
        deadline = time.monotonic() + DYING
        while True:
            self._folder.forget_stranger()
            told_before = self._folder.rotate_log()
            started = self._pg_ctl("start", "-l", self._folder.log, "-o", options)
            # A server that somebody else started in this moment is as good as ours.
            if started.returncode == 0 or self._attach():
                return
            words = self._folder.last_words(told_before) or started.stderr
            if time.monotonic() > deadline or not any(reason in words for reason in _PASSING):
                raise PostgresError(
                    f"PostgreSQL {self._release} did not start in {self.data_dir}; "
                    f"the end of {self._folder.log}:\n{words}"
                )
            time.sleep(0.1)

    def _server_options(self, socket_folder: Path) -> list[str]:
        """What safety rests on comes last, and the last mention counts."""
        settings = {
            "listen_addresses": "",
            **self._settings,
            "port": PORT,
            "unix_socket_directories": f'"{socket_folder}"',  # a list: quotes keep a space
            "unix_socket_permissions": "0700",
        }
        return [f"--{name}={value}" for name, value in settings.items()]

    def _end(self, mode: str) -> None:
        if not self.running:
            return
        ended = self._pg_ctl("stop", "-m", mode)
        if self.running:
            raise PostgresError(f"The PostgreSQL in {self.data_dir} did not stop: {ended.stderr.strip()}")

    def _pg_ctl(self, action: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return self._run(
            "pg_ctl", action, "-w", "-t", f"{PATIENCE:.0f}", "-D", self._folder.cluster, *arguments
        )

    def _run(
        self, program: str, *arguments: str | Path, pass_fds: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        return self._folder.account.run([self._programs / program, *arguments], pass_fds=pass_fds)

    @cached_property
    def _programs(self) -> Path:
        return programs_for(self._folder.account, self.bin_dir, self.data_dir)
