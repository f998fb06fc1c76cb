"""Listing, reading and archiving over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pytest
from httpx2 import AsyncClient

from conftest import TestDatabase
from people import ALICE, CHARLIE, Person
from running import Api
from sending import send


def fill(database: TestDatabase, person: Person, types: Iterable[str]) -> list[UUID | None]:
    """Notifications of these types, titled by their place in the line."""
    with database.connect("owner") as owner:
        owner.execute("update internal.settings set value = '1000' where key = 'notif_daily_cap'")
    with database.connect() as connection:
        return [send(connection, person, type=type_, title=str(i)) for i, type_ in enumerate(types)]


async def titles(client: AsyncClient, **params: str | int) -> list[str]:
    response = await client.get("/v1/notifications", params=params)
    assert response.status_code == 200, response.text
    return [item["title"] for item in response.json()["items"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/notifications"),
        ("GET", "/v1/notifications/unread-count"),
        ("GET", "/v1/notifications/stream"),
        ("GET", "/v1/notifications/preferences"),
        ("GET", "/v1/notifications/quiet-hours"),
        ("GET", "/v1/notifications/standing"),
        ("POST", "/v1/notifications/readings"),
        ("POST", "/v1/notifications/01999999-0000-7000-8000-000000000000/reading"),
        ("PUT", "/v1/notifications/01999999-0000-7000-8000-000000000000/archive"),
    ],
)
async def test_a_visitor_is_asked_to_sign_in(api: Api, method: str, path: str) -> None:
    response = await api.anonymous.request(method, path, json={} if method != "GET" else None)

    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


async def test_the_newest_come_first_page_by_page(api: Api, database: TestDatabase) -> None:
    fill(database, ALICE, ["new_follower", "item_sold"] * 5)
    client, seen, cursor = api.as_(ALICE), [], None
    while True:
        params: dict[str, str | int] = {"limit": 4} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/notifications", params=params)).json()
        seen += [item["title"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == [str(i) for i in reversed(range(10))]
    assert (page["unread"], page["seq"]) == (10, 10)


async def test_a_lane_and_the_unread_are_lists_of_their_own(api: Api, database: TestDatabase) -> None:
    ids = fill(database, ALICE, ["new_follower", "item_sold", "new_follower", "test"])
    client = api.as_(ALICE)
    await client.post(f"/v1/notifications/{ids[2]}/reading")

    assert await titles(client, lane="social") == ["2", "0"]
    assert await titles(client, unread="true") == ["3", "1", "0"]
    assert await titles(client, lane="social", unread="true") == ["0"]


async def test_alices_are_not_charlies(api: Api, database: TestDatabase) -> None:
    (id_,) = fill(database, ALICE, ["test"])
    client = api.as_(CHARLIE)
    answers = [
        await client.post(f"/v1/notifications/{id_}/reading"),
        await client.put(f"/v1/notifications/{id_}/archive"),
        await client.delete(f"/v1/notifications/{id_}/archive"),
    ]

    assert await titles(client) == []
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert await titles(api.as_(ALICE), unread="true") == ["0"]


async def test_reading_counts_down_and_reading_again_changes_nothing(
    api: Api, database: TestDatabase
) -> None:
    ids = fill(database, ALICE, ["test"] * 3)
    client = api.as_(ALICE)
    first = await client.post(f"/v1/notifications/{ids[0]}/reading")
    again = await client.post(f"/v1/notifications/{ids[0]}/reading")

    assert first.json() == {"changed": 1, "unread": 2}
    assert again.json() == {"changed": 0, "unread": 2}
    assert (await client.get("/v1/notifications/unread-count")).json() == {"unread": 2}


async def test_all_are_read_up_to_what_was_seen(api: Api, database: TestDatabase) -> None:
    fill(database, ALICE, ["test", "new_follower", "test"])
    client = api.as_(ALICE)

    assert (await client.post("/v1/notifications/readings", json={"up_to_seq": 1})).json()["changed"] == 1
    assert (await client.post("/v1/notifications/readings", json={"lane": "social"})).json()["changed"] == 1
    assert (await client.post("/v1/notifications/readings", json={})).json() == {"changed": 1, "unread": 0}


async def test_what_is_archived_leaves_the_inbox_and_comes_back(api: Api, database: TestDatabase) -> None:
    (id_,) = fill(database, ALICE, ["test"])
    client = api.as_(ALICE)

    assert (await client.put(f"/v1/notifications/{id_}/archive")).json() == {"changed": 1, "unread": 0}
    assert await titles(client) == []
    assert (await client.delete(f"/v1/notifications/{id_}/archive")).json() == {"changed": 1, "unread": 0}
    assert await titles(client) == ["0"]


async def test_a_reader_who_has_it_already_is_told_so(api: Api, database: TestDatabase) -> None:
    fill(database, ALICE, ["test"])
    client = api.as_(ALICE)
    first = await client.get("/v1/notifications")
    known = {"If-None-Match": first.headers["ETag"]}
    same = await client.get("/v1/notifications", headers=known)
    await client.post("/v1/notifications/readings", json={})
    changed = await client.get("/v1/notifications", headers=known)

    assert (same.status_code, same.content) == (304, b"")
    assert changed.status_code == 200


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "WyJub3RpZmljYXRpb25zIiwtNV0",
        "WyJub3RpZmljYXRpb25zIiwwXQ",
        "WyJvcmRlcnMiLDVd",
        "WyJub3RpZmljYXRpb25zIiw5OTk5OTk5OTk5OTk5OTk5OTk5OV0",
    ],
)
async def test_a_cursor_that_is_none_is_refused(api: Api, cursor: str) -> None:
    response = await api.as_(ALICE).get("/v1/notifications", params={"cursor": cursor})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/orders/7?from=bell", True),
        ("/", True),
        ("//evil.example/", False),
        ("/\\evil.example/", False),
        ("/\t/evil.example/", False),
        ("https://evil.example/", False),
        ("javascript:alert(1)", False),
        ("orders/7", False),
    ],
)
async def test_a_link_leads_to_our_own_pages_or_nowhere(api: Api, url: str, kept: bool) -> None:
    client = api.as_(ALICE)
    await client.post("/v1/notifications", json={"type": "test", "title": "Hi", "data": {"url": url}})
    (item,) = (await client.get("/v1/notifications")).json()["items"]

    assert item["url"] == (url if kept else None)
