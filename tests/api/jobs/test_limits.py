"""Limits, pauses, keys and parents for programs."""

from __future__ import annotations

import pytest

from people import ADA, ALICE
from running import Api

PATHS = [
    "/v1/queues/bulk/limit",
    "/v1/job-types/noop/limit",
    "/v1/queues/bulk/pause",
    "/v1/job-types/noop/pause",
]


async def enqueue(api: Api, **job: object) -> int:
    answer = await api.service.post("/v1/jobs", json={"job_type": "noop", **job})
    assert answer.status_code == 201, answer.text
    id_: int = answer.json()["id"]
    return id_


async def claim(api: Api) -> list[int]:
    runs = await api.service.post("/rpc/worker_claim_jobs", json={"p_worker_id": str(ADA.id), "p_limit": 10})
    return [run["id"] for run in runs.json()]


@pytest.mark.parametrize("path", PATHS)
async def test_alice_may_neither_set_nor_clear(api: Api, path: str) -> None:
    assert (await api.as_(ALICE).put(path, json={})).status_code == 403
    assert (await api.as_(ALICE).delete(path)).status_code == 403


async def test_a_limit_is_set_seen_and_cleared(api: Api) -> None:
    numbers = {"most_running": 1, "most_per_key": 2, "rate_count": 5, "rate_seconds": 60, "reason": "slowly"}
    limits = (await api.as_(ADA).put("/v1/job-types/noop/limit", json=numbers)).json()
    first, second = await enqueue(api), await enqueue(api)
    claimed = await claim(api)
    reasons = (await api.as_(ADA).get(f"/v1/jobs/{second}")).json()["reasons"]
    board = (await api.as_(ADA).get("/v1/jobs/stats")).json()
    left = (await api.as_(ADA).delete("/v1/job-types/noop/limit")).json()

    assert [(limit["scope"], limit["name"], limit["set_by_handle"]) for limit in limits] == [
        ("type", "noop", "ada")
    ]
    assert limits[0].items() >= numbers.items()
    assert claimed == [first]
    assert "runs at most 1 at once" in reasons[0]
    assert {(t["state"], t["jobs"]) for t in board["tallies"]} == {("running", 1), ("held", 1)}
    assert board["limits"][0]["running"] == 1
    assert left == []
    assert await claim(api) == [second]


async def test_a_queue_has_its_limit_too(api: Api) -> None:
    limits = (await api.service.put("/v1/queues/bulk/limit", json={"most_running": 5})).json()

    assert [(limit["scope"], limit["most_running"]) for limit in limits] == [("queue", 5)]
    assert (await api.service.delete("/v1/queues/bulk/limit")).json() == []


@pytest.mark.parametrize(
    "body", [{"most_running": 0}, {"rate_seconds": 0}, {"planets": 9}, {"rate_count": 5}]
)
async def test_what_is_no_limit_is_refused(api: Api, body: dict[str, object]) -> None:
    assert (await api.service.put("/v1/job-types/noop/limit", json=body)).status_code == 400


async def test_a_paused_type_says_who_and_why_and_resumes(api: Api) -> None:
    pauses = (
        await api.as_(ADA).put("/v1/job-types/noop/pause", json={"reason": "the provider is down"})
    ).json()
    waiting = await enqueue(api)
    paused = await claim(api)
    left = (await api.as_(ADA).delete("/v1/job-types/noop/pause")).json()

    assert [(p["scope"], p["name"], p["reason"], p["paused_by"]) for p in pauses] == [
        ("type", "noop", "the provider is down", "ada")
    ]
    assert (paused, left) == ([], [])
    assert await claim(api) == [waiting]


async def test_jobs_of_a_key_run_one_at_a_time(api: Api) -> None:
    first, second = [await enqueue(api, partition_key="alice") for _ in range(2)]
    detail = (await api.as_(ADA).get(f"/v1/jobs/{second}")).json()

    assert await claim(api) == [first]
    assert detail["partition_key"] == "alice"


async def test_a_job_comes_after_others(api: Api) -> None:
    parent = await enqueue(api)
    child = await enqueue(api, after=[parent])
    reasons = (await api.as_(ADA).get(f"/v1/jobs/{child}")).json()["reasons"]
    claimed = await claim(api)
    await api.service.post("/rpc/worker_complete_jobs", json={"p_ids": [parent]})

    assert reasons[:2] == [
        "It waits for 1 of its parents to complete.",
        f"Job {parent}, its parent, is pending.",
    ]
    assert claimed == [parent]
    assert await claim(api) == [child]


async def test_a_job_after_one_that_is_not_there_is_refused(api: Api) -> None:
    answer = await api.service.post("/v1/jobs", json={"job_type": "noop", "after": [999_999_999]})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
