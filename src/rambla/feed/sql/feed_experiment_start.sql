create or replace function internal.feed_require_comparable(p_version integer) returns void
language plpgsql stable set search_path = ''
as $$
begin
    if not exists (
        select
        from public.feed_weights w, internal.feed_weights() d
        where w.version = p_version
            and not exists (
                select
                from unnest(internal.feed_weights_shared()) k
                where to_jsonb(w) -> k is distinct from to_jsonb(d) -> k
            )
    ) then
        raise sqlstate 'PT400' using
            message = format('No arm can have version %s of the weights.', coalesce(p_version::text, '(none)')),
            detail = 'invalid_value', hint = 'Make one from the current version with feed_weights_try().';
    end if;
end
$$;
comment on function internal.feed_require_comparable(integer) is
'Refuses weights that are not there, or that would need other rank keys than everybody''s.';
revoke all on function internal.feed_require_comparable(integer) from public;

create or replace function public.feed_experiment_start(
    p_name text, p_arms jsonb, p_salt text default null, p_at timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_arm record;
    v_from integer := 0;
begin
    perform internal.require_service();
    if jsonb_typeof(p_arms) is distinct from 'array' or coalesce(jsonb_array_length(p_arms) not between 1 and 10, true) then
        raise sqlstate 'PT400' using
            message = 'An experiment has one to ten arms.', detail = 'invalid_value',
            hint = '[{"arm": "control", "weights_version": 1, "share": 50}, ...]; shares in percent.';
    end if;
    if exists (select from public.feed_experiments e where e.stopped_at is null or e.name = p_name) then
        raise sqlstate 'PT409' using
            message = 'Another experiment runs, or had this name.', detail = 'conflict',
            hint = 'Stop it first; a new experiment takes a new name.';
    end if;
    insert into public.feed_experiments (name, salt, started_at) values (p_name, coalesce(p_salt, p_name), p_at);
    for v_arm in
        select * from jsonb_to_recordset(p_arms) a (arm text, weights_version integer, share numeric)
    loop
        perform internal.feed_require_comparable(v_arm.weights_version);
        -- Above 100 is also what is no number.
        if v_arm.share > 100 then
            raise sqlstate 'PT400' using
                message = 'A share is a percentage of the viewers.', detail = 'invalid_value';
        end if;
        insert into public.feed_experiment_arms (experiment, arm, weights_version, from_bucket, to_bucket)
        values (p_name, v_arm.arm, v_arm.weights_version, v_from, v_from + round(v_arm.share * 100)::integer);
        v_from := v_from + round(v_arm.share * 100)::integer;
    end loop;
    -- An object, as all details are: a list would be a page that the operator cannot open.
    perform internal.audit('feed.experiment_start', p_name, (
        select jsonb_object_agg(
            a.arm, format('version %s, %s %%', a.weights_version, (a.to_bucket - a.from_bucket) / 100.0::double precision)
        )
        from public.feed_experiment_arms a
        where a.experiment = p_name
    ));
end
$$;
comment on function public.feed_experiment_start(text, jsonb, text, timestamptz) is
'Lets shares of the viewers, in percent, have their feed ranked by other weights, from their next slate on. Who is in which arm follows from salt and viewer; the same salt gives the same people. For admins and the service.';
revoke all on function public.feed_experiment_start(text, jsonb, text, timestamptz) from public;
grant execute on function public.feed_experiment_start(text, jsonb, text, timestamptz) to authenticated, service_role;
