"""Bob scrolls, likes, hides and shops on the home page, with plain forms and nothing else."""

from __future__ import annotations

import re

import psycopg
import pytest
from httpx2 import AsyncClient
from psycopg.rows import dict_row

from feeding import publish
from people import ALICE, BOB, CHARLIE, Person
from running import Api


@pytest.fixture
async def world(api: Api) -> Api:
    """Alice and Charlie have written 30 posts; Alice sells eight things."""
    for n in range(30):
        author = ALICE if n % 2 else CHARLIE
        await api.as_(author).post("/v1/posts", json={"body": f"Post number {n}."})
    for n in range(8):
        body = {"title": f"Bowl {n}", "price_minor": 1200, "currency": "EUR"}
        await api.as_(ALICE).post("/v1/shop-items", json=body)
    return api


@pytest.fixture
def bob(world: Api) -> AsyncClient:
    return world.browser(BOB)


def items_of(page: str) -> list[str]:
    return re.findall(r'<article class="feed-item[^"]*" id="item-([0-9a-f-]{36})"', page)


async def test_a_visitor_sees_what_is_trending_and_is_asked_to_sign_in_to_buy(world: Api) -> None:
    page = (await world.client(accept="text/html").get("/")).text

    assert len(items_of(page)) == 20
    assert "Sign in to buy" in page
    assert "/likes" not in page


async def test_an_empty_world_says_what_will_be_here(api: Api) -> None:
    assert "Nothing here yet" in (await api.browser(BOB).get("/")).text
    assert "Nobody to hear from yet" in (await api.browser(BOB).get("/?mode=following")).text


async def walked(browser: AsyncClient) -> tuple[list[str], str]:
    """The items of all pages by their links, and the last page."""
    seen: list[str] = []
    page, address = "", "/"
    while address:
        page = (await browser.get(address)).text
        seen += items_of(page)
        link = re.search(r'class="more"[^>]*>\s*<a[^>]*href="([^"]+)"', page)
        address = link.group(1).replace("&amp;", "&") if link else ""
    return seen, page


async def test_the_whole_feed_is_walked_by_the_link_without_a_repeat(bob: AsyncClient) -> None:
    seen, page = await walked(bob)

    assert len(seen) == len(set(seen)) == 37, "30 posts and every fifth place a shop item"
    assert "All caught up" in page


@pytest.mark.parametrize("who", [BOB, None], ids=["Bob", "a visitor"])
async def test_the_feed_goes_on_behind_what_it_was_begun_with(api: Api, who: Person | None) -> None:
    with psycopg.connect(api.owner_url, autocommit=True, row_factory=dict_row) as owner:
        publish(owner, ALICE, 260)

    seen, _ = await walked(api.browser(who) if who else api.client(accept="text/html"))

    assert len(seen) == len(set(seen)) == 260


async def test_who_has_hidden_nearly_all_that_it_was_begun_with_reads_on(api: Api) -> None:
    bob = api.browser(BOB)
    with psycopg.connect(api.owner_url, autocommit=True, row_factory=dict_row) as owner:
        publish(owner, ALICE, 260)
        await bob.get("/")
        owner.execute(
            "insert into public.feed_hides (user_id, item_id, reason)"
            " select viewer_id, unnest(post_ids[:105]), 'hidden' from public.feed_slates where viewer_id = %s",
            (BOB.id,),
        )

    seen, _ = await walked(bob)

    assert len(seen) == len(set(seen)) == 155


async def test_items_are_numbered_over_all_pages(bob: AsyncClient) -> None:
    page = (await bob.get("/")).text
    link = re.search(r'class="more"[^>]*>\s*<a[^>]*href="([^"]+)"', page)
    assert link
    second = (await bob.get(link.group(1).replace("&amp;", "&"))).text

    assert re.findall(r'aria-posinset="(\d+)"', page + second)[:22] == [str(n) for n in range(1, 23)]


async def test_a_like_is_given_and_taken_back(bob: AsyncClient) -> None:
    item = items_of((await bob.get("/")).text)[0]

    liked = await bob.post(f"/feed/{item}/likes", data={"next": "/?mode=for_you"})
    with_like = (await bob.get(liked.headers["location"])).text
    await bob.post(f"/feed/{item}/likes", data={"next": "/", "undo": "1"})

    assert liked.status_code == 303
    assert with_like.count('aria-pressed="true"') == 1
    assert 'aria-pressed="true"' not in (await bob.get("/")).text


