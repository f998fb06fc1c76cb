"""Preferences, quiet hours and standing over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from people import ALICE, BOB
from running import Api

QUIET = {"start": "22:00", "end": "08:00", "days": ["fri", "sat"], "timezone": "Europe/Madrid"}


async def test_preferences_are_replaced_as_a_whole(api: Api) -> None:
    client = api.as_(ALICE)
    first = [{"type": "new_follower", "channel": "email", "enabled": False}]
    second = [{"type": "*", "channel": "inapp", "enabled": False}]
    await client.put("/v1/notifications/preferences", json=first)
    answer = await client.put("/v1/notifications/preferences", json=second)

    assert answer.json() == second
    assert (await client.get("/v1/notifications/preferences")).json() == second
    assert (await api.as_(BOB).get("/v1/notifications/preferences")).json() == []


async def test_quiet_hours_are_set_and_turned_off(api: Api) -> None:
    client = api.as_(ALICE)

    assert (await client.get("/v1/notifications/quiet-hours")).json() is None
    assert (await client.put("/v1/notifications/quiet-hours", json=QUIET)).json() == QUIET
    assert (await client.get("/v1/notifications/quiet-hours")).json() == QUIET
    assert (await client.delete("/v1/notifications/quiet-hours")).status_code == 204
    assert (await client.get("/v1/notifications/quiet-hours")).json() is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"start": "25:00"}, "invalid_input"),
        ({"start": "24:00"}, "invalid_value"),
        ({"end": "8 o'clock"}, "invalid_input"),
        ({"days": []}, "invalid_input"),
        ({"days": ["noday"]}, "invalid_input"),
        ({"timezone": "Mars/Olympus_Mons"}, "unknown_timezone"),
    ],
)
async def test_hours_that_are_none_are_refused(api: Api, wrong: dict[str, Any], code: str) -> None:
    response = await api.as_(ALICE).put("/v1/notifications/quiet-hours", json={**QUIET, **wrong})

    assert (response.status_code, response.json()["code"]) == (400, code)


async def test_standing_says_how_much_of_the_day_is_left(api: Api) -> None:
    client = api.as_(ALICE)
    await client.post("/v1/notifications", json={"type": "test", "title": "Hi"})
    standing = (await client.get("/v1/notifications/standing")).json()

    assert (standing["outcome"], standing["sent_today"], standing["cap"]) == ("send", 1, 5)
