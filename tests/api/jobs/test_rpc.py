"""The queue by ``/rpc``: a worker in any language can do with HTTP alone what ours does in SQL."""

from __future__ import annotations

from typing import Any, Final

import psycopg
import pytest

from people import ALICE
from rambla.rpc import CONTRACT
from running import Api

WORKER: Final = "0199aaaa-0000-7000-8000-0000000000ff"
EVERYTHING: Final = {"all": True}
CALLS: Final[dict[str, dict[str, Any]]] = {
    "worker_beat": {"p_worker_id": WORKER, "p_held": [999_999], "p_run_nos": [1]},
    "worker_cancel": {"p_job_id": 999_999, "p_reason": "not today"},
    "worker_claim_jobs": {"p_worker_id": WORKER, "p_queues": ["default"], "p_limit": 10},
    "worker_complete_jobs": {"p_ids": [999_999], "p_run_nos": [1], "p_results": [{"n": 1}]},
    "worker_enqueue": {
        "p_job_type": "noop",
        "p_tags": ["a"],
        "p_unique": "pending",
        "p_idempotency_key": "k",
    },
    "worker_enqueue_many": {"p_jobs": [{"job_type": "noop"}]},
    "worker_explain": {"p_job_id": 999_999},
    "worker_fail_job": {"p_job_id": 999_999, "p_error": "boom"},
    "worker_fail_jobs": {"p_failures": [{"id": 999_999, "run_no": 1, "error": "boom"}]},
    "worker_leave": {"p_worker_id": WORKER},
    "worker_limit_clear": {"p_scope": "queue", "p_name": "bulk"},
    "worker_limit_set": {"p_scope": "queue", "p_name": "bulk", "p_most_running": 5},
    "worker_pause": {"p_name": "bulk", "p_reason": "maintenance"},
    "worker_progress": {"p_job_id": 999_999, "p_run_no": 1, "p_percent": 40},
    "worker_prune": {},
    "worker_redrive": {"p_job_id": 999_999},
    "worker_redrive_all": {"p_filter": EVERYTHING},
    "worker_redrive_batch": {"p_filter": EVERYTHING},
    "worker_redrive_count": {"p_filter": EVERYTHING},
    "worker_register": {"p_types": [], "p_schedules": []},
    "worker_release": {"p_ids": [999_999], "p_run_nos": [1]},
    "worker_reopen": {},
    "worker_rescue": {},
    "worker_resume": {"p_name": "bulk"},
    "worker_retry": {"p_job_id": 999_999},
    "worker_schedule_pause": {"p_name": "nightly"},
    "worker_schedule_resume": {"p_name": "nightly"},
    "worker_schedule_run": {"p_name": "nightly"},
    "worker_snooze": {"p_job_id": 999_999, "p_run_no": 1, "p_seconds": 5},
    "worker_stats": {},
    "worker_tick": {"p_name": "nightly", "p_tick": "2030-01-01T00:00:00Z"},
}
# There is no such job and no schedule in a new database: the function was reached and says so.
ABSENT: Final = {
    "worker_cancel", "worker_explain", "worker_fail_job", "worker_progress", "worker_redrive", "worker_retry",
    "worker_schedule_pause", "worker_schedule_resume", "worker_schedule_run", "worker_snooze",
}  # fmt: skip


def test_every_function_of_the_queue_is_on_the_list(shared: str) -> None:
    with psycopg.connect(shared) as owner:
        rows = owner.execute(
            "select distinct proname::text from pg_proc"
            " where pronamespace = 'public'::regnamespace and proname like 'worker\\_%'"
        ).fetchall()
    names = {name for (name,) in rows}

    assert names <= CONTRACT
    assert names == set(CALLS)


async def test_each_answers_the_service_and_refuses_alice(api: Api) -> None:
    answers = {
        name: (
            (await api.as_(ALICE).post(f"/rpc/{name}", json=arguments)).status_code,
            (await api.service.post(f"/rpc/{name}", json=arguments)).status_code,
        )
        for name, arguments in CALLS.items()
    }

    assert answers == {name: (403, 404 if name in ABSENT else 200) for name in CALLS}


async def test_a_job_goes_its_whole_way_by_http_alone(api: Api) -> None:
    async def rpc(function: str, **arguments: Any) -> Any:
        answer = await api.service.post(f"/rpc/worker_{function}", json=arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()

    job_id = await rpc("enqueue", p_job_type="noop", p_payload={"n": 1})
    (run,) = await rpc("claim_jobs", p_worker_id=WORKER)
    await rpc("progress", p_job_id=job_id, p_run_no=run["run_no"], p_percent=40, p_note="resizing")
    lost = await rpc("beat", p_worker_id=WORKER, p_held=[job_id], p_run_nos=[run["run_no"]])
    done = await rpc("complete_jobs", p_ids=[job_id], p_run_nos=[run["run_no"]], p_results=[{"ok": True}])
    job = (await api.service.get(f"/v1/jobs/{job_id}")).json()

    assert (run["id"], run["payload"], lost, done) == (job_id, {"n": 1}, [], [job_id])
    assert (job["status"], job["result"], job["progress_note"]) == ("completed", {"ok": True}, "resizing")


@pytest.mark.parametrize("function", ["worker_enqueue_many", "worker_redrive_all"])
async def test_a_visitor_is_asked_who_they_are(api: Api, function: str) -> None:
    assert (await api.anonymous.post(f"/rpc/{function}", json=CALLS[function])).status_code == 401
