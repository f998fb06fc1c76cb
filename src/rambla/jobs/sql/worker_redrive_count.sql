create or replace function public.worker_redrive_count(p_filter jsonb) returns bigint
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    return (select count(*) from internal.dead_letters_like(p_filter));
end
$$;
comment on function public.worker_redrive_count(jsonb) is
'How many dead letters worker_redrive_all() with this filter would move: an object with any of job_type, queue, tag, error (a part of the last error, in any case), died_from, died_until; or {"all": true}.';
revoke all on function public.worker_redrive_count(jsonb) from public;
grant execute on function public.worker_redrive_count(jsonb) to authenticated, service_role;
