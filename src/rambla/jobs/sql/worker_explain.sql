create or replace function public.worker_explain(p_job_id bigint, p_at timestamptz default now()) returns setof text
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_job public.worker_jobs;
    v_dead public.dead_letter_queue;
    v_heard timestamptz;
    v_reasons text[];
    v_alive_since timestamptz := p_at - (internal.setting('jobs_lease') #>> '{}')::interval;
    v_workers integer;
    v_able integer;
begin
    perform internal.require_service();
    select j.* into v_job from public.worker_jobs j where j.id = p_job_id;
    if not found then
        select d.* into v_dead from public.dead_letter_queue d where d.job_id = p_job_id;
        if not found then
            perform internal.refuse_job(p_job_id, false);
        end if;
        return next format(
            'It is a dead letter since %s, after attempt %s of %s. Redrive it to run it again.',
            date_trunc('second', v_dead.died_at), v_dead.attempts, v_dead.max_attempts
        );
        return;
    end if;

    if v_job.status = 'completed' then
        return next format('It completed at %s.', date_trunc('second', v_job.finished_at));
    elsif v_job.status = 'cancelled' then
        return next format('It was cancelled at %s: %s', date_trunc('second', v_job.finished_at), v_job.last_error);
    elsif v_job.status = 'running' then
        select h.beat_at into v_heard from public.worker_heartbeats h where h.worker_id = v_job.worker_id;
        return next format(
            'It has been running since %s, attempt %s of %s, on worker %s.',
            date_trunc('second', v_job.started_at), v_job.attempts, v_job.max_attempts, v_job.worker_id
        );
        if v_heard is null or v_heard <= v_alive_since then
            return next 'That worker has fallen silent; the next sweep of any worker ends the attempt.';
        end if;
    else
        if v_job.next_run_at > p_at then
            return next format('It waits until %s.', date_trunc('second', v_job.next_run_at));
        end if;
        v_reasons := array(
            select e from internal.explain_parents(v_job) e union all select e from internal.explain_limits(v_job, p_at) e
        );
        return query select unnest(v_reasons);
        select count(*), count(*) filter (where v_job.job_type = any (h.job_types)) into v_workers, v_able
        from public.worker_heartbeats h
        where h.beat_at > v_alive_since and v_job.queue = any (h.queues);
        if v_workers = 0 then
            return next format('No live worker serves the queue %s.', v_job.queue);
        elsif v_able = 0 then
            return next format('No live worker of the queue %s knows the type %s.', v_job.queue, v_job.job_type);
        elsif v_job.next_run_at <= p_at and v_reasons = '{}' then
            return next format('It is ready: the next free one of %s workers takes it, after those before it.', v_able);
        end if;
    end if;
end
$$;
comment on function public.worker_explain(bigint, timestamptz) is 'Why a job is not running, or where it is, in sentences: its time, its parents, a pause, a limit with those that run in its place, or no worker for it.';
revoke all on function public.worker_explain(bigint, timestamptz) from public;
grant execute on function public.worker_explain(bigint, timestamptz) to authenticated, service_role;
