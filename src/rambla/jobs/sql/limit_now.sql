create or replace function internal.limit_now(p_scope text, p_name text) returns setof public.worker_limits
language plpgsql stable rows 1 set search_path = ''
as $$
begin
    return query
    select l.*
    from public.worker_limits l
    where l.scope = p_scope and l.name = p_name
    order by l.source desc -- operator before code
    limit 1;
end
$$;
comment on function internal.limit_now(text, text) is 'The limit that holds: the operator''s if there is one, else the code''s.';
revoke all on function internal.limit_now(text, text) from public;
