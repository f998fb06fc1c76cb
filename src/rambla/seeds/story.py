"""What the people of the demo world did, as a list of acts in ``story.toml``."""

from __future__ import annotations

from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct


class Act(Struct, frozen=True, kw_only=True, tag_field="kind", tag=str.lower, forbid_unknown_fields=True):
    hours: float
    """How long ago."""


class Follow(Act, frozen=True, kw_only=True):
    who: str
    whom: str


class Order(Act, frozen=True, kw_only=True):
    who: str
    items: dict[str, int]
    paid: bool = True


class Cart(Act, frozen=True, kw_only=True):
    who: str
    items: dict[str, int]


class Credit(Act, frozen=True, kw_only=True):
    """Earnings that come from no order."""

    who: str
    key: str
    source: str
    reason: str
    amount: int
    currency: str
    days: int
    """How long it stays pending."""


class Settle(Act, frozen=True, kw_only=True):
    """An end that earnings came to; they are named by their key, or by buyer and item."""

    seller: str
    to: Literal["captured", "reversed", "expired"]
    reason: str
    key: str = ""
    buyer: str = ""
    item: str = ""
    amount: int | None = None


class Tell(Act, frozen=True, kw_only=True):
    whom: list[str]
    type: str
    title: str
    body: str


class Read(Act, frozen=True, kw_only=True):
    """Somebody read all there was."""

    who: str


class Hide(Act, frozen=True, kw_only=True):
    who: str
    item: str
    reason: Literal["hidden", "not_interested"]


AnyAct = Follow | Order | Cart | Credit | Settle | Tell | Read | Hide


class Story(Struct, frozen=True, forbid_unknown_fields=True):
    acts: list[AnyAct]

    def sold(self, slug: str) -> int:
        """How many pieces of an item were paid for."""
        return sum(act.items.get(slug, 0) for act in self.acts if isinstance(act, Order) and act.paid)


def story() -> Story:
    text = resources.files("rambla.seeds").joinpath("story.toml").read_bytes()
    return msgspec.toml.decode(text, type=Story)
