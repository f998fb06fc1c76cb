create or replace function internal.refuse_job(p_job_id bigint, p_fenced boolean) returns void
language plpgsql stable set search_path = ''
as $$
declare
    v_status text;
begin
    select j.status into v_status from public.worker_jobs j where j.id = p_job_id;
    if found and p_fenced then
        raise sqlstate 'PT409' using message = 'The job belongs to another run by now.', detail = 'lease_lost';
    elsif found then
        raise sqlstate 'PT409' using
            message = format('The job is %s, which does not allow this.', v_status), detail = 'invalid_job_state';
    elsif exists (select from public.dead_letter_queue d where d.job_id = p_job_id) then
        raise sqlstate 'PT409' using
            message = 'The job is a dead letter.', detail = 'invalid_job_state', hint = 'worker_redrive() moves it back.';
    end if;
    raise sqlstate 'PT404' using message = 'There is no such job.', detail = 'not_found';
end
$$;
comment on function internal.refuse_job(bigint, boolean) is
'Says why a function changed nothing: the run is over, the state does not allow it, or there is no such job.';
revoke all on function internal.refuse_job(bigint, boolean) from public;
