"""Programs say for Bob what he does not want to see."""

from __future__ import annotations

import pytest
from httpx2 import AsyncClient

from people import ALICE, BOB, CHARLIE
from running import Api


@pytest.fixture
async def bob(api: Api) -> AsyncClient:
    """Alice and Charlie have written for him to read."""
    for person, tag in ((ALICE, "clay"), (CHARLIE, "kiln")):
        for n in range(3):
            await api.as_(person).post("/v1/posts", json={"body": f"Word {n}", "tags": [tag]})
    return api.as_(BOB)


async def shown(bob: AsyncClient) -> list[str]:
    return [
        item["author_handle"] + " " + item["body"] for item in (await bob.get("/v1/feed")).json()["items"]
    ]


async def test_fewer_of_an_author_and_again(bob: AsyncClient) -> None:
    before = await shown(bob)
    fewer = {"subject_type": "author", "subject": str(ALICE.id)}

    assert (await bob.post("/v1/feed/fewer", json=fewer)).status_code == 204
    assert {item.split()[0] for item in await shown(bob)} == {"charlie"}
    assert (await bob.delete("/v1/feed/fewer", params=fewer)).status_code == 204
    assert before == await shown(bob)


async def test_a_word_is_muted_and_unmuted(bob: AsyncClient) -> None:
    before = await shown(bob)
    answer = await bob.post("/v1/feed/muted-words", json={"word": "  WORD   1"})

    assert (answer.status_code, answer.json()) == (200, {"word": "word 1"})
    assert [item for item in before if "1" not in item] == await shown(bob)
    assert (await bob.delete("/v1/feed/muted-words", params={"word": "word 1"})).status_code == 204
    assert before == await shown(bob)


async def test_all_wishes_stand_in_one_list_with_their_ends(bob: AsyncClient) -> None:
    items = (await bob.get("/v1/feed")).json()["items"]
    await bob.put(f"/v1/feed/hides/{items[0]['item_id']}")
    await bob.put(f"/v1/feed/hides/{items[1]['item_id']}", json={"reason": "not_interested"})
    await bob.post("/v1/feed/fewer", json={"subject_type": "author", "subject": str(ALICE.id)})
    await bob.post("/v1/feed/fewer", json={"subject_type": "tag", "subject": "kiln"})
    await bob.post("/v1/feed/muted-words", json={"word": "Rabbit"})

    wishes = {wish["kind"]: wish for wish in (await bob.get("/v1/feed/wishes")).json()}

    assert {kind: wish["label"] for kind, wish in wishes.items()} == {
        "word": "rabbit", "tag": "#kiln", "author": "Alice",
        "not_interested": items[1]["body"], "hidden": items[0]["body"],
    }  # fmt: skip
    ends = {kind for kind, wish in wishes.items() if wish["gone_until"] and wish["fades_until"]}
    assert ends == {"tag", "author", "not_interested"}


async def test_wishes_are_of_people_who_are_signed_in(api: Api) -> None:
    assert (await api.anonymous.get("/v1/feed/wishes")).status_code == 401
    assert (await api.anonymous.post("/v1/feed/muted-words", json={"word": "x"})).status_code == 401
    assert (await api.service.get("/v1/feed/wishes")).status_code == 403


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/feed/fewer", {"subject_type": "author", "subject": "nobody"}, 404),
        ("/v1/feed/fewer", {"subject_type": "colour", "subject": "red"}, 400),
        ("/v1/feed/fewer", {"subject_type": "tag", "subject": ""}, 400),
        ("/v1/feed/muted-words", {"word": "#"}, 400),
        ("/v1/feed/muted-words", {"word": "x" * 81}, 400),
    ],
)
async def test_what_is_no_wish(bob: AsyncClient, path: str, body: dict[str, str], status: int) -> None:
    assert (await bob.post(path, json=body)).status_code == status
