create or replace function public.worker_fail_jobs(p_failures jsonb, p_at timestamptz default now())
returns table (job_id bigint, next_run_at timestamptz)
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    return query
    select f.job_id, f.next_run_at
    from (
        select
            array_agg(g.id) as ids,
            array_agg(g.run_no) as run_nos,
            array_agg(g.error) as errors,
            array_agg(coalesce(g.outcome, 'failed')) as outcomes,
            array_agg(coalesce(g.final, false)) as finals
        from jsonb_to_recordset(p_failures) g (id bigint, run_no integer, error text, outcome text, final boolean)
        where g.run_no is not null
    ) a
    cross join lateral internal.fail_jobs(a.ids, a.run_nos, a.errors, a.outcomes, a.finals, p_at) f;
end
$$;
comment on function public.worker_fail_jobs(jsonb, timestamptz) is
'worker_fail_job() for many runs at once: an array of objects with id, run_no, error and, as wanted, outcome and final, which goes straight to the dead letters. Runs that are over by now are missing from the answer.';
revoke all on function public.worker_fail_jobs(jsonb, timestamptz) from public;
grant execute on function public.worker_fail_jobs(jsonb, timestamptz) to authenticated, service_role;
