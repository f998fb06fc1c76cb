"""Doors of earnings."""

from typing import Any

HANDLERS: list[Any] = []
