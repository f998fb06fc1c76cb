"""The folder of an embedded PostgreSQL: whose it is, what lies in it, and where its socket is."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

from rambla.kit.postgres_account import Account, account_for
from rambla.kit.postgres_binaries import PostgresError

PORT: Final = "5432"  # there is no TCP; it only names the socket
_SOCKET: Final = f".s.PGSQL.{PORT}"
_SOCKET_LIMIT: Final = 100  # the kernel's is 108 bytes on Linux and 104 on macOS, with the final NUL
_LOG_LIMIT: Final = 10_000_000
_SOCKET_LINE: Final = 4  # of postmaster.pid, counted from 0; line 0 is the pid and line 1 the cluster


class Folder:
    """``cluster`` is PostgreSQL's own data directory; ``socket`` and ``postgres.log`` lie beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self.cluster = self.path / "cluster"
        self.log = self.path / "postgres.log"
        self._lock_file = self.cluster / "postmaster.pid"

    @property
    def account(self) -> Account:
        return account_for(self.path)

    def prepare(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._give_away()
        except OSError as error:
            raise PostgresError(
                f"The data directory {self.path} cannot be made ({error.strerror}): choose another one."
            ) from error
        self._check_reach(self.account)
        if strange := set('"$`\\\n') & set(str(self.path)):  # pg_ctl hands the path to a shell
            raise PostgresError(f"{strange.pop()!r} may not be in the path of a data directory: {self.path}.")

    @contextmanager
    def alone(self) -> Iterator[int]:
        """One process at a time; the kernel takes the lock back from one that dies."""
        lock = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield lock
        finally:
            os.close(lock)

    def share(self) -> int:
        """A place among those who use the server; the kernel gives up that of a process that dies."""
        place = os.open(self.cluster, os.O_RDONLY)
        fcntl.flock(place, fcntl.LOCK_SH)
        return place

    def leave(self, place: int) -> bool:
        """Whether nobody else is left. Only for who is ``alone``: between asking and acting nobody may come."""
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(place)
        return True

    @property
    def socket_folder(self) -> Path:
        """Where the server listens; one that has run for long may have been started under another TMPDIR."""
        lines = _lines(self._lock_file)
        # A copied folder brings along the lock file of the original: that server is not ours.
        ours = len(lines) > _SOCKET_LINE and lines[1] == str(self.cluster)
        return Path(lines[_SOCKET_LINE]) if ours else self._own_socket_folder

    @property
    def socket(self) -> Path:
        return self.socket_folder / _SOCKET

    def make_socket_folder(self) -> Path:
        """Ours alone, or not at all: whoever gets into it is let in without a password."""
        folder, account = self._own_socket_folder, self.account
        if not os.path.lexists(folder):
            made = account.run(["mkdir", "-m", "0700", folder])  # theirs from its first moment on
            if made.returncode:
                raise PostgresError(f"{account.name} may not make {folder}: set TMPDIR=/tmp.")
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
            raise PostgresError(f"{folder} must be a folder that only {account.name} may enter: remove it.")
        return folder

    def forget_stranger(self) -> None:
        """Remove lock files whose pid is a zombie, or after a container's restart another program, even us.

        PostgreSQL takes any living process of its user for a server. It finds its own orphaned backends by
        shared memory, file or no file, so no protection is lost. Without /proc its judgement stands.
        """
        for lock_file in (self._lock_file, self._own_socket_folder / f"{_SOCKET}.lock"):
            if self._is_strangers(lock_file):
                lock_file.unlink()

    def rotate_log(self) -> int:
        """Where the words of the coming start will begin."""
        size = self.log.stat().st_size if self.log.exists() else 0
        if size < _LOG_LIMIT:
            return size
        self.log.replace(self.log.with_suffix(".log.1"))
        return 0

    def last_words(self, since: int) -> str:
        if not self.log.exists():
            return ""
        told = self.log.read_bytes()[since:].decode(errors="replace")
        return "\n".join(told.splitlines()[-10:])

    def _give_away(self) -> None:
        """To the account that PostgreSQL runs as; only an empty one, so that /var/lib stays as it is."""
        account = self.account
        if os.geteuid() != 0 or self.path.stat().st_uid == account.uid:
            return
        if any(self.path.iterdir()):
            raise PostgresError(
                f"{self.path} belongs to root and PostgreSQL refuses to run as root: "
                f"choose an empty folder, or chown -R {account.name} {self.path}."
            )
        os.chown(self.path, account.uid, account.gid)

    def _check_reach(self, account: Account) -> None:
        if closed := account.closed_folder(self.path):
            raise PostgresError(
                f"PostgreSQL runs as {account.name}, who may not enter {closed}: "
                f"choose another data directory, or chmod o+x {closed}."
            )
        if not account.can_write(self.path):
            raise PostgresError(
                f"The data directory {self.path} cannot be written by {account.name}: "
                f"choose another one, or change its owner."
            )

    def _is_strangers(self, lock_file: Path) -> bool:
        lines = _lines(lock_file)
        if not lines or not Path("/proc", lines[0].strip()).is_dir():
            return False
        try:
            return Path("/proc", lines[0].strip(), "cwd").readlink() != self.cluster
        except FileNotFoundError:
            return True  # a dead process that its parent has not buried yet
        except PermissionError:
            return False

    @cached_property
    def _own_socket_folder(self) -> Path:
        inside = self.path / "socket"
        if len(os.fsencode(inside / _SOCKET)) <= _SOCKET_LIMIT and "," not in str(inside):
            return inside  # a comma would be two hosts to clients
        name = f"rambla-{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]}"
        return Path(tempfile.gettempdir(), name)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []
