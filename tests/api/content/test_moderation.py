"""Ada removes and restores over HTTP; Bob says that he is of age."""

from __future__ import annotations

from uuid import uuid4

from people import ADA, ALICE, BOB
from running import Api


async def made(api: Api, **fields: object) -> str:
    answer = await api.as_(ALICE).post("/v1/posts", json={"body": "The kiln is open"} | fields)
    id_: str = answer.json()["id"]
    return id_


async def feed(api: Api) -> list[str]:
    return [item["item_id"] for item in (await api.as_(BOB).get("/v1/feed")).json()["items"]]


async def test_a_removal_takes_a_post_out_of_everything_but_its_authors_hands(api: Api) -> None:
    id_ = await made(api)
    assert await feed(api) == [id_]
    ada = api.as_(ADA)

    removed = await ada.put(f"/v1/removals/{id_}", json={"reason": "Spam"})
    again = await ada.put(f"/v1/removals/{id_}", json={"reason": "Spam"})

    assert (removed.json(), again.json()) == ({"changed": True}, {"changed": False})
    assert await feed(api) == []
    assert (await api.as_(BOB).get(f"/v1/posts/{id_}")).status_code == 404
    assert (await api.as_(ALICE).get(f"/v1/posts/{id_}")).json()["removal_reason"] == "Spam"
    assert [removal["item_id"] for removal in (await ada.get("/v1/removals")).json()] == [id_]
    restored = await ada.delete(f"/v1/removals/{id_}", params={"reason": "A mistake"})
    assert restored.json() == {"changed": True}
    await api.as_(BOB).post("/v1/feed/refreshes", json={})  # what is back may take five minutes by itself
    assert await feed(api) == [id_]


async def test_only_moderators_remove_and_only_with_a_reason(api: Api) -> None:
    id_ = await made(api)

    assert (await api.as_(BOB).put(f"/v1/removals/{id_}", json={"reason": "x"})).status_code == 403
    assert (await api.as_(BOB).get("/v1/removals")).status_code == 403
    assert (await api.anonymous.get("/v1/removals")).status_code == 401
    assert (await api.as_(ADA).put(f"/v1/removals/{id_}", json={"reason": ""})).status_code == 400
    assert (await api.as_(ADA).delete(f"/v1/removals/{id_}")).status_code == 400
    assert (await api.as_(ADA).put(f"/v1/removals/{uuid4()}", json={"reason": "x"})).status_code == 404


async def test_what_is_age_limited_is_shown_to_who_says_to_be_of_age(api: Api) -> None:
    id_ = await made(api, age_limited=True)
    bob = api.as_(BOB)
    assert (await bob.get(f"/v1/posts/{id_}")).status_code == 404
    assert await feed(api) == []

    assert (await bob.put("/v1/me/age-confirmation")).status_code == 204
    await bob.post("/v1/feed/refreshes", json={})
    assert await feed(api) == [id_]
    assert (await bob.get(f"/v1/posts/{id_}")).json()["age_limited"] is True
    assert (await api.anonymous.get(f"/v1/posts/{id_}")).status_code == 404
    assert (await bob.delete("/v1/me/age-confirmation")).status_code == 204
    assert await feed(api) == []
    change = await api.as_(ALICE).patch(f"/v1/posts/{id_}", json={"age_limited": False})
    assert change.json()["age_limited"] is False
