"""Ada looks after the place; nobody else gets behind the counter."""

from __future__ import annotations

import pytest

from people import ADA, ALICE, BOB
from running import Api

PAGES = ["/admin", "/admin/audit"]


@pytest.mark.parametrize("path", PAGES)
async def test_a_visitor_is_asked_to_sign_in(api: Api, path: str) -> None:
    answer = await api.client(accept="text/html").get(path)

    assert answer.status_code in (303, 401)


@pytest.mark.parametrize("path", PAGES)
async def test_alice_is_told_that_she_may_not(api: Api, path: str) -> None:
    assert (await api.browser(ALICE).get(path)).status_code == 403


async def test_ada_sees_the_figures_of_every_system(api: Api) -> None:
    page = (await api.browser(ADA).get("/admin")).text

    assert all(words in page for words in ("Ready jobs", "Running", "Dead letters", "Workers", "PostgreSQL"))
    assert "no worker beats: jobs wait" in page


async def test_what_was_done_stands_in_the_audit_log_with_who_did_it(api: Api) -> None:
    granted = await api.as_(ADA).post(
        "/rpc/role_grant", json={"p_user_id": str(ALICE.id), "p_role": "support"}
    )

    page = (await api.browser(ADA).get("/admin/audit")).text

    assert granted.status_code == 200
    assert "role.grant" in page
    assert str(ALICE.id) in page
    assert "Ada" in page


async def test_a_role_that_was_taken_away_is_gone_at_the_next_request(api: Api) -> None:
    await api.service.post("/rpc/role_grant", json={"p_user_id": str(BOB.id), "p_role": "admin"})
    browser = api.browser(BOB)
    before = (await browser.get("/admin")).status_code

    await api.service.post("/rpc/role_revoke", json={"p_user_id": str(BOB.id), "p_role": "admin"})

    assert (before, (await browser.get("/admin")).status_code) == (200, 403)


async def test_the_figures_refresh_themselves_without_the_page_around_them(api: Api) -> None:
    part = (await api.browser(ADA).get("/admin", headers={"HX-Request": "true"})).text

    assert "Ready jobs" in part
    assert "<html" not in part
