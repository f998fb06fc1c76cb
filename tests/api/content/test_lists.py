"""Posts of an author and of a tag, page after page, while others are written and taken away."""

from __future__ import annotations

from typing import Any

import pytest
from httpx2 import AsyncClient

from conftest import TestDatabase
from feeding import publish
from people import ALICE, BOB, CHARLIE
from running import Api

ADDRESSES = ["/v1/profiles/alice/posts", "/v1/tags/clay/posts"]


async def walk(client: AsyncClient, address: str, limit: int) -> list[dict[str, Any]]:
    posts: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        page = (await client.get(address, params=query)).json()
        posts += page["posts"]
        if page["next_cursor"] is None:
            return posts
        query["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("limit", [1, 3, 6, 50])
async def test_every_page_size_ends_with_each_post_once(
    api: Api, database: TestDatabase, address: str, limit: int
) -> None:
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 6, tags="{clay,kiln}")
        publish(owner, CHARLIE, 2, tags="{kiln}")
    for client in (api.client(), api.as_(BOB)):
        assert [p["id"] for p in await walk(client, address, limit)] == [str(post) for post in posts]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_what_comes_and_goes_between_pages_repeats_and_skips_nothing(
    api: Api, database: TestDatabase, address: str
) -> None:
    bob = api.as_(BOB)
    with database.connect("owner") as owner:
        posts = publish(owner, ALICE, 8, tags="{clay}")
        first = (await bob.get(address, params={"limit": 3})).json()
        publish(owner, ALICE, 2, tags="{clay}", age="0")
        owner.execute("delete from public.posts where id = any (%s)", ([posts[2], posts[4]],))
    rest = (await bob.get(address, params={"cursor": first["next_cursor"]})).json()

    assert [p["id"] for p in first["posts"]] == [str(p) for p in posts[:3]]
    assert [p["id"] for p in rest["posts"]] == [str(posts[n]) for n in (3, 5, 6, 7)]


async def test_a_tag_has_only_what_everybody_may_see_and_nobody_who_is_silenced(
    api: Api, database: TestDatabase
) -> None:
    with database.connect("owner") as owner:
        publish(owner, ALICE, visibility="followers", tags="{clay}")
        publish(owner, ALICE, state="draft", tags="{clay}")
        publish(owner, CHARLIE, tags="{clay}")
    bob = api.as_(BOB)
    shown = [p["author_handle"] for p in await walk(bob, ADDRESSES[1], 50)]
    await bob.put(f"/v1/mutes/{CHARLIE.id}")

    assert shown == ["charlie"]
    assert await walk(bob, ADDRESSES[1], 50) == []
    assert len(await walk(bob, "/v1/profiles/charlie/posts", 50)) == 1, (
        "a page that one asks for is not emptied"
    )


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_cursor_of_nowhere_is_refused(api: Api, address: str) -> None:
    answer = await api.as_(BOB).get(address, params={"cursor": "bm9uc2Vuc2U"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


async def test_the_pages_of_a_person_and_a_tag_lead_on(api: Api, database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        publish(owner, ALICE, 14, tags="{clay}")
    visitor = api.client(accept="text/html")
    for address in ("/people/alice", "/tags/clay"):
        first = (await visitor.get(address)).text
        link = first.split('class="more"', 1)[1].split('href="', 1)[1].split('"', 1)[0]
        second = (await visitor.get(link)).text

        assert (first.count('<article class="feed-item"'), second.count('<article class="feed-item"')) == (
            12,
            2,
        )
        assert 'href="/tags/clay"' in first
    assert "Nothing with this tag" in (await visitor.get("/tags/nothing")).text


async def test_a_page_behind_the_last_post_says_that_it_was_all(api: Api, database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        publish(owner, ALICE, 12)
    visitor = api.client(accept="text/html")
    first = (await visitor.get("/people/alice")).text
    link = first.split('class="more"', 1)[1].split('href="', 1)[1].split('"', 1)[0]
    second = (await visitor.get(link)).text

    assert ("No posts yet" in second, "No more posts by Alice" in second) == (False, True)
    assert "No posts yet" in (await visitor.get("/people/bob")).text
