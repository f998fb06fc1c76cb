"""Passwords and tokens of the people of the tests."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any, Final
from uuid import UUID

import psycopg

from people import Person

PASSWORD: Final = "a bicycle for four"
# Made beforehand with the product's parameters, because making it costs as much as it should.
PASSWORD_HASH: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$0cZpuuwYHVH1oOfMun+d/w$r0mX3z5qaT8OcZa+7zBX1Ix7Q0PVeEwYOOPEE4H3aUw"
)
# The same password with parameters of an older time.
DATED_HASH: Final = (
    "$argon2id$v=19$m=8192,t=1,p=1$pp6n0oZekbaVONU+ekeAew$6tYSLXZ1dQKOdsSul/Uv10ZlpssEvCAS+v5M2+IAJ9U"
)
NOON: Final = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    return f"rmb_{secrets.token_urlsafe(32)}"


def give_password(
    connection: psycopg.Connection[Any], person: Person, password_hash: str = PASSWORD_HASH
) -> None:
    """As the service."""
    connection.execute("select public.auth_password_set(%s, %s)", (person.id, password_hash))


def start_session(
    connection: psycopg.Connection[Any],
    user_id: UUID | None,
    *,
    kind: str = "cookie",
    lifetime: str | None = None,
    at: dt.datetime | None = None,
) -> str:
    """As the service."""
    token = new_token()
    connection.execute(
        "select public.session_start(%s, %s, %s, 'Firefox on Linux', %s::interval, coalesce(%s, now()))",
        (user_id, digest(token), kind, lifetime, at),
    )
    return token
