"""Ada begins an experiment, reads what it tells and ends it, with plain forms; nobody else gets to it."""

from __future__ import annotations

import html
import re

import pytest
from httpx2 import AsyncClient

from people import ADA, ALICE, BOB
from running import Api

LIST, FORM = "/admin/feed/experiments", "/admin/feed/new-experiment"
FILLED = {
    "name": "follow", "arms": "2",
    "arm-0": "control", "share-0": "50",
    "arm-1": "bold", "share-1": "50", "follow_boost-1": "3",
}  # fmt: skip


@pytest.fixture
def ada(api: Api) -> AsyncClient:
    return api.browser(ADA)


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("path", [LIST, FORM, f"{LIST}/follow"])
async def test_a_visitor_is_asked_to_sign_in(api: Api, path: str) -> None:
    answer = await api.client(accept="text/html").get(path)

    assert answer.status_code == 401
    assert 'href="/sign-in?next=' in answer.text


async def test_bob_gets_to_none_of_it_and_does_not_learn_what_there_is(api: Api, ada: AsyncClient) -> None:
    await ada.post(LIST, data=FILLED)
    bob = api.browser(BOB)
    answers = [
        await bob.get(LIST), await bob.get(FORM), await bob.get(f"{LIST}/follow"), await bob.get(f"{LIST}/nothing"),
        await bob.post(LIST, data=FILLED), await bob.post(f"{LIST}/follow/ending"),
    ]  # fmt: skip

    assert {answer.status_code for answer in answers} == {403}
    assert not any("follow" in answer.text.replace("/follow", "") for answer in answers)
    assert "Running" in (await ada.get(f"{LIST}/follow")).text


async def test_an_empty_list_says_what_an_experiment_is_and_leads_to_the_form(ada: AsyncClient) -> None:
    page = (await ada.get(LIST)).text

    assert "No experiments yet" in page
    assert f'href="{FORM}"' in page
    assert f'href="{LIST}"' in (await ada.get("/admin")).text


async def test_the_form_knows_what_everybody_has_now(ada: AsyncClient) -> None:
    page = (await ada.get(FORM)).text

    assert "Added to the score; now 2" in page
    assert 'value="control"' in page
    assert 'name="follow_boost-1"' in page


async def test_another_arm_keeps_what_was_filled_in_and_starts_nothing(ada: AsyncClient) -> None:
    page = (await ada.get(FORM, params={**FILLED, "arms": "3"})).text

    assert "Arm 3" in page
    assert all(f'value="{value}"' in page for value in ("follow", "control", "bold", "50", "3"))
    assert "No experiments yet" in (await ada.get(LIST)).text


@pytest.mark.parametrize("arms", ["0", "99", "-1", "x", "٣", "9" * 5000])
async def test_any_number_of_arms_is_one_that_there_may_be(ada: AsyncClient, arms: str) -> None:
    page = (await ada.get(FORM, params={"arms": arms})).text

    assert 1 <= page.count("Share of all viewers") <= 10


async def test_it_runs_once_it_is_started_and_one_runs_at_a_time(ada: AsyncClient) -> None:
    started = await ada.post(LIST, data=FILLED)
    page = words((await ada.get(started.headers["location"])).text)
    again = await ada.get(FORM)

    assert (started.status_code, started.headers["location"]) == (303, f"{LIST}/follow")
    assert "Whom the viewer follows: 3, else 2" in page
    assert "Nobody has been given a feed of it yet" in page
    assert "No viewers yet to compare" in page
    assert "follow runs" in words(again.text)
    assert (await ada.post(LIST, data={**FILLED, "name": "other"})).status_code == 409
    assert "Running" in (await ada.get(LIST)).text


async def test_the_audit_log_has_who_began_and_ended_it_with_its_arms(ada: AsyncClient) -> None:
    await ada.post(LIST, data=FILLED)
    await ada.post(f"{LIST}/follow/ending")
    page = words((await ada.get("/admin/audit")).text)

    assert re.search(
        r"Ada feed\.experiment_start follow bold: version \d+, 50 %, control: version \d+, 50 %", page
    )
    assert "Ada feed.experiment_stop follow" in page
    assert (await ada.get("/admin")).status_code == 200


async def test_figures_stand_there_with_what_they_cannot_tell_yet(api: Api, ada: AsyncClient) -> None:
    post = (await api.as_(ALICE).post("/v1/posts", json={"body": "Look"})).json()["id"]
    await ada.post(LIST, data=FILLED)
    await api.as_(BOB).get("/v1/feed")
    await api.as_(BOB).put(f"/v1/feed/reactions/{post}/like")
    await api.as_(ALICE).get("/v1/feed")
    page = words((await ada.get(f"{LIST}/follow")).text)

    assert "have been given a feed of it" in page or "has been given a feed of it" in page
    assert "Too small a difference, or too few viewers, to tell" in page or "No viewers yet" in page
    assert "than chance gives" not in page


async def test_ending_it_asks_first_and_cannot_be_undone(ada: AsyncClient) -> None:
    await ada.post(LIST, data=FILLED)
    page = (await ada.get(f"{LIST}/follow")).text
    dialog = re.search(r'<div class="dialog" id="end" popover.*?</form>', page, re.DOTALL)
    ended = await ada.post(f"{LIST}/follow/ending")
    after = (await ada.get(ended.headers["location"])).text

    assert dialog
    assert f'action="{LIST}/follow/ending"' in dialog.group()
    assert "Cancel" in dialog.group()
    assert ended.status_code == 303
    assert "Ended" in after
    assert f"{LIST}/follow/ending" not in after
    assert (await ada.post(LIST, data=FILLED)).status_code == 409, "the name was used"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "No name", "Only small letters"),
        ("arm-1", "", "Only small letters"),
        ("arm-1", "control", "Another arm has this name."),
        ("share-0", "0", "A number of percent"),
        ("share-0", "nan", "A number of percent"),
        ("share-1", "51", "more than 100 percent"),
        ("follow_boost-1", "<b>", "A number from -10 to 10."),
        ("follow_boost-1", "inf", "A number from -10 to 10."),
        ("new_author_days-1", "9" * 5000, "A whole number from 0 to 3650."),
        ("new_author_days-1", "1.5", "A whole number from 0 to 3650."),
        ("diversity_decay-1", "0", "A number from 0.01 to 1."),
    ],
)
async def test_what_is_not_right_is_said_at_its_field_and_nothing_is_lost(
    ada: AsyncClient, field: str, value: str, said: str
) -> None:
    answer = await ada.post(LIST, data={**FILLED, field: value})

    assert answer.status_code == 400
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"[^>]*autofocus', answer.text)
    assert said in words(answer.text)
    assert f'value="{html.escape(value)}"' in answer.text
    assert "One field is not right yet." in answer.text
    assert "No experiments yet" in (await ada.get(LIST)).text


async def test_what_is_not_there_is_absent(ada: AsyncClient) -> None:
    assert (await ada.get(f"{LIST}/nothing")).status_code == 404
    assert (await ada.post(f"{LIST}/nothing/ending")).status_code == 404
