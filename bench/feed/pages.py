"""What a slate and a page cost PostgreSQL, as the world grows and as a viewer follows more people."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from bench import server as servers
from bench.feed.world import World
from bench.server import Connection

from rambla.kit.db import Caller
from rambla.kit.postgres import EmbeddedPostgres
from rambla.seeds.world import seed_world

# From a statement's arrival to its result, so that the way there and back, which on an idle machine is the greater part
# of a short statement, is no part of it; `select` has that way and nothing else.
_TOOK = "extract(epoch from clock_timestamp() - statement_timestamp())::float8"
SLATE = (
    f"select (b.slate).epoch, {_TOOK} from ("
    " select internal.feed_slate_build(%s, 'for_you', 1, null, now()) as slate offset 0"
    ") b"
)
PAGE = f"select f.page, {_TOOK} from internal.feed_page_dated(%s, 'for_you', null, null, 50) f"

# Of the largest world: the target speaks of follows, and these have all other candidates to choose among too.
READERS = "who like and read"

Say = Callable[[str], None]


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    worlds: dict[str, World]
    following: tuple[int, ...] = (0, 100, 5_000)
    sample: int = 100  # viewers of each world
    readers: int = 1_000  # of the largest: what is liked together takes many
    rounds: int = 5


_WHOLE = Sizes(
    worlds={
        "10k items": World(),
        "100k items": World(viewers=20_000, items=100_000, follows=400_000),
        "1M items": World(viewers=100_000, items=1_000_000, follows=2_000_000),
    }
)
_QUICK = Sizes(
    worlds={"1k items": World(viewers=1_000, items=1_000, follows=5_000), "10k items": World()},
    following=(0, 100), sample=20, readers=100, rounds=2,
)  # fmt: skip


def measure(server: EmbeddedPostgres, _folder: Path, *, quick: bool, say: Say) -> dict[str, Any]:
    sizes = _QUICK if quick else _WHOLE
    crowds = [crowd for name in sizes.worlds for crowd in _crowds(server, name, sizes, say)]
    found: dict[str, dict[str, list[float]]] = {crowd.name: {} for crowd in crowds}
    for number in range(sizes.rounds):
        say(f"Round {number + 1}: slates, pages and `select 1` of each in turn")
        for crowd in crowds:
            for what, seconds in crowd.once():
                found[crowd.name].setdefault(what, []).append(seconds)
    for crowd in crowds:
        crowd.connection.close()
    return {
        "sizes": msgspec.to_builtins(sizes),
        "measured": {
            name: {what: _spread(seconds) for what, seconds in each.items()} for name, each in found.items()
        },
    }


class _Crowd:
    """Some viewers of one world, and a connection to it that has every plan already."""

    def __init__(self, name: str, url: str, viewers: list[Any]) -> None:
        self.name = name
        self.connection: Connection = psycopg.connect(url, autocommit=True)
        self._viewers = viewers
        for _ in range(2):  # the second time everything is in memory and planned
            list(self.once())

    def once(self) -> Iterator[tuple[str, float]]:
        for viewer in self._viewers:
            claims = Caller.user(viewer).claims
            yield "slate", self._took(SLATE, viewer)
            yield "page", self._took(PAGE, claims)
            started = time.perf_counter()
            self.connection.execute("select %s", (1,), prepare=True).fetchone()
            yield "select 1", time.perf_counter() - started

    def _took(self, statement: Any, argument: Any) -> float:
        row = self.connection.execute(statement, (argument,), prepare=True).fetchone()
        assert row is not None
        return float(row[1])


def _crowds(server: EmbeddedPostgres, name: str, sizes: Sizes, say: Say) -> Iterator[_Crowd]:
    world = sizes.worlds[name]
    say(f"A world of {world.items:,} items and {world.viewers:,} viewers")
    url = servers.product(server, name)
    seed_world(url, viewers=world.viewers, items=world.items, follows=world.follows, say=lambda _: None)
    with psycopg.connect(url, autocommit=True) as connection:
        anyone = _some(connection, sizes.sample)
        crowds = {name: anyone}
        if name == list(sizes.worlds)[-1]:
            for number in sizes.following:
                crowds[f"{name}, who follow {number:,}"] = _followers(connection, number, sizes.sample // 5)
            crowds[f"{name}, {READERS}"] = _readers(connection, sizes.readers, sizes.sample // 5)
        for viewers in crowds.values():
            _begin(connection, viewers)
        connection.execute("vacuum analyze")
    for crowd, viewers in crowds.items():
        yield _Crowd(crowd, url, viewers)


def _some(connection: Connection, number: int) -> list[Any]:
    query = "select id from public.profiles order by md5(id::text) limit %s"
    return [row[0] for row in connection.execute(query, (number,))]


def _followers(connection: Connection, number: int, sample: int) -> list[Any]:
    """Some who follow just so many authors, the ones with the most posts first."""
    query = "select id from public.profiles order by md5('follow' || %s || id::text) limit %s"
    viewers = [row[0] for row in connection.execute(query, (number, sample))]
    connection.execute("delete from public.follows where follower_id = any (%s)", (viewers,))
    connection.execute(
        "insert into public.follows (follower_id, followee_id)"
        " select v.id, a.author_id from unnest(%s::uuid[]) v (id) cross join ("
        "   select author_id from public.feed_authors order by top_key desc limit %s"
        " ) a where a.author_id <> v.id",
        (viewers, number),
    )
    return viewers


def _readers(connection: Connection, number: int, sample: int) -> list[Any]:
    """Some of so many who like and save eighty of the best two thousand items each, the better the more often, have
    hidden ten and have seen three hundred of the best this week."""
    connection.execute("select setseed(0.7)")
    connection.execute(
        "create temporary table readers as"
        " select id from public.profiles order by md5('read' || id::text) limit %s",
        (number,),
    )
    connection.execute(
        """
        create temporary table best as
        select item_id, row_number() over (order by rank_key desc) as place
        from public.feed_items
        where live and visibility = 'public'
        order by rank_key desc
        limit 2000;
        create temporary table acts as
        select distinct r.id, b.item_id, case when b.place % 8 = 0 then 'save' else 'like' end as kind
        from (select r.id, (1 + 1999 * random() ^ 2)::bigint as place from readers r, generate_series(1, 80)) r
        join best b on b.place = r.place;
        select internal.feed_reactions_add(a.id, array_agg(a.item_id), array_agg(a.kind), now())
        from acts a
        group by a.id;
        insert into public.feed_hides (user_id, item_id, reason)
        select r.id, b.item_id, 'hidden' from readers r, best b where b.place % 200 = 0;
        insert into public.feed_firsts (viewer_id, item_id, kind, at)
        select r.id, b.item_id, 'impression', now() - b.place * interval '10 minutes'
        from readers r join best b on b.place <= 600 and mod(hashtext(r.id::text || b.item_id::text), 2) = 0
        """
    )
    connection.execute(servers.AS_SERVICE)
    while connection.execute("select public.feed_relate(1000)").fetchone() != (0,):
        pass
    connection.execute("reset role")
    return [row[0] for row in connection.execute("select id from readers limit %s", (sample,))]


def _begin(connection: Connection, viewers: list[Any]) -> None:
    for viewer in viewers:
        with connection.transaction():
            connection.execute("set local role authenticated")
            connection.execute(
                "select set_config('request.jwt.claims', %s, true)", (Caller.user(viewer).claims,)
            )
            connection.execute("select public.feed_refresh('for_you')")


def _spread(seconds: list[float]) -> dict[str, float]:
    tens = statistics.quantiles(seconds, n=10)
    return {
        "p10_ms": round(tens[0] * 1000, 3),
        "p50_ms": round(statistics.median(seconds) * 1000, 3),
        "p90_ms": round(tens[8] * 1000, 3),
        "times": len(seconds),
    }
