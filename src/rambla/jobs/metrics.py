"""What the worker counts."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

RUNS: Final = Counter("rambla_job_runs", "Runs of jobs by how they ended.", ["job_type", "outcome"])
SECONDS: Final = Histogram(
    "rambla_job_seconds", "Time in the handler.", ["job_type"],
    buckets=(0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 300),
)  # fmt: skip
CLAIMED: Final = Counter("rambla_jobs_claimed", "Jobs claimed.")
RUNNING: Final = Gauge("rambla_jobs_running", "Jobs in a handler now.")
LOST: Final = Counter(
    "rambla_job_leases_lost", "Reports that were refused because the job was another run's."
)
RESCUED: Final = Counter("rambla_jobs_rescued", "Runs of silent workers that this one ended.")
