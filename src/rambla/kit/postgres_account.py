"""As whom PostgreSQL's programs run: as ourselves or, since PostgreSQL refuses root, as somebody harmless."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

HARMLESS: Final = ("postgres", "nobody")
_NOBODY: Final = 65534

# Nothing else is handed down: a stray PGHOST or PGOPTIONS would steer PostgreSQL's programs, secrets of the
# application would stand in the server's environment, and macOS refuses a server without LC_ALL.
_ENVIRONMENT: Final = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class Account(Struct, frozen=True, kw_only=True):
    name: str
    uid: int
    gid: int

    def run(
        self, command: Sequence[str | Path], *, text: str | None = None, pass_fds: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """From ``/``, because the account need not be allowed into our own working directory."""
        becoming = os.geteuid() != self.uid
        return subprocess.run(
            command,
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",  # as os.fsencode: a path comes back as it went out
            check=False,
            cwd="/",
            env=_ENVIRONMENT,
            pass_fds=pass_fds,
            user=self.uid if becoming else None,
            group=self.gid if becoming else None,
            extra_groups=[] if becoming else None,
        )

    def closed_folder(self, folder: Path) -> Path | None:
        """The first folder on the way from the root that this account may not enter."""
        return self._first_failing("-x", [*reversed(folder.parents), folder])

    def can_write(self, folder: Path) -> bool:
        return self._first_failing("-w", [folder]) is None

    def _first_failing(self, test: str, paths: Sequence[Path]) -> Path | None:
        """Asks the kernel as that account: mode bits alone know no access lists and no read-only mounts."""
        script = 'for path; do [ "$0" "$path" ] || { printf %s "$path"; exit; }; done'
        failing = self.run(["/bin/sh", "-c", script, test, *paths]).stdout
        return Path(failing) if failing else None


def account_for(folder: Path) -> Account:
    """Ourselves; when we are root, the folder's owner, and where that is root too, the first of HARMLESS."""
    if os.geteuid() != 0:
        return _account(os.geteuid())
    owner = folder.stat().st_uid if folder.exists() else 0
    return _account(owner or _harmless())


def _harmless() -> int:
    for name in HARMLESS:
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    return _NOBODY


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # a container may run under any number; initdb then says that it wants a name for it
        return Account(name=f"user {uid}", uid=uid, gid=uid)
    return Account(name=entry.pw_name, uid=uid, gid=entry.pw_gid)
