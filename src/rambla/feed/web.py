"""Doors of feed. Claimed: the founder is writing the home page, its templates and tests/web/feed right now; leave them."""

from typing import Any

HANDLERS: list[Any] = []
