-- functions: every contract function; of two with one name the one with more arguments
select distinct on (p.proname)
    quote_ident(p.proname) as name,
    array(
        select jsonb_build_object(
            'name', quote_ident(a.name),
            'type', format_type(a.type, null),
            'required', a.position <= p.pronargs - p.pronargdefaults
        )
        from unnest(p.proargnames[:p.pronargs], p.proargtypes::oid[]) with ordinality as a (name, type, position)
        order by a.position
    ) as arguments,
    pg_get_function_result(p.oid) as returns,
    p.proretset as returns_set,
    p.provolatile <> 'v' as read_only,
    coalesce(obj_description(p.oid, 'pg_proc'), '') as purpose
from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
order by p.proname, p.pronargs desc
