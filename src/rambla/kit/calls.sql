-- functions: every contract function; of two with one name the one with more arguments
select distinct on (p.proname)
    quote_ident(p.proname) as name,
    coalesce(
        (
            select jsonb_object_agg(quote_ident(a.name), format_type(a.type, null) order by a.position)
            from unnest(p.proargnames[:p.pronargs], p.proargtypes::oid[]) with ordinality as a (name, type, position)
        ),
        '{}'
    ) as arguments,
    format_type(p.prorettype, null) as returns,
    p.proretset as returns_set,
    p.provolatile <> 'v' as read_only
from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
order by p.proname, p.pronargs desc
