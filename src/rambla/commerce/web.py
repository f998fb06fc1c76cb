"""Doors of commerce."""

from typing import Any

HANDLERS: list[Any] = []
