"""A row's place as a word that means nothing to its reader."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.errors import Problem

# As internal.feed_page_json() writes it: float8send() and uuid_send(), 24 bytes, so base64 needs no padding.
_FORM: Final = struct.Struct(">d16s")


class Cursor(Struct, frozen=True):
    """Both are null before the first page."""

    score: float | None = None
    item_id: UUID | None = None


START: Final = Cursor()


def encode(score: float, item_id: UUID) -> str:
    return urlsafe_b64encode(_FORM.pack(score, item_id.bytes)).decode()


def decode(cursor: str | None) -> Cursor:
    """Only the form is checked here; whether it is a row of this viewer PostgreSQL knows."""
    if cursor is None:
        return START
    try:
        score, item_id = _FORM.unpack(urlsafe_b64decode(cursor))
    except (ValueError, struct.error) as error:
        raise Problem("invalid_cursor") from error
    return Cursor(score, UUID(bytes=item_id))
