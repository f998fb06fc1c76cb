"""The command line: each command is a few lines that call a room."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

from cyclopts import App, Parameter

from rambla import (
    __version__,
    keys,
    psql,
    serve as web,
    settings as config,
    smoke as promises,
    up as product,
    work as worker,
)
from rambla.cli import evals, jobs
from rambla.cli.flags import Flags, Lifeline, live_with, load, settings_from
from rambla.errors import Problem
from rambla.instance import instance
from rambla.kit import migrate as migrations
from rambla.kit.postgres import PostgresError
from rambla.seeds import demo, movielens, world
from rambla.settings import SettingsError

app = App(name="rambla", help="The backend of a social-commerce app in one PostgreSQL.", version=__version__)
database = App(name="db", help="The database of this installation.")
seed = App(name="seed", help="Fill the database with people, items and what they do.")
tokens = App(name="token", help="Tokens with which programs are the service.")
configuration = App(name="config", help="What is set, and where.")
for group in (database, seed, tokens, configuration, jobs.app, evals.app):
    app.command(group)


@app.command
def up(flags: Flags = None) -> int:
    """Run everything: database, migrations, demo world, web server, worker. Ctrl-C stops it."""
    return product.up(settings_from(flags), print)


@app.command
def serve(flags: Flags = None, *, lifeline: Lifeline = None) -> None:
    """Run the web server."""
    settings = settings_from(flags)
    live_with(lifeline)
    web.check_port(settings.host, settings.port)
    with instance(settings) as here:
        web.serve(here.settings)


@app.command
def work(flags: Flags = None, *, processes: int | None = None, lifeline: Lifeline = None) -> int:
    """Run a worker for background jobs; with --processes N several, for handlers that compute."""
    settings = settings_from(flags, worker_processes=processes)
    live_with(lifeline)
    for number in range(settings.worker_processes if settings.worker_port else 0):
        web.check_port(settings.host, settings.worker_port + number, flag="--worker-port")
    with instance(settings) as here:
        return worker.work(here.settings)


@app.command
def migrate(flags: Flags = None, *, check: bool = False) -> int:
    """Bring the database to this release; with --check only say what is pending."""
    with instance(settings_from(flags)) as here:
        names = migrations.check(here.owner_url) if check else migrations.migrate(here.owner_url)
    for name in names:
        print(name)
    print(f"{len(names)} {'pending' if check else 'applied'}")
    return 1 if check and names else 0


@app.command
def smoke(flags: Flags = None) -> int:
    """Try every promise against the running product; non-zero when one breaks."""
    with instance(settings_from(flags)) as here:
        return promises.run(here.owner_url, web.base_url(here.settings), print)


@seed.command(name="demo")
def seed_demo(flags: Flags = None) -> None:
    """A small world of creators and a shop, with pictures."""
    with instance(settings_from(flags)) as here:
        migrations.migrate(here.owner_url)
        demo.seed_demo(here.owner_url, print)


@seed.command(name="movielens")
def seed_movielens(flags: Flags = None, *, as_of: movielens.AsOf = "now", viewers: int | None = None) -> None:
    """A hundred thousand real ratings as people, posts, shop items and engagements.

    The newest rating is of now unless --as-of 1998; --viewers takes the first so many of the 943 people.
    """
    with instance(settings_from(flags)) as here:
        migrations.migrate(here.owner_url)
        movielens.seed_movielens(here.owner_url, print, as_of=as_of, viewers=viewers)


@seed.command(name="world")
def seed_world(
    flags: Flags = None,
    *,
    viewers: int = 10_000,
    items: int = 100_000,
    follows: int = 200_000,
    seed: int = 1,
) -> None:
    """A large world of any size; the same --seed gives the same one."""
    with instance(settings_from(flags)) as here:
        migrations.migrate(here.owner_url)
        world.seed_world(here.owner_url, viewers=viewers, items=items, follows=follows, seed=seed, say=print)


@database.command(name="url")
def db_url(flags: Flags = None) -> None:
    """Print the owner's connection string."""
    with instance(settings_from(flags)) as here:
        print(here.owner_url)


@database.command(name="psql")
def db_psql(
    *arguments: Annotated[str, Parameter(allow_leading_hyphen=True)],
    as_: Annotated[
        str | None, Parameter(name="--as", help="Handle of a person, or anon, or service_role.")
    ] = None,
    flags: Flags = None,
) -> int:
    """Open psql as the owner, or --as a person with their role and claims."""
    with instance(settings_from(flags)) as here:
        return psql.run(here, arguments, as_=as_)


@database.command(name="dump")
def db_dump(*arguments: Annotated[str, Parameter(allow_leading_hyphen=True)], flags: Flags = None) -> int:
    """Run pg_dump on the database; arguments go to it."""
    with instance(settings_from(flags)) as here:
        return psql.dump(here, arguments)


@app.command
def bench(*arguments: Annotated[str, Parameter(allow_leading_hyphen=True)]) -> int:
    """Measure this installation's code: bin/bench of the checkout, with its own arguments."""
    program = Path(__file__).parents[3] / "bin" / "bench"
    if not program.exists():
        print(
            "rambla: The measurements come with the source: run bench from a checkout of it.", file=sys.stderr
        )
        return 1
    return subprocess.call([program, *arguments])


@app.command
def link(handle: str, flags: Flags = None) -> None:
    """Print a link that signs a person in once, within half an hour."""
    with instance(settings_from(flags)) as here:
        token = asyncio.run(keys.link(here.owner_url, handle))
        print(f"{web.base_url(here.settings)}/welcome/{token}")


@tokens.command(name="create")
def token_create(label: str, flags: Flags = None) -> None:
    """Print a new token, which is shown this once and works for a year."""
    with instance(settings_from(flags)) as here:
        print(asyncio.run(keys.create(here.owner_url, label)))


@tokens.command(name="list")
def token_list(flags: Flags = None) -> None:
    """Print the tokens that are valid, a line each: id, when last used, until when, label."""
    with instance(settings_from(flags)) as here:
        for token in asyncio.run(keys.tokens(here.owner_url)):
            print(f"{token.id}  {token.last_used_at:%Y-%m-%d}  {token.expires_at:%Y-%m-%d}  {token.label}")


@tokens.command(name="revoke")
def token_revoke(token_id: UUID, flags: Flags = None) -> None:
    """End a token; server processes notice within five seconds."""
    with instance(settings_from(flags)) as here:
        asyncio.run(keys.revoke(here.owner_url, token_id))


@configuration.command(name="show")
def config_show(flags: Flags = None, *, origin: bool = False) -> None:
    """Print every setting; with --origin also where its value came from."""
    for key, value, source in load(flags)[1]:
        shown = "********" if key in config.SECRET and value else value
        print(f"{key} = {shown!r}" + (f"    # {source}" if origin else ""))


def main() -> None:
    """Expected failures are one sentence; anything else keeps its traceback."""
    try:
        status = app()
    except (
        SettingsError,
        PostgresError,
        migrations.MigrationError,
        web.PortTaken,
        Problem,
        psql.NoSuchPerson,
    ) as error:
        print(f"rambla: {error}", file=sys.stderr)
        status = 1
    sys.exit(status if isinstance(status, int) else 0)
