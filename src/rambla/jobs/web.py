"""Doors of jobs. Claimed: the founder is writing the doors of jobs, their templates and tests/api/jobs, tests/web/jobs right now; leave them."""

from typing import Any

HANDLERS: list[Any] = []
