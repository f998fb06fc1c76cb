"""What no page may ever do, however well it ranks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final
from uuid import UUID

from rambla.evals.standing import Asked
from rambla.evals.world import Item

WINDOW: Final = 20
OF_ONE_AUTHOR: Final = 2
SHOP_SHARE: Final = 0.2


def violations(asked: Sequence[Asked], items: Sequence[Item]) -> Iterator[str]:
    known = {item.id: item for item in items}
    for one in asked:
        page = [known[item] for item in one.pages["for_you"]]
        who = f"{one.question.viewer} at {one.question.at:%Y-%m-%d %H:%M}"
        for wrong in of_page(page):
            yield f"{who}: {wrong}"


def of_page(page: Sequence[Item]) -> Iterator[str]:
    if len({item.id for item in page}) < len(page):
        yield "an item stands twice"
    if sum(item.sold for item in page) > SHOP_SHARE * len(page):
        yield "more than a fifth is for sale"
    authors = [item.author for item in page if not item.sold]
    if _crowded(authors):
        yield f"more than {OF_ONE_AUTHOR} posts of an author among {WINDOW}"
    if any(one == other for one, other in pairwise(authors)):
        yield "two posts of an author stand next to each other"


def _crowded(authors: Sequence[UUID]) -> bool:
    windows = (authors[start : start + WINDOW] for start in range(max(1, len(authors) - WINDOW + 1)))
    return any(most > OF_ONE_AUTHOR for window in windows for most in Counter(window).values())
