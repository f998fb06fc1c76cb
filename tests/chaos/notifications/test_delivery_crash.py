"""A worker is killed after the mail server took the message and before it could write that down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import TestDatabase
from people import ALICE
from postbox import Postbox, postbox
from sending import send

_WORK = """
import sys
from rambla.jobs import worker
from rambla.notifications.email import Email
from rambla.notifications.smtp import Smtp
from rambla.notifications.tasks import tasks
email = Email(Smtp(sys.argv[2]), sender="hello@shop.example", base_url="https://shop.example")
worker.run(sys.argv[1], tasks({"email": email}))
"""


@contextmanager
def worker(database: TestDatabase, box: Postbox, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _WORK, database.login_url, box.url], stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def wait_until(happened: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)


def test_the_message_comes_twice_under_one_id_and_the_notification_is_sent_once(
    database: TestDatabase, tmp_path: Path
) -> None:
    """At least once, and told apart by the Message-ID: SMTP has no other way to say "the same again"."""
    log = tmp_path / "worker.log"
    with database.connect("owner") as owner, postbox() as box:
        owner.execute("update internal.settings set value = '\"1 second\"' where key = 'jobs_lease'")
        box.mood = "silent"
        with worker(database, box, log) as doomed, database.connect() as sender:
            id_ = send(sender, ALICE, channel="email")
            wait_until(lambda: len(box.messages) == 1, log)
            os.kill(doomed.pid, signal.SIGKILL)
        torn = owner.execute("select status from public.notifications").fetchone()

        box.mood = "good"
        with worker(database, box, log):
            wait_until(lambda: delivered(database), log)
        attempts = owner.execute(
            "select attempt, outcome from public.notification_deliveries order by attempt"
        ).fetchall()

    assert torn == {"status": "queued"}
    assert attempts == [{"attempt": 1, "outcome": "unknown"}, {"attempt": 2, "outcome": "sent"}]
    assert [message["Message-ID"] for message in box.messages] == [f"<{id_}@shop.example>"] * 2


def delivered(database: TestDatabase) -> bool:
    with database.connect() as connection:
        row = connection.execute(
            "select bool_and(n.status = 'sent') and not exists"
            " (select from public.worker_jobs j where j.status <> 'completed') as done from public.notifications n"
        ).fetchone()
    return row is not None and bool(row["done"])
