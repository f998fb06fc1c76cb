-- functions: the contract as the catalogue has it
select
    p.proname::text as name,
    pg_get_function_arguments(p.oid) as arguments,
    pg_get_function_result(p.oid) as result,
    case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
    coalesce(
        (
            select array_agg(r.name order by r.name)
            from (values ('anon'), ('authenticated'), ('service_role')) as r (name)
            where has_function_privilege(r.name, p.oid, 'execute')
        ),
        '{}'
    ) as callers,
    coalesce(obj_description(p.oid, 'pg_proc'), '') as purpose
from pg_proc p
where p.pronamespace = 'public'::regnamespace
    and p.prorettype <> 'trigger'::regtype
order by p.proname, arguments;

-- access: what each role may do to each table, before and after row security
select
    c.oid::regclass::text as name,
    r.name as role,
    (
        select string_agg(
            case
                when has_table_privilege(r.name, c.oid, p.privilege) then lower(p.privilege)
                when p.privilege <> 'DELETE' and has_any_column_privilege(r.name, c.oid, p.privilege)
                    then lower(p.privilege) || ' of some columns'
            end,
            ', ' order by p.place
        )
        from (values (1, 'SELECT'), (2, 'INSERT'), (3, 'UPDATE'), (4, 'DELETE')) as p (place, privilege)
    ) as granted,
    coalesce(
        (
            select array_agg(format('%%s: %%s', lower(y.cmd), coalesce(y.qual, y.with_check)) order by y.policyname)
            from pg_policies y
            where y.schemaname = n.nspname and y.tablename = c.relname
                and (r.name = any (y.roles) or 'public' = any (y.roles))
        ),
        '{}'
    ) as policies
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
cross join (values ('anon'), ('authenticated'), ('service_role')) as r (name)
where n.nspname in ('public', 'internal', 'auth') and c.relkind in ('r', 'p')
    and not c.relispartition
order by n.nspname <> 'public', c.relname, r.name;
