"""Doors of commerce. Claimed: a second helper is writing these doors, their templates and their tests right now."""

from typing import Any

HANDLERS: list[Any] = []
