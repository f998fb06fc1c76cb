"""Ada watches the queue and decides about dead letters; the pages work without JavaScript."""

from __future__ import annotations

import html
import re

import psycopg
import pytest
from httpx2 import AsyncClient

from people import ADA, ALICE
from running import Api

PAGES = ["/admin/jobs", "/admin/jobs/dead-letters", "/admin/jobs/schedules", "/admin/jobs/1"]


async def enqueue(api: Api, **job: object) -> int:
    answer = await api.service.post("/v1/jobs", json={"job_type": "noop", **job})
    id_: int = answer.json()["id"]
    return id_


async def kill(api: Api, **job: object) -> int:
    id_ = await enqueue(api, max_attempts=1, **job)
    await api.service.post("/rpc/worker_fail_job", json={"p_job_id": id_, "p_error": "<b>boom</b>"})
    return id_


@pytest.fixture
def ada(api: Api) -> AsyncClient:
    return api.browser(ADA)


@pytest.mark.parametrize("path", PAGES)
async def test_alice_may_not_look(api: Api, path: str) -> None:
    assert (await api.browser(ALICE).get(path)).status_code == 403


async def test_an_empty_queue_says_so_in_words(ada: AsyncClient) -> None:
    page = (await ada.get("/admin/jobs")).text

    assert all(
        words in page for words in ("No jobs yet", "No dead letters", "No worker beats", "nothing waits")
    )


async def test_the_board_shows_figures_and_dead_letters_with_their_errors(api: Api, ada: AsyncClient) -> None:
    waiting, dead = await enqueue(api), await kill(api)

    page = (await ada.get("/admin/jobs")).text

    assert f"/admin/jobs/{waiting}" in page
    assert f"/admin/jobs/{dead}/retries" in page
    assert "&lt;b&gt;boom&lt;/b&gt;" in page, "an error is text, never markup"
    assert "stat--danger" in page


async def test_the_filter_stands_in_the_address(api: Api, ada: AsyncClient) -> None:
    noop, sleep = await enqueue(api), await enqueue(api, job_type="sleep", queue="bulk")

    by_type = (await ada.get("/admin/jobs?type=sleep")).text
    by_queue = (await ada.get("/admin/jobs?queue=default")).text
    by_status = (await ada.get("/admin/jobs?status=running")).text

    assert (f'"/admin/jobs/{noop}"' in by_type, f'"/admin/jobs/{sleep}"' in by_type) == (False, True)
    assert (f'"/admin/jobs/{noop}"' in by_queue, f'"/admin/jobs/{sleep}"' in by_queue) == (True, False)
    assert "Nothing matches this filter" in by_status


async def test_the_old_name_of_the_page_leads_to_it(ada: AsyncClient) -> None:
    answer = await ada.get("/admin/workers")

    assert (answer.status_code, answer.headers["location"]) == (301, "/admin/jobs")


async def test_a_dead_letter_runs_again_by_its_button(api: Api, ada: AsyncClient) -> None:
    id_ = await kill(api)

    answer = await ada.post(f"/admin/jobs/{id_}/retries")
    page = (await ada.get(answer.headers["location"])).text

    assert answer.status_code == 303
    assert "Pending" in page
    assert "Redriven" in page


async def test_a_job_tells_why_it_is_not_running_and_what_went_wrong(api: Api, ada: AsyncClient) -> None:
    id_ = await enqueue(api, payload={"order": 7})
    await api.service.post(
        "/rpc/worker_fail_job", json={"p_job_id": id_, "p_error": "the mail server said no"}
    )

    page = (await ada.get(f"/admin/jobs/{id_}")).text

    assert "It waits until" in page
    assert "the mail server said no" in page
    assert "&#34;order&#34;: 7" in page or "&quot;order&quot;: 7" in page or '"order": 7' in page


async def test_a_waiting_job_is_cancelled_by_its_button(api: Api, ada: AsyncClient) -> None:
    id_ = await enqueue(api)

    await ada.post(f"/admin/jobs/{id_}/cancellation")

    assert "Cancelled" in (await ada.get(f"/admin/jobs/{id_}")).text


async def test_a_queue_is_paused_and_resumed_by_its_buttons(api: Api, ada: AsyncClient) -> None:
    await enqueue(api)

    await ada.post("/admin/jobs/pauses", data={"scope": "queue", "name": "default", "reason": "a quiet hour"})
    paused = (await ada.get("/admin/jobs")).text
    await ada.post("/admin/jobs/resumptions", data={"scope": "queue", "name": "default"})

    assert "/admin/jobs/resumptions" in paused
    assert "a quiet hour" in paused
    assert "ada" in paused
    assert "/admin/jobs/resumptions" not in (await ada.get("/admin/jobs")).text