@pytest.mark.parametrize("act", ["hides", "not-interested"])
async def test_what_bob_does_not_want_is_gone_and_the_rest_stays_in_place(bob: AsyncClient, act: str) -> None:
    before = items_of((await bob.get("/")).text)

    await bob.post(f"/feed/{before[0]}/{act}", data={"next": "/"})
    after = items_of((await bob.get("/")).text)

    assert before[0] not in after
    assert len(after) == len(before)


async def test_fewer_of_an_author_is_said_on_an_item_and_taken_back_on_the_page_of_wishes(
    bob: AsyncClient,
) -> None:
    before = (await bob.get("/")).text
    assert "See fewer of Alice" in before
    form = {"subject_type": "author", "subject": str(ALICE.id), "next": "/"}

    await bob.post("/feed/fewer", data=form)
    wishes = (await bob.get("/feed/wishes")).text

    assert "See fewer of Alice" not in (await bob.get("/")).text
    assert "Alice" in wishes
    assert "Gone until" in wishes
    await bob.post("/feed/fewer", data=form | {"undo": "1"})
    assert items_of(before) == items_of((await bob.get("/")).text)


async def test_a_word_is_muted_with_a_form(bob: AsyncClient) -> None:
    assert "No word is muted" in (await bob.get("/feed/wishes")).text

    await bob.post("/feed/muted-words", data={"word": "Number 7", "next": "/feed/wishes"})
    assert "Post number 7." not in (await bob.get("/")).text
    assert "number 7" in (await bob.get("/feed/wishes")).text
    await bob.post("/feed/muted-words", data={"word": "number 7", "undo": "1", "next": "/feed/wishes"})
    assert "No word is muted" in (await bob.get("/feed/wishes")).text


async def test_what_was_hidden_is_shown_again_from_the_list(bob: AsyncClient) -> None:
    before = items_of((await bob.get("/")).text)
    await bob.post(f"/feed/{before[0]}/hides", data={"next": "/"})
    assert "Hidden for good" in (await bob.get("/feed/wishes")).text

    await bob.post("/feed/hides", data={"item_id": before[0], "undo": "1", "next": "/feed/wishes"})

    assert before == items_of((await bob.get("/")).text)


async def test_what_is_in_the_cart_leaves_the_feed_with_a_word(bob: AsyncClient) -> None:
    page = (await bob.get("/")).text
    item = re.search(r'name="item_id" value="([0-9a-f-]{36})"', page)
    assert item

    added = await bob.post("/cart/items", data={"item_id": item.group(1), "next": "/?mode=for_you&said=cart"})
    after = (await bob.get(added.headers["location"])).text

    assert item.group(1) not in items_of(after)
    assert "It is in your cart." in after


async def test_a_refresh_begins_a_new_feed(bob: AsyncClient, world: Api) -> None:
    before = items_of((await bob.get("/")).text)
    new = (await world.as_(ALICE).post("/v1/posts", json={"body": "Just now"})).json()["id"]
    same = items_of((await bob.get("/")).text)

    answer = await bob.post("/feed/refreshes", data={"mode": "for_you"})

    assert same == before
    assert answer.headers["location"] == "/?mode=for_you"
    assert new in items_of((await bob.get("/")).text)


async def test_new_posts_are_a_link_to_a_feed_with_them(bob: AsyncClient, world: Api) -> None:
    await world.as_(BOB).put(f"/v1/follows/{ALICE.id}")
    assert "new post" not in (await bob.get("/")).text
    new = [(await world.as_(ALICE).post("/v1/posts", json={"body": "Now"})).json()["id"] for _ in range(2)]
    page = (await bob.get("/")).text
    link = re.search(r'href="(/feed/newest[^"]+)"', page)

    assert "2 new posts" in page
    assert link
    address = link.group(1).replace("&amp;", "&")
    answer = await bob.get(address)
    assert answer.headers["location"] == "/?mode=for_you"
    fresh = (await bob.get("/")).text
    assert set(new) <= set(items_of(fresh))
    assert "new post" not in fresh
    await bob.get(address)
    assert items_of(fresh) == items_of((await bob.get("/")).text), "the link does its work once"


