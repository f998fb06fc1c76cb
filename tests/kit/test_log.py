"""What a process writes: one line an event, whoever has something to say."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import logging
from rambla.kit import log

log.configure(style="json", level="info")
log.configure(style="json", level="info")
with log.bound(request_id="r-1"):
    log.add(user_id="alice")
    log.get().info("request", status=200)
    logging.getLogger("psycopg.pool").warning("error connecting in %r", "pool-1")
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved")
logging.getLogger("psycopg.pool").info("nobody wants to know")
log.get().info("request", status=204)
"""


def test_what_a_library_says_is_a_line_like_our_own() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    ours, pool, failed, last = map(json.loads, done.stderr.splitlines())

    assert (ours["event"], ours["request_id"], ours["user_id"]) == ("request", "r-1", "alice")
    assert (pool["event"], pool["level"], pool["logger"]) == ("library", "warning", "psycopg.pool")
    assert (pool["said"], pool["request_id"]) == ("error connecting in 'pool-1'", "r-1")
    assert (failed["level"], failed["exception"][0]["exc_type"]) == ("error", "ZeroDivisionError")
    assert "user_id" not in last
