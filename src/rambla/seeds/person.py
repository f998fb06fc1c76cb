"""The people of the demo world: each is a file in ``people/`` with what they wrote and what they sell."""

from __future__ import annotations

from importlib import resources
from typing import ClassVar, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from rambla.seeds.identity import identify
from rambla.seeds.pictures.avatars import Look

ADDRESS: Final = "/static/img/demo/{}.svg"


def person_id(handle: str) -> UUID:
    return identify("demo", "person", handle)


def item_id(slug: str) -> UUID:
    return identify("demo", "item", slug)


class Post(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    slug: str
    hours: float
    """How long ago it was written."""
    body: str
    title: str = ""
    tags: list[str] = []
    visibility: Literal["public", "followers"] = "public"
    picture: str | None = None
    """A scene of the author's craft."""
    palette: int | None = None
    """Where the words name a colour; otherwise chance picks one."""

    @property
    def image_url(self) -> str | None:
        return ADDRESS.format(self.slug) if self.picture else None


class ShopItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    slug: str
    hours: float
    title: str
    description: str
    price: int
    """In minor units of the seller's currency."""
    stock: int
    """What is left today, after all that was bought."""
    tags: list[str]
    picture: str
    palette: int | None = None
    visibility: ClassVar[str] = "public"

    @property
    def image_url(self) -> str:
        return ADDRESS.format(self.slug)


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    handle: str
    name: str
    bio: str
    timezone: str
    look: Look | None = None
    craft: str | None = None
    """The theme of this person's pictures; without one they write and do not draw."""
    currency: str = "EUR"
    interests: list[str] = []
    """Crafts of others that they follow."""
    roles: list[str] = []
    posts: list[Post] = []
    shop: list[ShopItem] = []

    @property
    def id(self) -> UUID:
        return person_id(self.handle)

    @property
    def avatar_url(self) -> str | None:
        return ADDRESS.format(f"avatar-{self.handle}") if self.look else None


def people() -> list[Person]:
    """All who have a file, by handle."""
    files = (
        file
        for file in resources.files("rambla.seeds").joinpath("people").iterdir()
        if file.name.endswith(".toml")
    )
    found = [msgspec.toml.decode(file.read_bytes(), type=Person) for file in files]
    return sorted(found, key=lambda person: person.handle)
