create or replace function public.worker_redrive_all(p_filter jsonb, p_at timestamptz default now()) returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
    -- Not what dies from now on: a job that dies again would otherwise come back for as long as this goes on.
    v_filter jsonb := jsonb_strip_nulls(p_filter) || jsonb_build_object(
        'died_until', least((p_filter ->> 'died_until')::timestamptz, p_at)
    );
    v_letters bigint;
    v_id bigint;
begin
    perform internal.require_service();
    select count(*) into v_letters from internal.dead_letters_like(v_filter);
    v_id := internal.enqueue('jobs_redrive', jsonb_build_object('filter', v_filter), p_at => p_at);
    perform internal.audit('jobs.redrive', v_id::text, jsonb_build_object('filter', v_filter, 'letters', v_letters));
    return v_id;
end
$$;
comment on function public.worker_redrive_all(jsonb, timestamptz) is
'Enqueues a job, jobs_redrive, that moves the dead letters of a filter back into the queue in batches, and returns its id: its row says how far it is. The filter is that of worker_redrive_count(), which says beforehand how many it would be.';
revoke all on function public.worker_redrive_all(jsonb, timestamptz) from public;
grant execute on function public.worker_redrive_all(jsonb, timestamptz) to authenticated, service_role;
