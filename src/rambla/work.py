"""The composition root of the worker: settings in, a process that runs every slice's jobs out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sentry_sdk

from rambla import __version__, settings as config
from rambla.earnings import tasks as earnings
from rambla.feed import tasks as feed
from rambla.jobs import tasks as jobs, worker
from rambla.jobs.registry import Registry
from rambla.notifications import tasks as notifications
from rambla.notifications.channels import Absent, Channel
from rambla.notifications.email import Email
from rambla.notifications.mail_folder import MailFolder
from rambla.notifications.smtp import Smtp
from rambla.notifications.types import Channel as ChannelName
from rambla.processes import Processes
from rambla.serve import base_url
from rambla.settings import Settings

_MARGIN: Final = 15.0  # seconds past the grace of jobs that a worker has for its last words


def work(settings: Settings) -> int:
    """Work until told to stop, in this process or in several under it. The exit status."""
    if settings.worker_processes > 1:
        return _work_in_several(settings)
    if settings.sentry_dsn:
        sentry_sdk.init(settings.sentry_dsn, release=__version__, send_default_pii=False)
    worker.run(
        settings.database_url,
        Registry(jobs.TASKS, feed.TASKS, earnings.TASKS, notifications.tasks(_channels(settings))),
        direct_url=settings.database_direct_url,
        queues=[queue.strip() for queue in settings.job_queues.split(",")],
        concurrency=settings.job_concurrency,
        grace=settings.job_grace,
        pool_size=settings.database_pool_size,
        host=settings.host,
        port=settings.worker_port,
    )
    return 0


def grace(settings: Settings) -> float:
    """Seconds that a worker process may take to stop."""
    return settings.job_grace + _MARGIN


def _work_in_several(settings: Settings) -> int:
    """A process that a job takes along is replaced; each has vitals of its own."""
    processes = Processes(config.environment(settings), grace=grace(settings), replace=True)
    for number in range(settings.worker_processes):
        port = settings.worker_port + number if settings.worker_port else 0
        one = {config.variable("worker_processes"): "1", config.variable("worker_port"): str(port)}
        processes.start("work", **one)
    return processes.wait()


def _channels(settings: Settings) -> dict[ChannelName, Channel]:
    """E-mail goes to the server that is set, else into a folder; push and SMS have no transport yet."""
    transport = Smtp(settings.smtp_url) if settings.smtp_url else MailFolder(Path(settings.data_dir) / "mail")
    email = Email(transport, sender=settings.mail_from, base_url=base_url(settings))
    return {"email": email, "push": Absent(), "sms": Absent()}
