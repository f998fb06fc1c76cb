"""Secrets that the bearer shows and the database knows only by sha256."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

PREFIX: Final = "rmb_"  # so that a scanner recognises a leaked one
_BYTES: Final = 32
_LENGTH: Final = len(PREFIX) + 43  # 32 bytes as unpadded base64


def new() -> str:
    """256 random bits, safe in a header, a cookie and an address."""
    return PREFIX + secrets.token_urlsafe(_BYTES)


def digest(token: str) -> bytes:
    """What is stored. The token is random, so a slow hash would protect nothing."""
    return hashlib.sha256(token.encode()).digest()


def well_formed(token: str) -> bool:
    """Whether ``new`` could have made it; anything else is not worth a question to the database."""
    return len(token) == _LENGTH and token.startswith(PREFIX) and token.isascii()
