"""Doors of feed."""

from typing import Any

HANDLERS: list[Any] = []
