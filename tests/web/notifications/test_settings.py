"""Choosing what to be told, in a real browser and without JavaScript: these are plain forms."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from conftest import TestDatabase
from people import ALICE
from running import Server
from sending import send


@pytest.fixture
async def settings(plain: Page, server: Server) -> Page:
    """Alice's settings page."""
    await plain.goto(f"{server.url}/notifications/settings")
    return plain


async def save(page: Page, card: str) -> None:
    await page.locator(f"#{card}").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


async def test_a_box_that_is_not_ticked_is_not_sent(settings: Page, database: TestDatabase) -> None:
    box = settings.get_by_role("checkbox", name="Somebody follows you: App")
    await expect(box).to_be_checked()
    await box.uncheck()
    await save(settings, "preferences")
    with database.connect() as connection:
        held = send(connection, ALICE, type="new_follower")
        sent = send(connection, ALICE, type="item_sold")

    await expect(box).not_to_be_checked()
    assert held is None
    assert sent is not None


async def test_every_other_type_has_a_row(settings: Page, database: TestDatabase) -> None:
    await settings.get_by_role("checkbox", name="Everything else: App").uncheck()
    await save(settings, "preferences")
    with database.connect() as connection:
        assert send(connection, ALICE, type="never_declared") is None
        assert send(connection, ALICE, type="new_follower") is not None


async def test_critical_types_cannot_be_switched_off(settings: Page, database: TestDatabase) -> None:
    receipt = settings.get_by_role("checkbox", name="The receipt of an order you paid: E-mail")
    await expect(receipt).to_be_disabled()
    await save(settings, "preferences")
    await expect(receipt).to_be_checked()
    with database.connect("owner") as owner:
        found = owner.execute(
            "select count(*) as n from public.notification_preferences where type = 'order_receipt'"
        ).fetchone()

    assert found == {"n": 0}


async def test_what_the_page_does_not_show_stays(settings: Page, database: TestDatabase) -> None:
    with database.connect(ALICE) as alice:
        alice.execute(
            """select public.notif_preferences_set('[{"type": "x", "channel": "push", "enabled": false}]')"""
        )
    await save(settings, "preferences")
    with database.connect(ALICE) as alice:
        found = alice.execute(
            "select enabled from public.notification_preferences where type = 'x' and channel = 'push'"
        ).fetchone()

    assert found == {"enabled": False}


async def test_quiet_hours_are_set_and_turned_off(settings: Page, database: TestDatabase) -> None:
    await settings.get_by_label("No notifications at these hours").check()
    await settings.get_by_label("From").fill("21:30")
    await settings.get_by_label("To", exact=True).fill("07:15")
    await settings.get_by_label("Sat").uncheck()
    await settings.get_by_label("Time zone").select_option("Asia/Kathmandu")
    await save(settings, "quiet-hours")
    with database.connect(ALICE) as alice:
        hours = alice.execute(
            "select start_time::text, end_time::text, days, timezone from public.notification_quiet_hours"
        ).fetchone()
    shown = await settings.get_by_label("From").input_value()
    zone = await settings.get_by_label("Time zone").input_value()

    await settings.get_by_label("No notifications at these hours").uncheck()
    await save(settings, "quiet-hours")
    with database.connect(ALICE) as alice:
        off = alice.execute("select 1 from public.notification_quiet_hours").fetchone()

    assert hours == {
        "start_time": "21:30:00", "end_time": "07:15:00", "days": 0b1011111, "timezone": "Asia/Kathmandu"
    }  # fmt: skip
    assert (shown, zone, off) == ("21:30", "Asia/Kathmandu", None)


async def test_the_day_is_explained(settings: Page, database: TestDatabase) -> None:
    with database.connect() as connection:
        for _ in range(6):
            send(connection, ALICE, type="new_follower")
    await settings.reload()

    await expect(settings.locator("#today")).to_contain_text("App: 5 of 5 today.")
    await expect(settings.locator("#held-back")).to_contain_text("the day was full")
