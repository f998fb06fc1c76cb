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
