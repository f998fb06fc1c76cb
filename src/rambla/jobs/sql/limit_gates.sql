create or replace function internal.require_scope(p_scope text) returns void
language plpgsql immutable set search_path = ''
as $$
begin
    if p_scope is null or p_scope not in ('queue', 'type') then
        raise sqlstate 'PT400' using message = 'What is limited or paused is a queue or a type.', detail = 'invalid_value';
    end if;
end
$$;
comment on function internal.require_scope(text) is 'Refuses a scope that there is not.';
revoke all on function internal.require_scope(text) from public;

create or replace function internal.gate_opened(p_scope text, p_name text) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_told integer;
begin
    if p_scope = 'type' then
        -- Claims look at what a type holds while it has a row. This one has no number, and worker_reopen() takes
        -- it away when nothing is held any more; a million jobs need not be touched at once.
        insert into public.worker_limits (scope, name, source) values ('type', p_name, 'code') on conflict do nothing;
    end if;
    select count(pg_notify('jobs', q.queue)) into v_told
    from (
        select p_name as queue where p_scope = 'queue'
        union
        select l.queue from public.worker_lanes l where p_scope = 'type'
    ) q;
end
$$;
comment on function internal.gate_opened(text, text) is 'Sees to it that what a queue or a type held is claimed now.';
revoke all on function internal.gate_opened(text, text) from public;
