"""Ids that are the same in every database: links to the demo world can be written down."""

from __future__ import annotations

import uuid
from typing import Final
from uuid import UUID

_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "seeds.example.org")


def identify(world: str, kind: str, name: str) -> UUID:
    return uuid.uuid5(_NAMESPACE, f"{world}/{kind}/{name}")
