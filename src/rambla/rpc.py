"""``POST /rpc/<function>``: the SQL contract over HTTP, as PostgREST would serve it, for a list of functions."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Response, post
from litestar.params import Body

from rambla.errors import Problem
from rambla.kit.calls import Functions
from rambla.kit.db import Caller, Database

CONTRACT: Final = frozenset({
    # auth
    "has_role", "role_grant", "role_revoke", "viewer_shell",
    # feed
    "feed_fusion_home", "feed_refresh",
    # notifications
    "notif_send", "notif_mark_read", "notif_mark_all_read", "notif_unread_count",
    # earnings
    "earnings_recompute",
    # jobs
    "worker_enqueue", "worker_claim_jobs", "worker_complete_jobs", "worker_fail_job",
})  # fmt: skip


@post("/rpc/{function:str}", status_code=200)
async def call(
    function: str,
    caller: Caller,
    db: Database,
    functions: Functions,
    data: Annotated[dict[str, Any] | None, Body()],
) -> Response[bytes]:
    """Call a contract function with the members of a JSON object as its named arguments."""
    if function not in CONTRACT:
        raise Problem("not_found", "There is no such function.")
    arguments = data or {}
    if "p_at" in arguments and caller.role != "service_role":
        raise Problem("invalid_input", "p_at is for programs: a person's time is now.")
    found = await functions.find(function)
    try:
        async with db.transaction(caller, read_only=found.read_only) as tx:
            result = await found.call(tx, arguments)
    except Problem as problem:
        # A visitor who lacks a grant has to hear that signing in may help.
        if problem.code == "forbidden" and caller.role == "anon":
            raise Problem("not_signed_in") from problem
        raise
    return Response(result, media_type="application/json")
