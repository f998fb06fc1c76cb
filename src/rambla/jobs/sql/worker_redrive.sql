create or replace function public.worker_redrive(p_job_id bigint, p_at timestamptz default now()) returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    perform from public.dead_letter_queue d where d.job_id = p_job_id for update;
    if not found then
        perform internal.refuse_job(p_job_id, false);
    end if;
    if cardinality(internal.redrive(array[p_job_id], p_at)) = 0 then
        raise sqlstate 'PT409' using
            message = format('Another job has the id %s.', p_job_id),
            detail = 'conflict',
            hint = 'The dead letter stays until that job is gone.';
    end if;
    perform internal.audit('job.redrive', p_job_id::text);
    return p_job_id;
end
$$;
comment on function public.worker_redrive(bigint, timestamptz) is
'Moves a dead letter back into the queue under its own id, with all its attempts before it again and its history kept. When its idempotency key has come to another job meanwhile, it comes back without the key.';
revoke all on function public.worker_redrive(bigint, timestamptz) from public;
grant execute on function public.worker_redrive(bigint, timestamptz) to authenticated, service_role;
