"""A form of another site gets nothing done, whoever is signed in here."""

from __future__ import annotations

import pytest

from conftest import TestDatabase
from people import ALICE
from rambla.settings import Settings
from running import Api, issue, running

REFUSED = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},  # a sibling domain is not us
    {"sec-fetch-site": "cross-site", "origin": "http://test"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://test.evil.example"},
    {"origin": "http://test:8000"},
    {"origin": ""},
]
ALLOWED = [
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
    {"origin": "http://test"},
    {"origin": "https://test"},
]


@pytest.mark.parametrize("headers", REFUSED)
async def test_a_visitors_form_of_another_site_signs_nobody_in(api: Api, headers: dict[str, str]) -> None:
    answer = await api.anonymous.post("/sign-in", data={"name": "alice", "password": "x"}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


async def test_a_visitor_that_is_no_browser_needs_no_origin(api: Api) -> None:
    answer = await api.anonymous.post("/v1/sessions", json={"name": "alice", "password": "x"})

    assert answer.json()["code"] == "wrong_credentials"


@pytest.mark.parametrize("headers", [*REFUSED, {}])
async def test_alices_cookie_does_nothing_for_another_site(api: Api, headers: dict[str, str]) -> None:
    cookie = f"rambla_session={issue(api.owner_url, ALICE.id, 'cookie')}"

    answers = [
        await api.anonymous.request(method, path, headers={**headers, "cookie": cookie})
        for method, path in (("POST", "/sign-out"), ("DELETE", "/v1/sessions/current"), ("PATCH", "/v1/me"))
    ]
    still = await api.anonymous.get("/v1/me", headers={**headers, "cookie": cookie})

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "cross_site")] * 3
    assert still.status_code == 200


@pytest.mark.parametrize("headers", ALLOWED)
async def test_alices_own_page_does(api: Api, headers: dict[str, str]) -> None:
    cookie = f"rambla_session={issue(api.owner_url, ALICE.id, 'cookie')}"

    answer = await api.anonymous.post("/sign-out", headers={**headers, "cookie": cookie})

    assert answer.status_code == 303


async def test_a_bearer_token_is_never_sent_by_a_form(api: Api) -> None:
    answer = await api.as_(ALICE).delete("/v1/sessions/current", headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 204


async def test_behind_a_proxy_the_address_that_people_type_counts(database: TestDatabase) -> None:
    settings = Settings(database_url=database.login_url, base_url="http://shop.example")
    async with running(settings, database.owner_url) as api:
        answers = [
            await api.anonymous.post(
                "/sign-in", data={"name": "a", "password": "b"}, headers={"origin": origin}
            )
            for origin in ("http://shop.example", "http://shop.example.evil.example")
        ]

    assert [answer.status_code for answer in answers] == [401, 403]
