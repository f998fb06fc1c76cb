"""``POST /rpc/<function>``: the SQL contract over HTTP, as PostgREST would serve it, for a list of functions."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from litestar import MediaType, Request, Response, post

from rambla.errors import Problem
from rambla.kit.calls import Functions
from rambla.kit.db import Caller, Database

# Each checks whose data it is; what stands here may be tried by anybody.
CONTRACT: Final = frozenset({
    # auth
    "has_role", "role_grant", "role_revoke", "viewer_shell",
    # content
    "age_confirm", "content_remove", "content_removals", "content_restore",
    # feed
    "feed_experiment_figures", "feed_experiment_start", "feed_experiment_stop",
    "feed_explain", "feed_fusion_home", "feed_hide", "feed_mute_word", "feed_new_count", "feed_place",
    "feed_place_keep", "feed_react", "feed_refresh", "feed_repost", "feed_see_again", "feed_see_fewer", "feed_tagged",
    "feed_unhide", "feed_unmute_word", "feed_unreact", "feed_unrepost", "feed_weights_try",
    "feed_wishes",
    # commerce
    "order_pay", "order_place",
    # notifications
    "notif_archive", "notif_explain", "notif_mark_all_read", "notif_mark_read", "notif_preferences_set",
    "notif_quiet_hours_set", "notif_send", "notif_unread_count",
    # earnings
    "earnings_explain", "earnings_recompute", "earnings_record", "earnings_summary", "earnings_timeline",
    "earnings_transition",
    # jobs
    "worker_beat", "worker_cancel", "worker_claim_jobs", "worker_complete_jobs", "worker_enqueue",
    "worker_enqueue_many", "worker_explain", "worker_fail_job", "worker_fail_jobs", "worker_leave",
    "worker_limit_clear", "worker_limit_set", "worker_pause", "worker_progress", "worker_prune", "worker_redrive",
    "worker_redrive_all", "worker_redrive_batch", "worker_redrive_count", "worker_register", "worker_release",
    "worker_reopen", "worker_rescue", "worker_resume", "worker_retry", "worker_schedule_pause",
    "worker_schedule_resume", "worker_schedule_run", "worker_snooze", "worker_stats", "worker_tick",
})  # fmt: skip


# Stable for the planner, and yet what it makes is to be stored, or no page would follow the first.
_STORES: Final = {"feed_fusion_home"}


@post("/rpc/{function:str}", status_code=200)
async def call(
    request: Request[Any, Any, Any], function: str, caller: Caller, db: Database, functions: Functions
) -> Response[bytes]:
    """Call a contract function with the members of a JSON object as its named arguments."""
    if function not in CONTRACT:
        raise Problem("not_found", "There is no such function.")
    arguments = _arguments(await request.body())
    if "p_at" in arguments and caller.role != "service_role":
        raise Problem("invalid_input", "p_at is for programs: a person's time is now.")
    found = await functions.find(function)
    try:
        async with db.transaction(caller, read_only=found.read_only and function not in _STORES) as tx:
            result = await found.call(tx, arguments)
    except Problem as problem:
        # A visitor who lacks a grant has to hear that signing in may help.
        if problem.code == "forbidden" and caller.role == "anon":
            raise Problem("not_signed_in") from problem
        raise
    return Response(result, media_type=MediaType.JSON)


def _arguments(body: bytes) -> dict[str, Any]:
    """No body is no arguments."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any]) if body else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("invalid_input", f"The body is not a JSON object: {error}.") from None
