"""Who sees which rows of which table. A new table is red until it has its line here."""

from __future__ import annotations

from typing import Final, NamedTuple

import psycopg
import pytest

from conftest import Session
from people import ADA, ALICE, BOB, CHARLIE, Person

REFUSED: Final = "refused"  # no grant at all
NONE: Final = "none"
OWN: Final = "own"  # some rows, not all of them
ALL: Final = "all"


class Sees(NamedTuple):
    """Alice has rows of every kind, Charlie has none of his own, Ada is the admin."""

    visitor: str
    charlie: str
    alice: str
    ada: str
    service: str


PUBLIC: Final = Sees(ALL, ALL, ALL, ALL, ALL)
PRIVATE: Final = Sees(REFUSED, NONE, OWN, NONE, ALL)
OPERATORS: Final = Sees(REFUSED, NONE, NONE, ALL, ALL)
MEMBERS: Final = Sees(REFUSED, ALL, ALL, ALL, ALL)
SUPPORTED: Final = Sees(REFUSED, NONE, OWN, ALL, ALL)
PROGRAMS: Final = Sees(REFUSED, REFUSED, REFUSED, REFUSED, ALL)
NOBODY: Final = Sees(REFUSED, REFUSED, REFUSED, REFUSED, REFUSED)

MATRIX: Final = {
    **dict.fromkeys(["profiles", "currencies"], PUBLIC),
    "notification_types": MEMBERS,
    **dict.fromkeys(
        [
            "age_confirmations",
            "blocks",
            "mutes",
            "feed_affinities",
            "feed_events",
            "feed_exposures",
            "feed_fatigues",
            "feed_firsts",
            "feed_hides",
            "feed_muted_words",
            "feed_places",
            "feed_reactions",
            "feed_slates",
            "shopping_cart_items",
            "orders",
            "owned_items",
            "earnings_events",
            "earnings_ledger",
        ],
        PRIVATE,
    ),
    **dict.fromkeys(
        [
            "earnings_drift",
            "notifications",
            "notification_preferences",
            "notification_quiet_hours",
            "notification_states",
            "notification_suppressions",
        ],
        SUPPORTED,
    ),
    **dict.fromkeys(
        [
            "audit_log",
            "user_roles",
            "dead_letter_queue",
            "feed_experiment_arms",
            "feed_experiments",
            "feed_weights",
            "notification_deliveries",
            "notification_replays",
            "worker_heartbeats",
            "worker_job_keys",
            "worker_job_parents",
            "worker_job_types",
            "worker_jobs",
            "worker_lanes",
            "worker_limits",
            "worker_pauses",
            "worker_rate_starts",
            "worker_schedules",
        ],
        OPERATORS,
    ),
    **dict.fromkeys(["feed_authors", "feed_counters", "feed_item_tags", "feed_items"], PROGRAMS),
    **dict.fromkeys(
        [
            "auth.users",
            "internal.credentials",
            "internal.earnings_accruals",
            "internal.earnings_checkpoints",
            "internal.earnings_heads",
            "internal.feed_item_json",
            "internal.feed_similar",
            "internal.feed_unfolded",
            "internal.feed_unrelated",
            "internal.migrations",
            "internal.sessions",
            "internal.settings",
            "internal.sign_in_links",
        ],
        NOBODY,
    ),
    "posts": Sees(OWN, OWN, ALL, NONE, ALL),  # a draft is its author's alone, and Alice has blocked Ada
    "shop_items": Sees(OWN, OWN, ALL, OWN, ALL),
    "feed_reposts": Sees(ALL, NONE, ALL, NONE, ALL),  # Bob has blocked Charlie, and Alice Ada
    "follows": Sees(REFUSED, NONE, OWN, OWN, ALL),  # Bob follows Ada, and she may know
    "order_lines": Sees(REFUSED, NONE, ALL, NONE, ALL),  # Alice bought the one and sold the other
}

