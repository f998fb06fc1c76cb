"""What the worker counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from prometheus_client import Counter, Gauge

from rambla.jobs.types import Tally
from rambla.kit.metrics import Durations

RUNS: Final = Counter("rambla_job_runs", "Runs of jobs by how they ended.", ["job_type", "queue", "outcome"])
SECONDS: Final = Durations(
    "rambla_job_seconds", "Time in the handler.", ["job_type", "queue"],
    buckets=(0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 300),
)  # fmt: skip
CLAIMED: Final = Counter("rambla_jobs_claimed", "Jobs claimed.", ["queue"])
RUNNING: Final = Gauge("rambla_jobs_running", "Jobs in a handler now.")
SILENT: Final = Gauge("rambla_worker_silent_seconds", "Since the last heartbeat that arrived.")
LOST: Final = Counter(
    "rambla_job_leases_lost", "Reports that were refused because the job was another run's."
)
RESCUED: Final = Counter("rambla_jobs_rescued", "Runs of silent workers that this one ended.")
# Of the whole queue and not of this process: take the max over workers, not the sum.
DEPTH: Final = Gauge(
    "rambla_jobs", "Jobs by state; counting stops at 20000 of a kind.", ["queue", "job_type", "state"]
)


def show_depth(tallies: Iterable[Tally]) -> None:
    """What is not there any more goes, too."""
    DEPTH.clear()
    for tally in tallies:
        DEPTH.labels(tally.queue, tally.job_type, tally.state).set(tally.jobs)
