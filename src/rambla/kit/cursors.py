"""Where a page ends, as a word that means nothing to its reader.

A cursor is a struct of the slice that pages, with ``array_like=True`` and a ``tag`` of its own, so that the
cursor of one list is refused by every other:

    class After(Struct, frozen=True, array_like=True, tag="orders"):
        placed_at: dt.datetime
        id: UUID
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar

import msgspec
from msgspec import Struct

from rambla.errors import Problem

T = TypeVar("T", bound=Struct)


def encode(cursor: Struct) -> str:
    return urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def decode(cursor: str | None, of: type[T]) -> T | None:
    """None for the first page; what this list did not make is ``invalid_cursor``."""
    if cursor is None:
        return None
    try:
        return msgspec.json.decode(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)), type=of)
    except (msgspec.MsgspecError, binascii.Error, UnicodeError):
        raise Problem(
            "invalid_cursor", "The cursor was not made by this list. Start from the first page."
        ) from None
