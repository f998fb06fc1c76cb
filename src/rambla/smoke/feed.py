"""What the feed promises."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from rambla.kit.db import Transaction
from rambla.kit.queries import Queries
from rambla.smoke.live import Live
from rambla.smoke.promises import expect, promise

sql = Queries("rambla.smoke")

_PAGE = 50


class Item(Struct, frozen=True):
    item_id: UUID
    item_type: str
    score: float


@promise("feed", "Returns 50 unique items with stable cursors")
async def unique(live: Live) -> None:
    async with live.stage() as (tx, cast):
        await tx.become(cast.as_viewer)
        page = await _page(tx)
        rest = await _page(tx, after=page[24])
        expect(len({item.item_id for item in page}), _PAGE, "distinct items")
        expect([i.item_id for i in rest[:25]], [i.item_id for i in page[25:]], "the page after the 25th row")


@promise("feed", "Shop items are at most 20% of a page (10 of 50), on every page")
async def capped(live: Live) -> None:
    async with live.stage() as (tx, cast):
        await tx.become(cast.as_viewer)
        page = await _page(tx)
        expect(sum(item.item_type == "shop_item" for item in page), 10, "shop items of 50")
        for size in (7, 12):
            shops = sum(item.item_type == "shop_item" for item in await _page(tx, limit=size))
            expect(shops <= size // 5, True, f"{shops} shop items of {size}: within a fifth")


@promise("feed", "An item in the cart is not shown")
async def in_cart(live: Live) -> None:
    async with live.stage() as (tx, cast):
        await tx.become(cast.as_viewer)
        item = next(i for i in await _page(tx) if i.item_type == "shop_item")
        await tx.run(sql.add_to_cart, viewer=cast.viewer, item=item.item_id)
        expect(item in await _page(tx), False, "the item is still there")


@promise("feed", "A hidden item is not shown")
async def hidden(live: Live) -> None:
    async with live.stage() as (tx, cast):
        await tx.become(cast.as_viewer)
        item = (await _page(tx))[0]
        await tx.run(sql.hide, viewer=cast.viewer, item=item.item_id)
        expect(item.item_id in {i.item_id for i in await _page(tx)}, False, "the item is still there")


@promise("feed", "No duplicates on reload, none across pages")
async def reload(live: Live) -> None:
    async with live.stage() as (tx, cast):
        await tx.become(cast.as_viewer)
        page = await _page(tx)
        expect(await _page(tx), page, "the same call again")
        seen = list(page)
        while page and len(seen) < 4 * _PAGE:
            page = await _page(tx, after=page[-1])
            seen += page
        expect(len({item.item_id for item in seen}), len(seen), "distinct items of the walk")


async def _page(tx: Transaction, *, after: Item | None = None, limit: int = _PAGE) -> list[Item]:
    score, item = (after.score, after.item_id) if after else (None, None)
    return await tx.all(Item, sql.feed, score=score, item=item, limit=limit)
