"""Alice publishes and sells; who may see it depends on what she and they want of each other."""

from __future__ import annotations

import uuid

import pytest

from people import ADA, ALICE, BOB, CHARLIE
from running import Api

POST: dict[str, object] = {"body": "The kiln is open again", "tags": ["clay"]}
ITEM: dict[str, object] = {"title": "Bowl", "price_minor": 1200, "currency": "EUR"}


async def made(api: Api, path: str, body: dict[str, object]) -> str:
    answer = await api.as_(ALICE).post(path, json=body)
    assert answer.status_code == 201, answer.text
    id_: str = answer.json()["id"]
    return id_


@pytest.mark.parametrize(("path", "body"), [("/v1/posts", POST), ("/v1/shop-items", ITEM)])
async def test_a_visitor_publishes_nothing_but_may_read(api: Api, path: str, body: dict[str, object]) -> None:
    id_ = await made(api, path, body)

    assert (await api.anonymous.post(path, json=body)).status_code == 401
    assert (await api.anonymous.get(f"{path}/{id_}")).status_code == 200


@pytest.mark.parametrize(("path", "body"), [("/v1/posts", POST), ("/v1/shop-items", ITEM)])
async def test_the_same_key_is_the_same_thing(api: Api, path: str, body: dict[str, object]) -> None:
    key = {"Idempotency-Key": "spring"}
    first = await api.as_(ALICE).post(path, json=body, headers=key)
    again = await api.as_(ALICE).post(path, json=body, headers=key)
    other = await api.as_(ALICE).post(path, json=body | {"title": "Another"}, headers=key)
    bobs = await api.as_(BOB).post(path, json=body, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert other.json()["code"] == "idempotency_mismatch"
    assert bobs.json()["id"] != first.json()["id"]


async def test_an_id_that_is_somebody_elses_is_a_conflict_and_tells_nothing(api: Api) -> None:
    id_ = str(uuid.uuid4())
    await made(api, "/v1/posts", POST | {"id": id_, "state": "draft"})

    answer = await api.as_(CHARLIE).post("/v1/posts", json=POST | {"id": id_})

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "kiln" not in answer.text


async def test_a_draft_is_its_authors_alone(api: Api) -> None:
    id_ = await made(api, "/v1/posts", POST | {"state": "draft"})

    seen = [
        (await client.get(f"/v1/posts/{id_}")).status_code
        for client in (api.anonymous, api.as_(CHARLIE), api.as_(ALICE))
    ]

    assert seen == [404, 404, 200]


async def test_a_post_for_followers_is_for_followers(api: Api) -> None:
    id_ = await made(api, "/v1/posts", POST | {"visibility": "followers"})
    await api.as_(BOB).put(f"/v1/follows/{ALICE.id}")

    seen = [
        (await client.get(f"/v1/posts/{id_}")).status_code
        for client in (api.anonymous, api.as_(CHARLIE), api.as_(BOB))
    ]

    assert seen == [404, 404, 200]


async def test_charlie_changes_nothing_of_alices(api: Api) -> None:
    post, item = await made(api, "/v1/posts", POST), await made(api, "/v1/shop-items", ITEM)

    answers = [
        await api.as_(CHARLIE).patch(f"/v1/posts/{post}", json={"body": "mine"}),
        await api.as_(CHARLIE).delete(f"/v1/posts/{post}"),
        await api.as_(CHARLIE).patch(f"/v1/shop-items/{item}", json={"price_minor": 1}),
        await api.as_(CHARLIE).delete(f"/v1/shop-items/{item}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert (await api.as_(ALICE).get(f"/v1/shop-items/{item}")).json()["price_minor"] == 1200


async def test_what_alice_removed_is_gone_and_does_not_come_back(api: Api) -> None:
    id_ = await made(api, "/v1/posts", POST)

    removed = await api.as_(ALICE).delete(f"/v1/posts/{id_}")
    back = await api.as_(ALICE).patch(f"/v1/posts/{id_}", json={"state": "published"})

    assert removed.status_code == 204
    assert (await api.anonymous.get(f"/v1/posts/{id_}")).status_code == 404
    assert (back.status_code, back.json()["code"]) == (409, "invalid_transition")


async def test_alice_changes_price_and_stock_and_nothing_else_changes(api: Api) -> None:
    id_ = await made(api, "/v1/shop-items", ITEM)

    changed = (
        await api.as_(ALICE).patch(f"/v1/shop-items/{id_}", json={"price_minor": 1500, "stock": 3})
    ).json()

    assert (changed["price_minor"], changed["stock"], changed["title"]) == (1500, 3, "Bowl")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/posts", {}),
        ("/v1/posts", {"body": ""}),
        ("/v1/posts", {"body": "x" * 5001}),
        ("/v1/posts", POST | {"author_id": str(BOB.id)}),
        ("/v1/posts", POST | {"tags": ["With Space"]}),
        ("/v1/shop-items", ITEM | {"price_minor": 0}),
        ("/v1/shop-items", ITEM | {"price_minor": 12.5}),
        ("/v1/shop-items", ITEM | {"currency": "XXQ"}),
        ("/v1/shop-items", ITEM | {"creator_rate_bp": 10_000}),
        ("/v1/shop-items", ITEM | {"image_url": "javascript:alert(1)"}),
    ],
)
async def test_what_does_not_fit_is_refused(api: Api, path: str, body: dict[str, object]) -> None:
    answer = await api.as_(ALICE).post(path, json=body)

    assert answer.status_code == 400
    assert answer.json()["kind"] == "validation"


@pytest.mark.parametrize("relation", ["follows", "mutes", "blocks"])
async def test_twice_is_once_and_taking_it_back_too(api: Api, relation: str) -> None:
    word = {"follows": "following", "mutes": "muted", "blocks": "blocked"}[relation]
    path = f"/v1/{relation}/{ALICE.id}"
    codes = [(await api.as_(BOB).put(path)).status_code for _ in range(2)]
    during = (await api.as_(BOB).get("/v1/profiles/alice")).json()[word]
    codes += [(await api.as_(BOB).delete(path)).status_code for _ in range(2)]

    assert codes == [204] * 4
    assert (during, (await api.as_(BOB).get("/v1/profiles/alice")).json()[word]) == (True, False)


async def test_the_blocked_sees_nothing_of_the_other_and_it_looks_like_absence(api: Api) -> None:
    id_ = await made(api, "/v1/posts", POST)
    await api.as_(ALICE).put(f"/v1/blocks/{CHARLIE.id}")

    profile = await api.as_(CHARLIE).get("/v1/profiles/alice")
    nobody = await api.as_(CHARLIE).get("/v1/profiles/nobody_at_all")

    assert (await api.as_(CHARLIE).get(f"/v1/posts/{id_}")).status_code == 404
    assert (await api.as_(CHARLIE).put(f"/v1/follows/{ALICE.id}")).status_code == 404
    assert profile.status_code == nobody.status_code == 404
    assert profile.json()["message"] == nobody.json()["message"]


async def test_a_follow_is_news_to_the_followed_once(api: Api) -> None:
    for _ in range(2):
        await api.as_(BOB).put(f"/v1/follows/{ADA.id}")
        await api.as_(BOB).delete(f"/v1/follows/{ADA.id}")

    news = (await api.as_(ADA).get("/v1/notifications")).json()["items"]

    assert [item["type"] for item in news] == ["new_follower"]


async def test_nobody_follows_themselves(api: Api) -> None:
    assert (await api.as_(ALICE).put(f"/v1/follows/{ALICE.id}")).status_code == 400


async def test_an_unchanged_post_is_not_sent_twice(api: Api) -> None:
    id_ = await made(api, "/v1/posts", POST)
    tag = (await api.as_(BOB).get(f"/v1/posts/{id_}")).headers["etag"]

    assert (await api.as_(BOB).get(f"/v1/posts/{id_}", headers={"If-None-Match": tag})).status_code == 304
