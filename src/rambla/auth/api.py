"""Doors of auth."""

from typing import Any

HANDLERS: list[Any] = []
