"""``rambla up``: from nothing to the running product."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from rambla import keys, settings as config
from rambla.instance import Instance, instance
from rambla.kit.migrate import migrate
from rambla.processes import Processes
from rambla.seeds import demo
from rambla.serve import base_url, check_port
from rambla.settings import Settings
from rambla.work import grace

_PATIENCE = 60.0

Say = Callable[[str], None]


def up(settings: Settings, say: Say) -> int:
    """Database, migrations, demo world on the first start, web server and worker; until Ctrl-C."""
    check_port(settings.host, settings.port)
    with instance(settings) as here:
        applied = migrate(here.owner_url)
        if applied:
            say(f"Applied {len(applied)} migrations to {here.described}.")
        if settings.demo:
            demo.seed_if_empty(here.owner_url, say)
        processes = Processes(config.environment(here.settings), grace=grace(settings))
        processes.start("serve")
        processes.start("work")
        try:
            if _ready(here.settings):
                _announce(here, say)
            return processes.wait()
        finally:
            processes.stop()


def _ready(settings: Settings) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{settings.host}:{settings.port}/readyz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


def _announce(here: Instance, say: Say) -> None:
    url = base_url(here.settings)
    token = asyncio.run(keys.owner_link(here.owner_url))
    for name, value in {
        "App": url,
        "Admin": f"{url}/welcome/{token}",
        "API docs": f"{url}/docs",
        "Health": f"{url}/readyz",
        "Database": here.owner_url,
    }.items():
        say(f"  {name:<9} {value}")
