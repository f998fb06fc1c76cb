"""Alice's page, as a visitor, as Bob, and as Charlie whom she has blocked."""

from __future__ import annotations

from people import ALICE, BOB, CHARLIE
from running import Api


async def test_a_visitor_sees_what_is_public(api: Api) -> None:
    await api.as_(ALICE).post("/v1/posts", json={"body": "For everybody"})
    await api.as_(ALICE).post("/v1/posts", json={"body": "For followers", "visibility": "followers"})

    page = (await api.client(accept="text/html").get("/people/alice")).text

    assert "For everybody" in page
    assert "For followers" not in page
    assert "Sign in to follow" in page


async def test_bob_follows_by_a_button_and_then_sees_more(api: Api) -> None:
    await api.as_(ALICE).post("/v1/posts", json={"body": "For followers", "visibility": "followers"})
    bob = api.browser(BOB)

    before = (await bob.get("/people/alice")).text
    answer = await bob.post(f"/people/{ALICE.id}/follows", data={"next": "/people/alice"})
    during = (await bob.get(answer.headers["location"])).text
    await bob.post(f"/people/{ALICE.id}/follows", data={"next": "/people/alice", "undo": "1"})

    assert ("For followers" in before, "For followers" in during) == (False, True)
    assert "For followers" not in (await bob.get("/people/alice")).text


async def test_a_mute_and_a_block_say_what_they_do(api: Api) -> None:
    bob = api.browser(BOB)

    await bob.post(f"/people/{ALICE.id}/mutes", data={"next": "/people/alice"})
    muted = (await bob.get("/people/alice")).text
    await bob.post(f"/people/{ALICE.id}/blocks", data={"next": "/people/alice"})
    blocked = (await bob.get("/people/alice")).text

    assert "They are not told" in muted
    assert "Neither of you sees the other" in blocked


async def test_for_whom_alice_has_blocked_there_is_no_such_page(api: Api) -> None:
    await api.as_(ALICE).put(f"/v1/blocks/{CHARLIE.id}")
    charlie = api.browser(CHARLIE)

    assert (await charlie.get("/people/alice")).status_code == 404
    assert (await charlie.get("/people/nobody_at_all")).status_code == 404
    assert (await charlie.post(f"/people/{ALICE.id}/follows", data={"next": "/"})).status_code == 404


async def test_nobody_is_led_to_another_site(api: Api) -> None:
    answer = await api.browser(BOB).post(f"/people/{ALICE.id}/follows", data={"next": "https://evil.example"})

    assert answer.headers["location"] == "/"
