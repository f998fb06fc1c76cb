"""Doors of jobs."""

from typing import Any

HANDLERS: list[Any] = []
