"""Four numbers that add up on the page, and a timeline that says why."""

from __future__ import annotations

import pytest
from httpx2 import AsyncClient

from api.earnings.test_earnings import earn, move
from people import ALICE, BOB
from running import Api


@pytest.fixture
def alice(api: Api) -> AsyncClient:
    return api.browser(ALICE)


async def test_a_visitor_is_asked_to_sign_in(api: Api) -> None:
    assert (await api.client(accept="text/html").get("/earnings")).status_code in (303, 401)


async def test_who_has_earned_nothing_is_told_how_it_begins(alice: AsyncClient) -> None:
    page = (await alice.get("/earnings")).text

    assert "No earnings yet" in page
    assert all(word in page for word in ("Total", "Captured", "Pending", "Missed"))


async def test_the_numbers_add_up_on_the_page(api: Api, alice: AsyncClient) -> None:
    event = await earn(api, 1200, "a")
    await move(api, event, "captured", 700, "matured", "c")
    await move(api, event, "reversed", 200, "returned", "r")

    page = (await alice.get("/earnings")).text

    assert all(amount in page for amount in ("€12.00", "€7.00", "€3.00", "€5.00", "€2.00"))
    assert "Reversed: the buyer sent it back" in page
    assert "expected on" in page


async def test_each_currency_has_its_own_numbers(api: Api, alice: AsyncClient) -> None:
    await earn(api, 100, "a", "EUR")
    await earn(api, 900, "b", "JPY")

    page = (await alice.get("/earnings")).text

    assert "€1.00" in page
    assert "¥900" in page


async def test_the_button_proves_the_ledger_with_and_without_javascript(api: Api, alice: AsyncClient) -> None:
    await earn(api, 100, "a")

    plain = await alice.post("/earnings/recomputes")
    enhanced = await alice.post("/earnings/recomputes", headers={"HX-Request": "true"})

    assert (plain.status_code, plain.headers["location"]) == (303, "/earnings?verified=0")
    assert "No drift" in (await alice.get("/earnings?verified=0")).text
    assert "No drift" in enhanced.text
    assert "<html" not in enhanced.text


async def test_bob_sees_nothing_of_alices(api: Api) -> None:
    await earn(api, 1200, "a")

    assert "€12.00" not in (await api.browser(BOB).get("/earnings")).text


async def test_older_events_come_on_request(api: Api, alice: AsyncClient) -> None:
    for n in range(23):
        await earn(api, 101 + n, f"k{n}")

    first = (await alice.get("/earnings")).text
    link = first.split('href="/earnings?cursor=')[1].split('"')[0]
    second = (await alice.get(f"/earnings?cursor={link}")).text

    assert "€1.23" in first
    assert "€1.01" not in first
    assert "€1.01" in second
