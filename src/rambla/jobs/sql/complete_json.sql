-- See internal.jobs_claim().
create or replace function internal.jobs_complete_json(
    p_claims text, p_ids bigint[], p_run_nos integer[], p_results text[]
) returns text
language plpgsql volatile set search_path = ''
as $$
begin
    perform set_config('request.jwt.claims', p_claims, true), set_config('role', p_claims::jsonb ->> 'role', true);
    return (
        select coalesce(json_agg(c), '[]')::text
        from public.worker_complete_jobs(p_ids, p_run_nos, p_results::jsonb[]) c
    );
end
$$;
comment on function internal.jobs_complete_json(text, bigint[], integer[], text[]) is
'worker_complete_jobs() for whom the claims name: the ids that were the caller''s to complete, as JSON.';
revoke all on function internal.jobs_complete_json(text, bigint[], integer[], text[]) from public;
