"""Doors of content."""

from typing import Any

HANDLERS: list[Any] = []
