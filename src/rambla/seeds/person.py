"""The people of the demo world: each is a file in ``people/`` with what they wrote and what they sell."""

from __future__ import annotations

from importlib import resources
from typing import Final

import msgspec
from msgspec import Struct

from rambla.seeds.pictures.avatars import Look

ADDRESS: Final = "/static/img/demo/{}.svg"


class Post(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    slug: str
    hours: float
    """How long ago it was written."""
    body: str
    title: str = ""
    tags: list[str] = []
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
    tags: list[str]
    picture: str
    palette: int | None = None

    @property
    def image_url(self) -> str:
        return ADDRESS.format(self.slug)


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    handle: str
    name: str
    bio: str
    timezone: str
    look: Look
    craft: str | None = None
    """The theme of this person's pictures; without one they write and do not draw."""
    currency: str = "EUR"
    interests: list[str] = []
    """Crafts of others that they follow."""
    roles: list[str] = []
    posts: list[Post] = []
    shop: list[ShopItem] = []

    @property
    def avatar_url(self) -> str:
        return ADDRESS.format(f"avatar-{self.handle}")


def people() -> list[Person]:
    """All of them, by handle."""
    files = (
        file
        for file in resources.files("rambla.seeds").joinpath("people").iterdir()
        if file.name.endswith(".toml")
    )
    found = [msgspec.toml.decode(file.read_bytes(), type=Person) for file in files]
    return sorted(found, key=lambda person: person.handle)
