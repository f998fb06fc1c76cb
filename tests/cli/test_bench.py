"""The measurements are programs of the checkout, and the command only leads to them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cli.conftest import Run


def test_without_a_name_it_lists_the_measurements(rambla: Run) -> None:
    result = rambla("bench")

    assert result.returncode == 2
    assert {"jobs", "earnings", "notifications"} <= set(result.stdout.split())


def test_a_measurement_that_does_not_exist_is_one_sentence(rambla: Run) -> None:
    result = rambla("bench", "nothing", "--peers")

    assert result.returncode == 1
    assert result.stderr == "bench: there is no measurement nothing; without a name this lists them.\n"


@pytest.mark.slow
def test_the_jobs_are_measured_from_drain_to_bloat() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "rambla", "bench", "jobs", "--quick"],
        timeout=600, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.returncode == 0
    for title in ("Targets", "Drain", "Insert", "Pick-up and idle cost", "Claim", "Bloat", "Conditions"):
        assert f"## {title}\n" in result.stdout
