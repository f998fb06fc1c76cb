create or replace function public.migrations_missing(p_names text[]) returns text[]
language sql stable security definer set search_path = ''
as $$
    select array(
        select n.name
        from unnest(p_names) as n (name)
        where not exists (select from internal.migrations m where m.name = n.name)
        order by n.name
    )
$$;
comment on function public.migrations_missing(text[]) is
'Which of a release''s scripts this database has not seen. By name only: a newer database serves the release before it.';
revoke all on function public.migrations_missing(text[]) from public;
grant execute on function public.migrations_missing(text[]) to service_role;
