"""Facts of the catalogue: what nobody may forget when adding a table or a function."""

from __future__ import annotations

from conftest import Session

# What a visitor may call. A new function is not callable by anybody until its file grants it.
ANONYMOUS_MAY_CALL = {
    "feed_ends",
    "feed_epoch",
    "feed_fusion_home",
    "feed_new_count",
    "feed_ready",
    "feed_tagged",
    "has_role",
    "session_caller",
    "viewer_shell",
}


def test_every_table_has_row_security_enabled_and_forced(session: Session) -> None:
    bare = session.all(
        """
        select c.oid::regclass::text as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'internal', 'auth') and c.relkind in ('r', 'p')
          and not (c.relrowsecurity and c.relforcerowsecurity)
        """
    )

    assert bare == []


def test_every_table_belongs_to_the_owner_nobody_logs_in_as(session: Session) -> None:
    strangers = session.all(
        """
        select c.oid::regclass::text as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'internal', 'auth') and c.relkind in ('r', 'p', 'v')
          and pg_get_userbyid(c.relowner) <> 'rambla_owner'
        """
    )

    assert strangers == []
    assert session.value("select rolcanlogin from pg_roles where rolname = 'rambla_owner'") is False


def test_no_view_looks_past_row_security(session: Session) -> None:
    loose = session.all(
        """
        select c.oid::regclass::text as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'internal') and c.relkind in ('v', 'm')
          and (c.relkind = 'm' or not coalesce('security_invoker=true' = any (c.reloptions), false))
        """
    )

    assert loose == []


# What pins one cannot become a part of the statement that asks for it. Every name in these has its schema.
PARTS_OF_STATEMENTS = {
    "internal.feed_around(uuid,uuid,uuid,uuid)",
    "internal.feed_bucket(feed_counters,feed_weights)",
    "internal.feed_cards(uuid,internal.feed_page)",
    "internal.feed_eyes(uuid,timestamp with time zone)",
    "internal.feed_gone_since(timestamp with time zone)",
    "internal.feed_likeness(uuid)",
    "internal.feed_mix(internal.feed_page)",
    "internal.feed_score(internal.feed_page,integer)",
    "internal.feed_silenced(uuid)",
    "internal.feed_similar_boost(double precision,double precision)",
    "internal.feed_slate_end(uuid,bigint)",
    "internal.feed_slate_live(uuid,text,timestamp with time zone)",
    "internal.feed_slate_newest(uuid,text)",
}


def test_every_function_pins_its_search_path(session: Session) -> None:
    loose = session.all(
        """
        select p.oid::regprocedure::text as name
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('public', 'internal')
          and not coalesce('search_path=""' = any (p.proconfig), false)
        """
    )

    assert {row["name"] for row in loose} == PARTS_OF_STATEMENTS


def test_every_function_says_what_it_does(session: Session) -> None:
    silent = session.all(
        """
        select p.oid::regprocedure::text as name
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('public', 'internal') and obj_description(p.oid, 'pg_proc') is null
        """
    )

    assert silent == []


def test_a_function_that_nobody_granted_is_callable_by_nobody(session: Session) -> None:
    open_to_all = session.all(
        """
        select p.oid::regprocedure::text as name
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('public', 'internal', 'auth')
          and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
        """
    )

    assert open_to_all == []


def test_a_visitor_may_call_only_what_is_listed(session: Session) -> None:
    callable_ = session.all(
        """
        select distinct p.proname::text as name
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'public' and has_function_privilege('anon', p.oid, 'execute')
        """
    )

    assert {row["name"] for row in callable_} == ANONYMOUS_MAY_CALL


def test_nobody_is_granted_anything_in_internal(session: Session) -> None:
    granted = session.all(
        """
        select p.oid::regprocedure::text as name, r.rolname::text as role
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
             (values ('anon'), ('authenticated'), ('service_role')) as r (rolname)
        where n.nspname = 'internal' and has_function_privilege(r.rolname, p.oid, 'execute')
        """
    )
    usage = session.all(
        """
        select r.rolname::text as role from (values ('anon'), ('authenticated'), ('service_role')) as r (rolname)
        where has_schema_privilege(r.rolname, 'internal', 'usage')
        """
    )

    assert granted == []
    assert usage == []


def test_every_foreign_key_has_an_index_to_follow(session: Session) -> None:
    """Without one a delete of the referenced row reads the whole referencing table."""
    missing = session.all(
        """
        select c.conrelid::regclass::text as name, c.conname::text as key
        from pg_constraint c
        where c.contype = 'f' and c.connamespace in ('public'::regnamespace, 'internal'::regnamespace)
          and not exists (
            select from pg_index i
            where i.indrelid = c.conrelid
              and (select array_agg(k order by k) from unnest(c.conkey) k)
                = (select array_agg(k order by k)
                   from unnest((i.indkey::int2[])[0:cardinality(c.conkey) - 1]) k)
          )
        """
    )

    assert missing == []


def test_no_money_is_a_float(session: Session) -> None:
    floats = session.all(
        """
        select format('%%s.%%s', table_name, column_name) as name
        from information_schema.columns
        where table_schema = 'public' and column_name like '%%\\_minor' and data_type <> 'bigint'
        """
    )

    assert floats == []
