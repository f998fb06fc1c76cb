-- What a function returns grows only when it is made anew; in one transaction with what reads it.
drop function if exists public.feed_experiment_figures(text, timestamptz);
create function public.feed_experiment_figures(p_name text, p_at timestamptz default now()) returns table (
    arm text,
    weights_version integer,
    share double precision,
    viewers bigint,
    exposures bigint,
    clicks bigint,
    likes bigint,
    hides bigint,
    clicked bigint,
    liked bigint,
    hid bigint
)
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
declare
    v_until constant timestamptz := least(
        p_at, (select coalesce(e.stopped_at, 'infinity') from public.feed_experiments e where e.name = p_name)
    );
begin
    perform internal.require_service();
    return query
    with shown as (
        select x.arm, x.viewer_id, count(*) as exposures, min(x.at) as since
        from public.feed_exposures x
        where x.experiment = p_name and x.at <= p_at
        group by x.arm, x.viewer_id
    ),
    did as (
        select s.arm, s.exposures,
            (
                select count(*)
                from public.feed_events v
                where v.viewer_id = s.viewer_id and v.kind = 'click' and v.received_at between s.since and v_until
            ) as clicks,
            (
                select count(*)
                from public.feed_reactions r
                where r.user_id = s.viewer_id and r.kind = 'like' and r.created_at between s.since and v_until
            ) as likes,
            (
                select count(*)
                from public.feed_hides h
                where h.user_id = s.viewer_id and h.created_at between s.since and v_until
            ) as hides
        from shown s
    )
    select a.arm, a.weights_version, (a.to_bucket - a.from_bucket) / 100.0::double precision,
        count(d.arm), coalesce(sum(d.exposures), 0)::bigint, coalesce(sum(d.clicks), 0)::bigint,
        coalesce(sum(d.likes), 0)::bigint, coalesce(sum(d.hides), 0)::bigint,
        -- Of viewers, because viewers were drawn: what one of them does twice tells no more about the arm.
        count(*) filter (where d.clicks > 0), count(*) filter (where d.likes > 0), count(*) filter (where d.hides > 0)
    from public.feed_experiment_arms a
    left join did d on d.arm = a.arm
    where a.experiment = p_name
    group by a.arm, a.weights_version, a.from_bucket, a.to_bucket
    order by a.from_bucket;
end
$$;
comment on function public.feed_experiment_figures(text, timestamptz) is
'Of each arm: viewers, slates that they were given (exposures), and what they clicked, liked and hid from their first on until the experiment was stopped; clicked, liked and hid are how many viewers did so at all. For admins and the service.';
revoke all on function public.feed_experiment_figures(text, timestamptz) from public;
grant execute on function public.feed_experiment_figures(text, timestamptz) to authenticated, service_role;
