"""Charlie reposts with the button on the card; Bob reads it in his feed and on Charlie's page."""

from __future__ import annotations

from people import ALICE, BOB, CHARLIE
from running import Api


async def test_a_repost_by_the_button_is_seen_by_followers_and_on_the_page(api: Api) -> None:
    posted = (await api.as_(ALICE).post("/v1/posts", json={"body": "Look at this bowl"})).json()["id"]
    charlie, bob = api.browser(CHARLIE), api.browser(BOB)
    await api.as_(BOB).put(f"/v1/follows/{CHARLIE.id}")

    card = (await charlie.get("/")).text
    await charlie.post(f"/feed/{posted}/reposts", data={"next": "/"})
    pressed = (await charlie.get("/")).text
    feed = (await bob.get("/?mode=following")).text
    profile = (await api.client(accept="text/html").get("/people/charlie")).text
    why = (await bob.get(f"/feed/{posted}/why?mode=following")).text

    assert f'action="/feed/{posted}/reposts"' in card
    assert 'title="Repost" aria-pressed="true"' in pressed
    assert "Reposted by Charlie" in feed
    assert "Reposted by Charlie" in profile
    assert "Look at this bowl" in profile
    assert "Reposted by Charlie, whom you follow" in why

    await charlie.post(f"/feed/{posted}/reposts", data={"next": "/", "undo": "1"})
    assert "Look at this bowl" not in (await bob.get("/?mode=following")).text
    assert "Look at this bowl" not in (await bob.get("/people/charlie")).text
