"""Doors of content. Claimed: the founder is writing this file and tests/api/content right now."""

from typing import Any

HANDLERS: list[Any] = []
