"""Doors of admin."""

from typing import Any

HANDLERS: list[Any] = []
