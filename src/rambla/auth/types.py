"""What the doors of auth take and give."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

Name = Annotated[str, Meta(min_length=1, max_length=254, description="Handle or e-mail address.")]
Password = Annotated[str, Meta(min_length=1, max_length=1000)]
Label = Annotated[
    str, Meta(max_length=100, description="What the program is called in the list of sessions.")
]


class Visitor(Struct, frozen=True, kw_only=True):
    """Where an attempt to sign in comes from."""

    address: str
    device: str


class Credential(Struct, frozen=True, kw_only=True):
    user_id: UUID
    password_hash: str


class SignIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name and password for a bearer token."""

    name: Name
    password: Password
    label: Label = ""


class NewSession(Struct, frozen=True, kw_only=True):
    """The token is shown this once."""

    token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme of RFC 6750


class SessionRow(Struct, frozen=True, kw_only=True):
    id: UUID
    kind: str
    label: str
    created_at: dt.datetime
    last_used_at: dt.datetime
    expires_at: dt.datetime
    is_current: bool


class Profile(Struct, frozen=True, kw_only=True):
    """What anyone may know of a person."""

    id: UUID
    handle: str
    display_name: str
    bio: str
    avatar_url: str | None
    timezone: str
    locale: str


class ProfileChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    display_name: Annotated[str, Meta(min_length=1, max_length=80)] | UnsetType = UNSET
    bio: Annotated[str, Meta(max_length=500)] | UnsetType = UNSET
    timezone: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    locale: Annotated[str, Meta(pattern="^[a-z]{2,3}([_-][A-Za-z0-9]{2,8})*$", max_length=35)] | UnsetType = (
        UNSET
    )
