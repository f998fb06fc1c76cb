"""Ada moderates with forms; Alice reads why; Bob says that he is of age."""

from __future__ import annotations

from people import ADA, ALICE, BOB
from running import Api


async def made(api: Api, **fields: object) -> str:
    answer = await api.as_(ALICE).post("/v1/posts", json={"body": "The kiln is open"} | fields)
    id_: str = answer.json()["id"]
    return id_


async def test_from_the_menu_of_a_post_to_its_removal_and_back(api: Api) -> None:
    id_ = await made(api)
    ada, bob, alice = api.browser(ADA), api.browser(BOB), api.browser(ALICE)
    assert f"/moderation?item={id_}" in (await ada.get("/")).text
    assert "/moderation" not in (await bob.get("/")).text
    assert "The kiln is open" in (await ada.get(f"/moderation?item={id_}")).text

    await ada.post(f"/moderation/{id_}", data={"reason": "Not a kiln"})

    assert "The kiln is open" not in (await bob.get("/")).text
    assert "The kiln is open" not in (await bob.get("/people/alice")).text
    hers = (await alice.get("/people/alice")).text
    assert "Removed by a moderator" in hers
    assert "The reason: Not a kiln" in hers
    page = (await ada.get("/moderation")).text
    assert "Not a kiln" in page
    await ada.post(f"/moderation/{id_}", data={"reason": "It is one", "undo": "1"})
    assert "Nothing is removed" in (await ada.get("/moderation")).text
    assert "The kiln is open" in (await bob.get("/")).text


async def test_the_page_is_for_moderators(api: Api) -> None:
    id_ = await made(api)

    assert (await api.browser(BOB).get("/moderation")).status_code == 403
    assert (await api.browser(BOB).post(f"/moderation/{id_}", data={"reason": "x"})).status_code == 403
    assert (await api.browser(ADA).post(f"/moderation/{id_}", data={"reason": ""})).status_code == 400


async def test_who_says_to_be_of_age_sees_what_is_age_limited(api: Api) -> None:
    await made(api, age_limited=True)
    bob = api.browser(BOB)
    assert "The kiln is open" not in (await bob.get("/people/alice")).text

    await bob.post("/age-confirmation", data={"next": "/feed/wishes"})
    assert "The kiln is open" in (await bob.get("/people/alice")).text
    assert "Do not show them" in (await bob.get("/feed/wishes")).text
    await bob.post("/age-confirmation", data={"next": "/feed/wishes", "undo": "1"})
    assert "The kiln is open" not in (await bob.get("/people/alice")).text
    assert "I am 18 or older" in (await bob.get("/feed/wishes")).text
