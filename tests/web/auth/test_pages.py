"""Coming in and going out, as a browser without JavaScript does it."""

from __future__ import annotations

import asyncio
import re

import psycopg
import pytest
from httpx2 import AsyncClient, Response

from conftest import TestDatabase
from people import ADA, ALICE, BOB
from rambla.auth.destinations import local
from running import Api
from signing_in import PASSWORD, digest, give_password, new_token

FORM = {"sec_fetch_site": "same-origin", "accept": "text/html"}
HOSTILE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\x00/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "https:/evil.example",
    "evil.example",
    "@evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "/a\\..\\..\\evil",
    "/\u2215/evil.example",
    "/\uff0f\uff0fevil.example",
    "/%0d%0aSet-Cookie:x=y\r\nSet-Cookie: x=y",
    "/" + "a" * 3_000,
    "",
    None,
]
LOCAL = [
    "/",
    "/orders",
    "/notifications?lane=orders&cursor=a%2Fb",
    "/p/1#comment",
    "/a//b",
    "/%2F%2Fevil.example",
    "/@bob",
]


def visitor(api: Api, **headers: str) -> AsyncClient:
    return api.client(**{**FORM, **headers})


async def sign_in(client: AsyncClient, *, password: str = PASSWORD, goal: str = "/") -> Response:
    return await client.post("/sign-in", data={"name": "alice", "password": password, "next": goal})


def make_link(database: TestDatabase) -> str:
    token = new_token()
    with database.connect() as connection:
        connection.execute("select public.auth_link_make(%s, %s)", (ALICE.id, digest(token)))
    return token


@pytest.fixture(autouse=True)
def _alice_has_a_password(database: TestDatabase) -> None:
    with database.connect() as connection:
        give_password(connection, ALICE)


async def test_a_visitor_of_a_private_page_is_led_to_the_sign_in_and_back(api: Api) -> None:
    refused = await visitor(api).get("/account?saved=profile")

    assert refused.status_code == 401
    assert re.search(r'href="/sign-in\?next=(/|%2F)account', refused.text)


async def test_the_form_remembers_where_the_visitor_wanted_to(api: Api) -> None:
    page = await visitor(api).get("/sign-in", params={"next": "/orders?x=1"})

    assert page.status_code == 200
    assert 'name="next" value="/orders?x=1"' in page.text


async def test_alice_signs_in_and_out(api: Api) -> None:
    browser = visitor(api)

    came = await sign_in(browser, goal="/account")
    account = await browser.get("/account")
    left = await browser.post("/sign-out")
    after = await browser.get("/account")

    assert (came.status_code, came.headers["location"]) == (303, "/account")
    cookie = came.headers["set-cookie"]
    assert re.fullmatch(
        r"rambla_session=rmb_[\w-]{43}; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax", cookie
    )
    assert "Alice" in account.text
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert after.status_code == 401


async def test_signing_in_gives_a_new_session_whatever_cookie_came_along(api: Api) -> None:
    """Else somebody who planted a cookie would own the session that grows from it."""
    planted = new_token()
    answer = await sign_in(visitor(api, cookie=f"rambla_session={planted}"))

    assert answer.status_code == 303
    assert planted not in answer.headers["set-cookie"]
    assert answer.headers.get_list("set-cookie") == [answer.headers["set-cookie"]]


