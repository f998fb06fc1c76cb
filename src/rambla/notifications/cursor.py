"""Where a page of the inbox ends, as a word that means nothing to its reader."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from rambla.errors import Problem

NEWEST: Final = 2**63 - 1
"""Before which everything is: the first page."""

_PREFIX: Final = b"n1:"


def encode(seq: int) -> str:
    return urlsafe_b64encode(_PREFIX + str(seq).encode()).decode().rstrip("=")


def decode(cursor: str | None) -> int:
    """The number that the next page stays below."""
    if cursor is None:
        return NEWEST
    try:
        text = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        seq = int(text.removeprefix(_PREFIX)) if text.startswith(_PREFIX) else 0
    except ValueError:
        seq = 0
    if not 0 < seq <= NEWEST:
        raise Problem("invalid_cursor", "The cursor was not made by this inbox. Start from the first page.")
    return seq
