"""The queue for programs: the service and admins; nobody else."""

from __future__ import annotations

import psycopg
import pytest

from people import ADA, ALICE
from running import Api

JOB = {"job_type": "noop", "payload": {"n": 1}}
PATHS = ["/v1/jobs", "/v1/jobs/stats", "/v1/jobs/1", "/v1/dead-letters", "/v1/schedules"]


@pytest.mark.parametrize("path", PATHS)
async def test_a_visitor_is_asked_who_they_are(api: Api, path: str) -> None:
    assert (await api.anonymous.get(path)).status_code == 401


@pytest.mark.parametrize("path", PATHS)
async def test_alice_may_not_look(api: Api, path: str) -> None:
    assert (await api.as_(ALICE).get(path)).status_code == 403


async def test_alice_may_not_enqueue(api: Api) -> None:
    assert (await api.as_(ALICE).post("/v1/jobs", json=JOB)).status_code == 403


async def test_ada_enqueues_and_the_same_key_is_the_same_job(api: Api) -> None:
    first = await api.as_(ADA).post("/v1/jobs", json=JOB, headers={"Idempotency-Key": "k1"})
    again = await api.service.post("/v1/jobs", json=JOB, headers={"Idempotency-Key": "k1"})
    other = await api.service.post("/v1/jobs", json={"job_type": "noop"}, headers={"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] == other.json()["id"]
    assert again.headers["idempotency-replay"] == "true"
    assert (again.json()["same_payload"], other.json()["same_payload"]) == (True, False)
    assert first.headers["location"] == f"/v1/jobs/{first.json()['id']}"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"job_type": ""},
        {"job_type": "noop", "status": "completed"},
        {"job_type": "noop", "max_attempts": 0},
    ],
)
async def test_what_does_not_fit_is_refused_with_the_field_named(api: Api, body: dict[str, object]) -> None:
    answer = await api.service.post("/v1/jobs", json=body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"


async def test_a_list_is_walked_by_its_cursor_without_a_gap(api: Api) -> None:
    made = [(await api.service.post("/v1/jobs", json=JOB)).json()["id"] for _ in range(5)]
    seen: list[int] = []
    cursor = ""
    while True:
        page = (await api.as_(ADA).get(f"/v1/jobs?type=noop&limit=2{cursor}")).json()
        seen += [job["id"] for job in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize("query", ["cursor=nonsense", "status=lost", "limit=0", "limit=5000"])
async def test_a_wrong_question_is_a_400(api: Api, query: str) -> None:
    assert (await api.as_(ADA).get(f"/v1/jobs?{query}")).status_code == 400


async def test_a_dead_letter_is_redriven_under_its_own_id(api: Api) -> None:
    id_ = (await api.service.post("/v1/jobs", json=JOB | {"max_attempts": 1})).json()["id"]
    await api.service.post("/rpc/worker_fail_job", json={"p_job_id": id_, "p_error": "boom"})

    letters = (await api.as_(ADA).get("/v1/dead-letters")).json()["items"]
    redriven = await api.as_(ADA).post(f"/v1/dead-letters/{id_}/redrives")

    assert [(letter["id"], letter["last_error"]) for letter in letters] == [(id_, "boom")]
    assert (redriven.json()["id"], redriven.json()["status"], redriven.json()["redrives"]) == (
        id_,
        "pending",
        1,
    )
    assert (await api.as_(ADA).get("/v1/dead-letters")).json()["items"] == []


async def test_a_job_is_cancelled_and_then_run_after_all(api: Api) -> None:
    id_ = (await api.service.post("/v1/jobs", json=JOB)).json()["id"]

    cancelled = await api.as_(ADA).post(f"/v1/jobs/{id_}/cancellation", json={"reason": "not today"})
    retried = await api.as_(ADA).post(f"/v1/jobs/{id_}/retries")

    assert (cancelled.json()["status"], cancelled.json()["last_error"]) == ("cancelled", "not today")
    assert retried.json()["status"] == "pending"


async def test_a_job_that_is_not_there_is_a_404(api: Api) -> None:
    answers = [
        await api.as_(ADA).get("/v1/jobs/999999"),
        await api.as_(ADA).post("/v1/jobs/999999/retries"),
        await api.as_(ADA).post("/v1/dead-letters/999999/redrives"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_a_paused_queue_says_so_and_resumes(api: Api) -> None:
    paused = await api.as_(ADA).put("/v1/queues/bulk/pause", json={"reason": "the mail server is down"})
    id_ = (await api.service.post("/v1/jobs", json=JOB | {"queue": "bulk"})).json()["id"]
    reasons = (await api.as_(ADA).get(f"/v1/jobs/{id_}")).json()["reasons"]

    assert [(pause["scope"], pause["name"]) for pause in paused.json()] == [("queue", "bulk")]
    assert "the mail server is down" in reasons[0]
    assert (await api.as_(ADA).delete("/v1/queues/bulk/pause")).json() == []


async def test_the_figures_count_by_queue_type_and_state(api: Api) -> None:
    await api.service.post("/v1/jobs", json=JOB)

    board = (await api.as_(ADA).get("/v1/jobs/stats")).json()

    assert [(t["queue"], t["job_type"], t["state"], t["jobs"]) for t in board["tallies"]] == [
        ("default", "noop", "ready", 1)
    ]


async def test_an_unchanged_job_is_not_sent_twice(api: Api) -> None:
    id_ = (await api.service.post("/v1/jobs", json=JOB | {"next_run_at": "2100-01-01T00:00:00Z"})).json()[
        "id"
    ]
    first = await api.as_(ADA).get(f"/v1/jobs/{id_}")

    again = await api.as_(ADA).get(f"/v1/jobs/{id_}", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_a_key_counts_for_as_long_as_the_body_says(api: Api) -> None:
    body, key = JOB | {"unique": "pending"}, {"Idempotency-Key": "k1"}
    first = (await api.service.post("/v1/jobs", json=body, headers=key)).json()["id"]
    again = await api.service.post("/v1/jobs", json=body, headers=key)
    await api.service.post(f"/v1/jobs/{first}/cancellation")
    second = await api.service.post("/v1/jobs", json=body, headers=key)

    assert (again.json()["id"], again.headers["idempotency-replay"]) == (first, "true")
    assert (second.status_code, second.json()["created"]) == (201, True)
    assert (await api.service.post("/v1/jobs", json=JOB | {"unique": "soon"})).status_code == 400


async def test_tags_are_kept_and_a_list_is_narrowed_by_one(api: Api) -> None:
    vip = (await api.service.post("/v1/jobs", json=JOB | {"tags": ["vip", "eu"]})).json()["id"]
    await api.service.post("/v1/jobs", json=JOB)

    listed = (await api.as_(ADA).get("/v1/jobs?tag=vip")).json()["items"]
    empty = (await api.as_(ADA).get("/v1/jobs?tag=vip&status=completed")).json()["items"]

    assert [(job["id"], job["tags"]) for job in listed] == [(vip, ["vip", "eu"])]
    assert empty == []


async def test_dead_letters_are_counted_and_redriven_by_filter(api: Api) -> None:
    for error in ("Timeout", "KeyError"):
        id_ = (await api.service.post("/v1/jobs", json=JOB | {"max_attempts": 1})).json()["id"]
        await api.service.post("/rpc/worker_fail_job", json={"p_job_id": id_, "p_error": error})

    counted = await api.as_(ADA).post("/v1/dead-letters/counts", json={"error": "timeout"})
    listed = (await api.as_(ADA).get("/v1/dead-letters?error=timeout")).json()["items"]
    asked = await api.as_(ADA).post("/v1/dead-letters/redrives", json={"error": "timeout"})
    job = (await api.as_(ADA).get(asked.headers["location"])).json()

    assert counted.json() == {"letters": 1}
    assert [letter["last_error"] for letter in listed] == ["Timeout"]
    assert asked.status_code == 202
    assert (job["job_type"], job["payload"]["filter"]["error"]) == ("jobs_redrive", "timeout")


@pytest.mark.parametrize("body", [{}, {"all": False}, {"tipe": "noop"}])
async def test_a_filter_that_says_nothing_is_refused(api: Api, body: dict[str, object]) -> None:
    assert (await api.as_(ADA).post("/v1/dead-letters/redrives", json=body)).status_code == 400
    assert (await api.as_(ADA).post("/v1/dead-letters/counts", json=body)).status_code == 400


async def test_a_schedule_shows_its_next_ticks_runs_pauses_and_resumes(api: Api) -> None:
    with psycopg.connect(api.owner_url) as owner:
        owner.execute(
            "insert into worker_schedules (name, cron, job_type) values ('yearly', '0 0 1 1 *', 'noop')"
        )
        owner.execute(
            "insert into worker_schedules (name, cron, job_type) values ('never', '61 * * * *', 'noop')"
        )

    never, yearly = (await api.as_(ADA).get("/v1/schedules")).json()
    run = await api.as_(ADA).post("/v1/schedules/yearly/runs")
    paused = await api.as_(ADA).put("/v1/schedules/yearly/pause", json={"reason": "holidays"})
    resumed = await api.as_(ADA).delete("/v1/schedules/yearly/pause")

    assert [tick[4:] for tick in yearly["next_ticks"]] == ["-01-01T00:00:00Z"] * 3
    assert never["next_ticks"] == []
    assert (run.status_code, (await api.as_(ADA).get(run.headers["location"])).json()["status"]) == (
        201,
        "pending",
    )
    assert (paused.json()[1]["pause_reason"], paused.json()[1]["next_ticks"]) == ("holidays", [])
    assert resumed.json()[1]["paused_at"] is None
    assert (await api.as_(ADA).post("/v1/schedules/unheard-of/runs")).status_code == 404
    assert (await api.as_(ALICE).post("/v1/schedules/yearly/runs")).status_code == 403