async def test_a_wrong_password_keeps_the_name_and_never_the_password(api: Api) -> None:
    answer = await sign_in(visitor(api), password="a bicycle for five", goal="/orders")

    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert 'value="alice"' in answer.text
    assert 'name="next" value="/orders"' in answer.text
    assert "a bicycle for five" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_who_is_signed_in_is_not_asked_again(api: Api) -> None:
    answer = await api.browser(ALICE).get("/sign-in", params={"next": "/orders"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/orders")


@pytest.mark.parametrize("goal", HOSTILE)
def test_no_address_of_another_site_is_a_destination(goal: str | None) -> None:
    assert local(goal) == "/"


@pytest.mark.parametrize("goal", LOCAL)
def test_every_page_of_ours_is(goal: str) -> None:
    assert local(goal) == goal


@pytest.mark.parametrize(
    "goal", ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example"]
)
async def test_signing_in_leads_nowhere_else(api: Api, goal: str) -> None:
    form = await visitor(api).get("/sign-in", params={"next": goal})
    came = await sign_in(visitor(api), goal=goal)
    again = await api.browser(ALICE).get("/sign-in", params={"next": goal})

    assert 'name="next" value="/"' in form.text
    assert [a.headers["location"] for a in (came, again)] == ["/", "/"]


async def test_following_a_link_does_nothing_and_its_button_signs_in(
    api: Api, database: TestDatabase
) -> None:
    """Mail scanners and chat previews follow links before people do."""
    token = make_link(database)
    browser = visitor(api)

    looks = [await browser.get(f"/welcome/{token}") for _ in range(3)]
    came = await browser.post(f"/welcome/{token}")
    me = await browser.get("/v1/me")

    assert [(a.status_code, a.headers.get("set-cookie")) for a in looks] == [(200, None)] * 3
    assert (came.status_code, came.headers["location"]) == (303, "/")
    assert me.json()["handle"] == "alice"


async def test_a_link_that_is_used_or_expired_says_so(api: Api, database: TestDatabase) -> None:
    used, expired = make_link(database), make_link(database)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "update internal.sign_in_links set expires_at = now() where token_hash = %s", (digest(expired),)
        )
    await visitor(api).post(f"/welcome/{used}")

    answers = [
        await visitor(api).post(f"/welcome/{token}")
        for token in (used, expired, new_token(), "x", "%00", "é")
    ]

    assert [a.status_code for a in answers] == [410] * 6
    assert all("This link was used already or has expired." in a.text for a in answers)


async def test_of_twenty_who_press_the_button_at_once_one_comes_in(api: Api, database: TestDatabase) -> None:
    token = make_link(database)

    answers = await asyncio.gather(*(visitor(api).post(f"/welcome/{token}") for _ in range(20)))

    assert sorted(a.status_code for a in answers) == [303] + [410] * 19
    with database.connect("owner") as connection:
        row = connection.execute("select count(*) as sessions from internal.sessions").fetchone()
    assert row == {"sessions": 1}


async def test_alice_changes_her_profile(api: Api) -> None:
    alice = api.browser(ALICE)
    form = {"display_name": "Alice <b>A</b>", "bio": "Ceramics", "timezone": "Asia/Kathmandu"}

    saved = await alice.post("/account", data=form)
    page = await alice.get(saved.headers["location"])

    assert (saved.status_code, saved.headers["location"]) == (303, "/account?saved=profile")
    assert "Your profile is saved." in page.text
    assert "Alice &lt;b&gt;A&lt;/b&gt;" in page.text
    assert "<b>A</b>" not in page.text
    assert '<option value="Asia/Kathmandu" selected>' in page.text


@pytest.mark.parametrize(
    ("field", "value"),
    [("display_name", ""), ("display_name", "x" * 81), ("bio", "x" * 501), ("timezone", "Mars/Base")],
)
async def test_what_does_not_fit_is_refused_with_a_page(api: Api, field: str, value: str) -> None:
    form = {"display_name": "Alice", "bio": "", "timezone": "UTC", field: value}

    answer = await api.browser(ALICE).post("/account", data=form)

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_new_password_ends_every_other_session(api: Api) -> None:
    here, there, program = api.browser(ALICE), api.browser(ALICE), api.as_(ALICE)
    for client in (here, there, program):
        await client.get("/v1/me")

    answer = await here.post("/account/password", data={"old": PASSWORD, "new": "a tandem for six"})
    here.headers["cookie"] = answer.headers["set-cookie"].partition(";")[0]

    assert answer.headers["location"] == "/account?saved=password"
    assert [(await client.get("/v1/me")).status_code for client in (here, there, program)] == [200, 401, 401]
    assert (await sign_in(visitor(api))).status_code == 401
    assert (await sign_in(visitor(api), password="a tandem for six")).status_code == 303


async def test_a_new_password_needs_the_old_one(api: Api) -> None:
    alice = api.browser(ALICE)

    for old in ("wrong", ""):
        answer = await alice.post("/account/password", data={"old": old, "new": "a tandem for six"})

        assert answer.status_code == 401
        assert "The present password is wrong." in answer.text
    assert (await sign_in(visitor(api))).status_code == 303


async def test_bob_who_came_by_a_link_sets_his_first_password(api: Api) -> None:
    bob = api.browser(BOB)
    page = await bob.get("/account")

    answer = await bob.post("/account/password", data={"new": "a tandem for six"})

    assert "Present password" not in page.text
    assert answer.status_code == 303


@pytest.mark.parametrize("password", ["", "seven77", "x" * 201])
async def test_a_password_has_a_length(api: Api, password: str) -> None:
    answer = await api.browser(ALICE).post("/account/password", data={"old": PASSWORD, "new": password})

    assert answer.status_code == 400


async def test_alice_signs_out_on_a_device_and_everywhere_else(api: Api) -> None:
    here, phone, tablet = (api.browser(ALICE) for _ in range(3))
    page = await here.get("/account")
    first = re.findall(r'action="/account/sessions/([0-9a-f-]{36})/revocation"', page.text)

    one = await here.post(f"/account/sessions/{first[0]}/revocation")
    left = [(await client.get("/v1/me")).status_code for client in (phone, tablet)]
    rest = await here.post("/account/sessions/revocation")
    gone = [(await client.get("/v1/me")).status_code for client in (here, phone, tablet)]

    assert len(first) == 2
    assert (one.status_code, rest.status_code) == (303, 303)
    assert sorted(left) == [200, 401]
    assert gone == [200, 401, 401]


async def test_the_list_says_which_device_in_words(api: Api, database: TestDatabase) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    browser = visitor(api, user_agent=agent)
    await sign_in(browser)

    page = await browser.get("/account")

    assert "Firefox on Linux" in page.text
    assert "This one" in page.text
    assert "Mozilla" not in page.text


async def test_a_program_has_no_account(api: Api) -> None:
    assert (await api.service.get("/account")).status_code == 404


async def test_no_page_with_a_person_on_it_is_kept_by_a_shared_cache(api: Api) -> None:
    for path in ("/account", "/docs"):
        answer = await api.browser(ADA).get(path)

        assert answer.headers["cache-control"].startswith("private")
        assert "Cookie" in answer.headers["vary"]
