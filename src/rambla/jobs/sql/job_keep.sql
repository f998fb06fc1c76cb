create or replace function internal.job_keep(p_job_type text, p_state text) returns interval
language sql stable set search_path = ''
as $$
    select coalesce(
        (
            select case p_state
                when 'completed' then t.keep_completed
                when 'cancelled' then t.keep_cancelled
                when 'dead' then t.keep_dead
            end
            from public.worker_job_types t
            where t.job_type = p_job_type
        ),
        (internal.setting('jobs_keep_' || p_state) #>> '{}')::interval
    )
$$;
comment on function internal.job_keep(text, text) is
'How long a job of a type stays readable once it is completed, cancelled or dead: what the type says, else the setting.';
revoke all on function internal.job_keep(text, text) from public;

create or replace function internal.job_types_over() returns setof text
language sql stable set search_path = ''
as $$
    with recursive types (job_type) as (
        select min(j.job_type) from public.worker_jobs j where j.status in ('completed', 'cancelled')
        union all
        select (
            select min(j.job_type)
            from public.worker_jobs j
            where j.status in ('completed', 'cancelled') and j.job_type > t.job_type
        )
        from types t
        where t.job_type is not null
    )
    select t.job_type from types t where t.job_type is not null
$$;
comment on function internal.job_types_over() is
'The types of jobs that completed or were cancelled: one look into the index for each.';
revoke all on function internal.job_types_over() from public;
