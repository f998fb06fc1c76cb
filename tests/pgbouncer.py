"""A PgBouncer in transaction mode, as it stands before a production database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from running import free_port

_INI = """
[databases]
* = host={host} port={port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 100
logfile = {folder}/pgbouncer.log
"""


@contextmanager
def pooled(url: str, *, size: int) -> Iterator[str]:
    """The address of ``url``'s database behind a pooler with ``size`` server connections."""
    parts = conninfo_to_dict(url)
    listen = free_port()
    folder = Path(tempfile.mkdtemp(prefix="rambla-pgbouncer-"))
    folder.chmod(0o777)
    (folder / "users.txt").write_text(f'"{parts["user"]}" ""\n')
    ini = folder / "pgbouncer.ini"
    ini.write_text(
        _INI.format(host=parts["host"], port=parts["port"], listen=listen, folder=folder, size=size)
    )
    # It refuses to run as root, and only the server's own user reaches the server's socket.
    account = Path(str(parts["host"])).stat().st_uid if os.geteuid() == 0 else None
    process = subprocess.Popen(["pgbouncer", "-q", str(ini)], user=account)
    try:
        _wait_for(listen)
        yield make_conninfo(
            dbname=str(parts["dbname"]), user=str(parts["user"]), host="127.0.0.1", port=listen
        )
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("pgbouncer did not come up")
