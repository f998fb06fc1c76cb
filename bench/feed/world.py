"""Ten thousand viewers who are all signed in and have a feed each, and how often each of them asks."""

from __future__ import annotations

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from bench import server as servers
from msgspec import Struct

from rambla.auth import tokens
from rambla.kit.db import Caller
from rambla.kit.postgres import EmbeddedPostgres
from rambla.seeds.world import seed_world
from rambla.seeds.zipf import Zipf

_DRAWS = 200_000
_TURNS = 20


class World(Struct, frozen=True, kw_only=True):
    viewers: int = 10_000
    items: int = 10_000
    follows: int = 200_000

    def make(self, server: EmbeddedPostgres, folder: Path) -> None:
        """The database `rambla`, and for the generators the files `credentials`, `picks` and `everyone`."""
        url = servers.product(server)
        seed_world(url, viewers=self.viewers, items=self.items, follows=self.follows, say=lambda _: None)
        secrets = [tokens.new() for _ in range(self.viewers)]
        people = _sign_in(url, secrets)
        with ThreadPoolExecutor(2) as two:
            list(two.map(_begin_feeds, [url] * 2, [people[::2], people[1::2]]))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("vacuum analyze")  # or autovacuum does, in the middle of a round
        # Half of them are programs and half are browsers.
        (folder / "credentials").write_text("\n".join(map(_header, range(self.viewers), secrets)) + "\n")
        chance = random.Random(7)
        drawn = Zipf(self.viewers, chance).draw(_DRAWS)
        (folder / "picks").write_text("\n".join(str(place + 1) for place in drawn) + "\n")
        # Each turn in another order: a connection, and so a process, gets other people each time.
        turns = [place for _ in range(_TURNS) for place in chance.sample(range(self.viewers), self.viewers)]
        (folder / "everyone").write_text("\n".join(str(place + 1) for place in turns) + "\n")


def _sign_in(url: str, secrets: list[str]) -> list[Caller]:
    with psycopg.connect(url) as connection:
        people = connection.execute("select id from public.profiles order by id").fetchall()
        servers.become_service(connection)
        connection.execute(
            "select public.session_start(u.id, u.digest, u.kind)"
            " from unnest(%s::uuid[], %s::bytea[], %s::text[]) u (id, digest, kind)",
            (
                [person for (person,) in people],
                [hashlib.sha256(secret.encode()).digest() for secret in secrets],
                [_kind(place) for place in range(len(secrets))],
            ),
        )
    return [Caller.user(person) for (person,) in people]


def _begin_feeds(url: str, people: list[Caller]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set role authenticated")
        for person in people:
            connection.execute("select set_config('request.jwt.claims', %s, false)", (person.claims,))
            connection.execute("select count(*) from public.feed_fusion_home('for_you', null, null, 1)")


def _kind(place: int) -> str:
    return "cookie" if place % 2 else "bearer"


def _header(place: int, secret: str) -> str:
    if _kind(place) == "cookie":
        return f"Cookie: rambla_session={secret}"
    return f"Authorization: Bearer {secret}"
