create or replace function internal.job_history(p_history jsonb, p_entry jsonb) returns jsonb
language sql immutable parallel safe set search_path = ''
as $$
    select case
        when p_history is null then jsonb_build_array(p_entry)
        when jsonb_array_length(p_history) >= 50 then (p_history - 0) || p_entry
        else p_history || p_entry
    end
$$;
comment on function internal.job_history(jsonb, jsonb) is 'Adds an entry to a job''s history and lets go of the oldest of more than fifty.';
revoke all on function internal.job_history(jsonb, jsonb) from public;

create or replace function internal.job_event(
    p_job public.worker_jobs, p_outcome text, p_error text, p_at timestamptz
) returns jsonb
language sql stable set search_path = ''
as $$
    select jsonb_build_object(
        'at', p_at,
        'outcome', p_outcome,
        'attempt', p_job.attempts,
        'run_no', p_job.run_no,
        'error', p_error,
        'started_at', p_job.started_at,
        'worker_id', p_job.worker_id
    )
$$;
comment on function internal.job_event(public.worker_jobs, text, text, timestamptz) is
'An entry of the history: how the job stood, and what became of it.';
revoke all on function internal.job_event(public.worker_jobs, text, text, timestamptz) from public;