async def test_the_part_with_new_posts_asks_for_itself(bob: AsyncClient, world: Api) -> None:
    page = (await bob.get("/?mode=trending")).text
    link = re.search(r'hx-get="(/feed/news[^"]+)"', page)
    assert link
    await world.as_(ALICE).post("/v1/posts", json={"body": "Now"})

    part = (await bob.get(link.group(1).replace("&amp;", "&"))).text

    assert "1 new post<" in part
    assert "<html" not in part
    assert (await bob.get("/feed/news?mode=trending&since=7")).status_code == 400


async def see(world: Api, items: list[str]) -> None:
    events = [{"event_id": item, "item_id": item, "kind": "impression"} for item in items]
    assert (await world.as_(BOB).post("/v1/feed/events", json=events)).json() == {"recorded": len(items)}
    await world.as_(BOB).post("/v1/feed/refreshes", json={})


async def test_caught_up_is_said_and_more_comes_on_request(bob: AsyncClient, world: Api) -> None:
    first = items_of((await bob.get("/")).text)
    await see(world, first)

    page = (await bob.get("/")).text
    link = re.search(r'href="([^"]+)"[^>]*>Show what you have seen', page)
    more = (await bob.get(link.group(1).replace("&amp;", "&"))).text if link else ""

    assert "You have seen everything new here." in page
    assert set(first).isdisjoint(items_of(page))
    assert len(items_of(page)) == 17
    assert 'class="more" id="more"></div>' in page.replace("\n", ""), "nothing goes on by itself"
    assert len({*first} & {*items_of(more)}) == 19, "all but the shop item whose place one takes that is new"
    assert "You have seen this" in more


async def test_who_has_seen_all_is_told_so_and_not_that_nothing_is_here(bob: AsyncClient, world: Api) -> None:
    everything = [
        item["item_id"] for item in (await world.as_(BOB).get("/v1/feed?limit=100")).json()["items"]
    ]
    await see(world, everything)

    page = (await bob.get("/")).text

    assert items_of(page) == []
    assert "You have seen everything new here." in page
    assert "Nothing here yet" not in page
    assert len(items_of((await bob.get("/?again=1")).text)) == 20


async def test_why_one_sees_an_item_is_a_page_and_a_part_of_one(bob: AsyncClient) -> None:
    item = items_of((await bob.get("/")).text)[0]

    page = (await bob.get(f"/feed/{item}/why")).text
    part = (await bob.get(f"/feed/{item}/why", headers={"HX-Request": "true"})).text

    assert "Nobody has reacted to it yet" in page
    assert "Back to your feed" in page
    assert "Nobody has reacted to it yet" in part
    assert "Back to your feed" not in part


async def test_a_place_is_offered_on_the_next_visit(bob: AsyncClient) -> None:
    page = (await bob.get("/")).text
    cursors = re.findall(r'data-cursor="([^"]+)"', page)
    assert "Go on where you stopped" not in page

    told = await bob.post("/feed/place", data={"mode": "for_you", "cursor": cursors[11]})
    home = (await bob.get("/")).text
    offer = re.search(r'href="([^"]+)"><svg(?:(?!</a>).)*Go on where you stopped', home, re.DOTALL)
    assert offer
    address = offer.group(1).replace("&amp;", "&")

    assert told.status_code == 204
    assert items_of((await bob.get(address)).text)[:2] == items_of(page)[12:14]
    assert "Go on where you stopped" not in (await bob.get("/?mode=trending")).text


async def test_a_forged_cursor_is_a_400_and_an_unknown_act_a_404(bob: AsyncClient) -> None:
    item = items_of((await bob.get("/")).text)[0]

    assert (await bob.get("/?cursor=nonsense")).status_code == 400
    assert (await bob.get("/?mode=secret")).status_code == 400
    assert (await bob.post(f"/feed/{item}/explosions", data={"next": "/"})).status_code == 404


async def test_a_fragment_is_the_list_without_the_page_around_it(bob: AsyncClient) -> None:
    part = (await bob.get("/", headers={"HX-Request": "true"})).text

    assert len(items_of(part)) == 20
    assert "<html" not in part


async def test_markup_in_a_post_is_text(api: Api) -> None:
    await api.as_(ALICE).post("/v1/posts", json={"body": "<script>alert(1)</script>"})

    page = (await api.browser(BOB).get("/?mode=trending")).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
