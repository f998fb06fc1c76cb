"""Experiments with weights for those who run the place: which there were, what they tell, one begun, one ended."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.response import Redirect
from msgspec import Struct, structs

from rambla.auth import viewer as viewers
from rambla.auth.guards import admin
from rambla.errors import Problem
from rambla.feed import actions, comparing, drafts
from rambla.feed.actions import Weights
from rambla.feed.drafts import MOST, START, WEIGHTS, Draft
from rambla.feed.types import Experiment, Figures
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")
AnyRequest = Request[Any, Any, Any]

LIST: Final = "/admin/feed/experiments"
FORM: Final = "/admin/feed/new-experiment"


class Change(Struct, frozen=True, kw_only=True):
    """A weight of an arm that is not as everybody's was."""

    arm: str
    weight: str
    value: float
    usual: float


@get(LIST, guards=[admin], include_in_schema=False)
async def list_all(request: AnyRequest, caller: Caller, db: Database, pages: Pages) -> Response[bytes]:
    """Every experiment, the newest first."""
    async with db.transaction(caller, read_only=True) as tx:
        experiments = await tx.all(Experiment, sql.experiments)
        viewer = await viewers.load(tx)
    return pages.render(
        request, "feed/experiments.html", viewer=viewer, experiments=experiments, list=LIST, form=FORM
    )


@get(FORM, guards=[admin], include_in_schema=False)
async def fill_in(request: AnyRequest, caller: Caller, db: Database, pages: Pages) -> Response[bytes]:
    """The form for one; its address may hold what is filled in, with another number of arms."""
    fields = {name: str(value) for name, value in request.query_params.items()}
    return await _form(request, caller, db, pages, drafts.read(fields) if fields else START)


@post(LIST, guards=[admin], include_in_schema=False)
async def start(request: AnyRequest, caller: Caller, db: Database, pages: Pages) -> Response[Any]:
    """Begin one, or show the form again with what is not right in it."""
    draft = drafts.read({name: str(value) for name, value in (await request.form()).items()})
    if errors := drafts.check(draft):
        return await _form(request, caller, db, pages, structs.replace(draft, errors=errors), status=400)
    try:
        async with db.transaction(caller) as tx:
            await actions.start_experiment(tx, draft)
    except Problem as problem:
        if problem.code not in ("conflict", "invalid_value"):
            raise
        draft = structs.replace(draft, errors={"": problem.message})
        return await _form(request, caller, db, pages, draft, status=problem.status)
    return Redirect(f"{LIST}/{draft.name}", status_code=303)


@get(LIST + "/{name:str}", guards=[admin], include_in_schema=False)
async def show(request: AnyRequest, name: str, caller: Caller, db: Database, pages: Pages) -> Response[bytes]:
    """One of them: its arms, what their viewers did, and what that tells."""
    async with db.transaction(caller, read_only=True) as tx:
        experiment = await tx.one(Experiment, sql.experiment, name=name)
        arms = await tx.all(Figures, sql.experiment_figures, name=name)
        changes = await tx.all(Change, sql.experiment_changes, name=name)
        viewer = await viewers.load(tx)
    return pages.render(
        request, "feed/experiment.html", viewer=viewer, experiment=experiment, arms=arms, changes=changes,
        comparisons=comparing.compare(arms), weights=WEIGHTS, list=LIST,
    )  # fmt: skip


@post(LIST + "/{name:str}/ending", guards=[admin], include_in_schema=False)
async def stop(name: str, caller: Caller, db: Database) -> Redirect:
    """Give everybody the default weights again, from their next slate on."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.experiment_stop, name=name)
    return Redirect(f"{LIST}/{name}", status_code=303)


async def _form(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, draft: Draft, *, status: int = 200
) -> Response[bytes]:
    async with db.transaction(caller, read_only=True) as tx:
        usual = await tx.one(Weights, sql.weights)
        experiments = await tx.all(Experiment, sql.experiments)
        viewer = await viewers.load(tx)
    running = next((one.name for one in experiments if one.stopped_at is None), None)
    return pages.render(
        request, "feed/new_experiment.html", viewer=viewer, status=status, draft=draft, usual=usual.values,
        running=running, weights=WEIGHTS, most=MOST, list=LIST, form=FORM,
    )  # fmt: skip


HANDLERS = [list_all, fill_in, start, show, stop]