BOWL: Final = "00000000-0000-0000-0000-00000000000a"
SADDLE: Final = "00000000-0000-0000-0000-00000000000b"
WORLD: Final = f"""
select set_config('request.jwt.claims', '{{"role": "service_role"}}', true);
insert into public.posts (author_id, body, tags, state) values
    ('{ALICE.id}', 'For everybody', '{{clay}}', 'published'), ('{ALICE.id}', 'Not yet', '{{}}', 'draft');
insert into public.shop_items (id, seller_id, title, price_minor, currency, state) values
    ('{BOWL}', '{ALICE.id}', 'Bowl', 1200, 'EUR', 'listed'),
    (gen_random_uuid(), '{ALICE.id}', 'Cracked bowl', 200, 'EUR', 'draft'),
    ('{SADDLE}', '{BOB.id}', 'Saddle', 900, 'EUR', 'listed');
insert into public.follows (follower_id, followee_id) values ('{ALICE.id}', '{BOB.id}'), ('{BOB.id}', '{ADA.id}');
insert into public.blocks (user_id, blocked_id) values ('{ALICE.id}', '{ADA.id}'), ('{BOB.id}', '{CHARLIE.id}');
insert into public.mutes (user_id, muted_id) values ('{ALICE.id}', '{BOB.id}'), ('{BOB.id}', '{ALICE.id}');
insert into public.feed_hides (user_id, item_id) values ('{ALICE.id}', '{SADDLE}'), ('{BOB.id}', '{BOWL}');
insert into public.feed_reactions (user_id, item_id, kind)
    values ('{ALICE.id}', '{SADDLE}', 'save'), ('{BOB.id}', '{BOWL}', 'save');
insert into public.shopping_cart_items (user_id, item_id) values ('{ALICE.id}', '{SADDLE}'), ('{BOB.id}', '{BOWL}');
insert into public.age_confirmations (user_id) values ('{ALICE.id}'), ('{BOB.id}');
insert into public.feed_places (viewer_id, mode, score, item_id)
    values ('{ALICE.id}', 'trending', 2097152, '{SADDLE}'), ('{BOB.id}', 'trending', 2097152, '{BOWL}');
insert into public.feed_reposts (user_id, item_id) values ('{ALICE.id}', '{SADDLE}'), ('{BOB.id}', '{BOWL}');
insert into public.worker_jobs (job_type, next_run_at) values ('noop', now());
insert into public.worker_pauses (scope, name) values ('queue', 'bulk');
insert into public.worker_limits (scope, name, most_running) values ('queue', 'bulk', 1);
insert into public.worker_rate_starts (job_type, until, started) values ('noop', now(), 1);
insert into public.worker_job_parents (child_id, parent_id) values (2, 1);
insert into public.worker_schedules (name, cron, job_type) values ('nightly', '0 3 * * *', 'noop');
insert into public.earnings_drift
    (user_id, currency, cause, captured, pending, reversed, expired, event_count)
    values ('{ALICE.id}', 'EUR', 'ledger', 1, 0, 0, 0, 0), ('{BOB.id}', 'EUR', 'ledger', 1, 0, 0, 0, 0);
insert into internal.credentials (user_id, password_hash) values ('{ALICE.id}', 'x');
"""
# Each is one sentence of the world, said by the person or program named.
DEEDS: Final[tuple[tuple[Person | str, str], ...]] = (
    (ALICE, "select public.order_place('a')"),
    (ALICE, "select public.order_pay((select id from public.orders))"),
    (BOB, "select public.order_place('b')"),
    (BOB, "select public.order_pay((select id from public.orders))"),
    (ALICE, f"insert into public.shopping_cart_items (user_id, item_id) values ('{ALICE.id}', '{SADDLE}')"),
    (BOB, f"insert into public.shopping_cart_items (user_id, item_id) values ('{BOB.id}', '{BOWL}')"),
    *((p, f"""select public.feed_record('[{{"event_id": "{i}", "item_id": "{i}", "kind": "click"}}]')""")
      for p, i in ((ALICE, SADDLE), (BOB, BOWL))),
    ("service_role", "select public.feed_fold()"),
    ("service_role", "select public.feed_relate()"),
    *((p, "select public.feed_see_fewer('tag', 'saddles'), public.feed_mute_word('soap')") for p in (ALICE, BOB)),
    (ADA, """select public.feed_experiment_start('e', '[{"arm": "a", "weights_version": 1, "share": 100}]')"""),
    *((p, "select count(*) from public.feed_fusion_home('for_you', null, null, 50)") for p in (ALICE, BOB)),
    *((p, f"select public.notif_send('{p.id}', 'inapp', 't', 'T' || n, '', null, 'same') from generate_series(1, 2) n")
      for p in (ALICE, BOB)),
    *((p, f"""select public.notif_send('{p.id}', 'inapp', 't', 'T', '', null, null) from generate_series(1, 7) n""")
      for p in (ALICE, BOB)),
    *((p, """select public.notif_preferences_set('[{"type": "t", "channel": "email", "enabled": false}]')""")
      for p in (ALICE, BOB)),
    *((p, "select public.notif_quiet_hours_set('22:00', '07:00')") for p in (ALICE, BOB)),
    ("service_role", "select public.worker_beat(gen_random_uuid())"),
    ("service_role", "select public.worker_enqueue('poison_test', '{}', 'poison', p_max_attempts => 1)"),
    ("service_role", "select public.worker_fail_job((select max(id) from public.worker_jobs), 'x')"),
    *(("service_role", f"select public.session_start('{p.id}', sha256('{p.handle}'), 'bearer')") for p in (ALICE, BOB)),
    ("service_role", f"select public.auth_link_make('{ALICE.id}', sha256('link'))"),
    *(("service_role", f"""select public.notif_delivery_begin('{p.id}',
       (select id from public.notifications where user_id = '{p.id}' and channel = 'email' limit 1))""")
      for p in (ALICE, BOB)),
    *(("service_role", f"select public.earnings_recompute('{p.id}')") for p in (ALICE, BOB)),
)  # fmt: skip


@pytest.fixture
def world(session: Session) -> Session:
    session.connection.execute(WORLD.encode())
    for who, deed in DEEDS:
        with session.as_role(who) if isinstance(who, str) else session.as_user(who):
            session.connection.execute(deed.encode())
    return session


def test_every_table_has_a_line(session: Session) -> None:
    tables = session.all(
        """
        select c.oid::regclass::text as name
        from pg_class c
        where c.relnamespace in ('public'::regnamespace, 'internal'::regnamespace, 'auth'::regnamespace)
          and c.relkind in ('r', 'p') and not c.relispartition
        """
    )

    assert {row["name"] for row in tables} == set(MATRIX)


@pytest.mark.parametrize("table", MATRIX)
def test_rows_are_seen_by_whom_they_concern(world: Session, table: str) -> None:
    everything = world.value(f"select count(*) from {table}")

    assert everything > 0 or MATRIX[table] == NOBODY, "an empty table proves nothing"
    assert seen(world, table, everything) == MATRIX[table]


def seen(world: Session, table: str, everything: int) -> Sees:
    def look() -> str:
        try:
            with world.connection.transaction():
                count = world.value(f"select count(*) from {table}")
        except psycopg.errors.InsufficientPrivilege:
            return REFUSED
        return NONE if count == 0 else ALL if count == everything else OWN

    answers = []
    with world.as_role("anon"):
        answers.append(look())
    for person in (CHARLIE, ALICE, ADA):
        with world.as_user(person):
            answers.append(look())
    with world.as_role("service_role"):
        answers.append(look())
    return Sees(*answers)
