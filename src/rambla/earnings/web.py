"""Claimed: the founder is writing the doors and tasks of earnings, their templates and tests/api/earnings, tests/web/earnings right now; leave them."""

from typing import Any

HANDLERS: list[Any] = []