async def test_a_limit_is_set_and_cleared_by_its_form(api: Api, ada: AsyncClient) -> None:
    fields = {"scope": "type", "name": "noop", "most_running": "1", "most_per_key": "", "rate_count": "5",
              "rate_seconds": "60", "reason": "the provider asked"}  # fmt: skip
    await ada.post("/admin/jobs/limits", data=fields)
    for _ in range(3):
        await enqueue(api)
    await api.service.post("/rpc/worker_claim_jobs", json={"p_worker_id": str(ADA.id), "p_limit": 10})
    limited = (await ada.get("/admin/jobs")).text
    await ada.post("/admin/jobs/limits/clearance", data={"scope": "type", "name": "noop"})
    cleared = (await ada.get("/admin/jobs")).text

    assert "5 in 60 s" in limited
    assert "the provider asked" in limited
    assert held_stat(limited) == "2"
    assert "No limits" in cleared


def held_stat(page: str) -> str:
    return page.split("<dt>Held</dt>")[1].split('">')[1].split("<", maxsplit=1)[0]


@pytest.mark.parametrize("fields", [{"scope": "planet", "name": "noop"}, {"scope": "type"}, {}])
async def test_a_form_that_does_not_fit_is_a_400(ada: AsyncClient, fields: dict[str, str]) -> None:
    assert (await ada.post("/admin/jobs/limits", data=fields)).status_code == 400


async def test_a_job_that_is_not_there_is_a_page_that_says_so(ada: AsyncClient) -> None:
    answer = await ada.get("/admin/jobs/999999")

    assert answer.status_code == 404
    assert "text/html" in answer.headers["content-type"]


async def test_all_dead_letters_are_there_page_by_page(api: Api, ada: AsyncClient) -> None:
    ids = [await kill(api) for _ in range(27)]

    first = (await ada.get("/admin/jobs/dead-letters")).text

    assert f"/admin/jobs/{ids[-1]}/retries" in first
    assert f"/admin/jobs/{ids[0]}/retries" not in first
    assert "Older" in first


async def test_dead_letters_are_counted_before_they_run_again(api: Api, ada: AsyncClient) -> None:
    mine, other = await kill(api, job_type="sleep", tags=["a&b"]), await kill(api)

    everything = (await ada.get("/admin/jobs/dead-letters")).text
    page = (
        await ada.get("/admin/jobs/dead-letters?type=sleep&tag=a%26b&queue=&error=BOOM&died_from=2026-01-01")
    ).text
    (action,) = re.findall(r'action="(/admin/jobs/dead-letters/redrives[^"]*)"', page)
    answer = await ada.post(html.unescape(action))
    job = (await ada.get(answer.headers["location"])).text

    assert "2 dead letters in all" in everything
    assert "/redrives?all=true" in everything
    assert "1 dead letter like this" in page
    assert f"/admin/jobs/{other}/retries" not in page
    assert f"/admin/jobs/{mine}/retries" in page
    assert "jobs_redrive" in job
    assert "a&amp;b" in job or "a\\u0026b" in job


async def test_a_moment_that_is_none_is_a_page_that_says_so(ada: AsyncClient) -> None:
    answer = await ada.get("/admin/jobs/dead-letters?died_from=yesterday")

    assert answer.status_code == 400
    assert "yesterday" in answer.text


async def test_a_schedule_is_run_paused_and_resumed_by_its_buttons(api: Api, ada: AsyncClient) -> None:
    assert "No schedules" in (await ada.get("/admin/jobs/schedules")).text
    with psycopg.connect(api.owner_url) as owner:
        owner.execute(
            "insert into worker_schedules (name, cron, job_type) values ('a.b', '0 0 1 1 *', 'noop')"
        )

    run = await ada.post("/admin/jobs/schedules/a.b/runs")
    await ada.post("/admin/jobs/schedules/a.b/pause")
    paused = (await ada.get("/admin/jobs/schedules")).text
    await ada.post("/admin/jobs/schedules/a.b/resumption")
    ticking = (await ada.get("/admin/jobs/schedules")).text

    assert "noop" in (await ada.get(run.headers["location"])).text
    assert "paused on its page" in paused
    assert "/admin/jobs/schedules/a.b/pause" in ticking
