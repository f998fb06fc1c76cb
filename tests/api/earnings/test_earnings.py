"""Alice sees what she earned and why; Charlie sees nothing of it."""

from __future__ import annotations

import pytest

from people import ALICE, CHARLIE
from running import Api

PATHS = ["/v1/earnings", "/v1/earnings/events", "/v1/earnings/events/0199aaaa-0000-7000-8000-000000000001"]


async def earn(api: Api, amount: int, key: str, currency: str = "EUR") -> str:
    answer = await api.service.post(
        "/rpc/earnings_record",
        json={
            "p_user_id": str(ALICE.id), "p_currency": currency, "p_amount_minor": amount, "p_kind": "sale",
            "p_idem_key": key, "p_source": "order", "p_source_ref": key,
        },
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    id_: str = answer.json()
    return id_


async def move(api: Api, event: str, to: str, amount: int, reason: str, key: str) -> int:
    answer = await api.service.post(
        "/rpc/earnings_transition",
        json={
            "p_user_id": str(ALICE.id), "p_event_id": event, "p_to": to, "p_amount_minor": amount,
            "p_reason": reason, "p_idem_key": key,
        },
    )  # fmt: skip
    return answer.status_code


@pytest.mark.parametrize("path", PATHS)
async def test_a_visitor_is_asked_who_they_are(api: Api, path: str) -> None:
    assert (await api.anonymous.get(path)).status_code == 401


async def test_a_new_person_has_earned_nothing(api: Api) -> None:
    assert (await api.as_(CHARLIE).get("/v1/earnings")).json() == []
    assert (await api.as_(CHARLIE).get("/v1/earnings/events")).json() == {"items": [], "next_cursor": None}


async def test_totals_follow_every_event_and_the_recompute_agrees(api: Api) -> None:
    event = await earn(api, 1200, "a")
    await earn(api, 500, "b")
    await move(api, event, "captured", 700, "matured", "c1")
    await move(api, event, "reversed", 300, "returned", "c2")

    (summary,) = (await api.as_(ALICE).get("/v1/earnings")).json()
    (proof,) = (await api.as_(ALICE).post("/v1/earnings/recomputes")).json()

    names = ("total", "captured", "pending", "missed", "reversed", "expired")
    assert [summary[name] for name in names] == [1700, 700, 700, 1000, 300, 0]
    assert [proof[name] for name in names] == [summary[name] for name in names]
    assert (summary["missed_open"], summary["missed_lost"], proof["drift"]) == (700, 300, 0)


async def test_currencies_are_never_added_together(api: Api) -> None:
    await earn(api, 100, "a", "EUR")
    await earn(api, 900, "b", "JPY")

    rows = (await api.as_(ALICE).get("/v1/earnings")).json()

    assert [(row["currency"], row["total"]) for row in rows] == [("EUR", 100), ("JPY", 900)]


async def test_the_timeline_is_walked_without_a_gap(api: Api) -> None:
    made = [await earn(api, 100 + n, f"k{n}") for n in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await api.as_(ALICE).get(f"/v1/earnings/events?limit=2{cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == made[::-1]


async def test_an_event_says_where_its_money_is_and_why(api: Api) -> None:
    event = await earn(api, 1200, "a")
    await move(api, event, "reversed", 200, "returned", "r")

    told = (await api.as_(ALICE).get(f"/v1/earnings/events/{event}")).json()

    assert (told["pending"], told["reversed"]) == (1000, 200)
    assert "the buyer sent it back" in told["words"]
    assert told["expected_at"] is not None


async def test_charlie_finds_nothing_of_alices(api: Api) -> None:
    event = await earn(api, 1200, "a")

    hers = await api.as_(CHARLIE).get(f"/v1/earnings/events/{event}")
    nobodys = await api.as_(CHARLIE).get("/v1/earnings/events/0199aaaa-0000-7000-8000-000000000001")
    recompute = await api.as_(CHARLIE).post("/rpc/earnings_recompute", json={"p_user_id": str(ALICE.id)})

    assert hers.status_code == nobodys.status_code == 404
    assert hers.json()["message"] == nobodys.json()["message"]
    assert recompute.status_code == 403


async def test_a_person_cannot_write_themselves_money(api: Api) -> None:
    answer = await api.as_(ALICE).post(
        "/rpc/earnings_record",
        json={
            "p_user_id": str(ALICE.id), "p_currency": "EUR", "p_amount_minor": 1, "p_kind": "sale",
            "p_idem_key": "x", "p_source": "me", "p_source_ref": "me",
        },
    )  # fmt: skip

    assert answer.status_code in (403, 404)
    assert (await api.as_(ALICE).get("/v1/earnings")).json() == []


async def test_more_than_there_is_cannot_be_captured(api: Api) -> None:
    event = await earn(api, 1000, "a")

    codes = [
        await move(api, event, "captured", amount, "matured", key)
        for amount, key in ((600, "1"), (600, "2"), (400, "3"))
    ]

    assert codes == [200, 409, 200]


@pytest.mark.parametrize("query", ["limit=0", "cursor=junk", "currency=eur"])
async def test_a_wrong_question_is_a_400(api: Api, query: str) -> None:
    assert (await api.as_(ALICE).get(f"/v1/earnings/events?{query}")).status_code == 400


async def test_unchanged_totals_are_not_sent_twice(api: Api) -> None:
    await earn(api, 100, "a")
    tag = (await api.as_(ALICE).get("/v1/earnings")).headers["etag"]
    same = await api.as_(ALICE).get("/v1/earnings", headers={"If-None-Match": tag})
    await earn(api, 100, "b")

    assert same.status_code == 304
    assert (await api.as_(ALICE).get("/v1/earnings", headers={"If-None-Match": tag})).status_code == 200
