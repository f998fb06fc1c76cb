create or replace function public.worker_redrive_batch(
    p_filter jsonb, p_limit integer default 500, p_at timestamptz default now()
) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    return cardinality(internal.redrive(array(select internal.dead_letters_like(p_filter, p_limit)), p_at));
end
$$;
comment on function public.worker_redrive_batch(jsonb, integer, timestamptz) is
'Moves up to p_limit dead letters of a filter back into the queue, the oldest first, and returns how many it moved: the step of jobs_redrive. Letters that somebody else is moving, and those whose id another job has, are left.';
revoke all on function public.worker_redrive_batch(jsonb, integer, timestamptz) from public;
grant execute on function public.worker_redrive_batch(jsonb, integer, timestamptz) to authenticated, service_role;
