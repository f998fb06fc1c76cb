create or replace function internal.feed_arm_of(p_viewer uuid) returns public.feed_experiment_arms
language plpgsql stable set search_path = ''
as $$
begin
    -- Mostly none runs, which this finds out for less than the join below.
    if not exists (select from public.feed_experiments e where e.stopped_at is null) then
        return null;
    end if;
    return (
        select a
        from public.feed_experiments e
        join public.feed_experiment_arms a on a.experiment = e.name
        cross join lateral (
            select ('x' || left(md5(e.salt || ':' || p_viewer), 8))::bit(32)::bigint % 10000 as bucket
        ) h
        where e.stopped_at is null and p_viewer <> internal.feed_visitor() and h.bucket >= a.from_bucket and h.bucket < a.to_bucket
    );
end
$$;
comment on function internal.feed_arm_of(uuid) is
'The arm of a viewer in the experiment that runs: always the same one, because it follows from salt and viewer alone.';
revoke all on function internal.feed_arm_of(uuid) from public;

create or replace function internal.feed_weights_of(p_viewer uuid) returns public.feed_weights
language plpgsql stable set search_path = ''
as $$
declare
    v_version constant integer := (internal.feed_arm_of(p_viewer)).weights_version;
begin
    if v_version is null then
        return internal.feed_weights();
    end if;
    return (select w from public.feed_weights w where w.version = v_version);
end
$$;
comment on function internal.feed_weights_of(uuid) is 'The weights that rank for a viewer: those of their arm, or the default.';
revoke all on function internal.feed_weights_of(uuid) from public;

create or replace function internal.feed_expose(p_slate public.feed_slates, p_at timestamptz) returns void
language sql volatile set search_path = ''
as $$
    insert into public.feed_exposures (viewer_id, experiment, mode, epoch, arm, at)
    select p_slate.viewer_id, a.experiment, p_slate.mode, p_slate.epoch, a.arm, p_at
    from internal.feed_arm_of(p_slate.viewer_id) a
    where a.weights_version = p_slate.weights_version -- not if the experiment began while the slate was made
    on conflict (viewer_id, experiment, mode, epoch) do nothing
$$;
comment on function internal.feed_expose(public.feed_slates, timestamptz) is 'Remembers that a slate was ranked by an arm''s weights.';
revoke all on function internal.feed_expose(public.feed_slates, timestamptz) from public;

-- What of the weights everybody has to share: rank keys and affinities are stored once, for all viewers.
create or replace function internal.feed_weights_shared() returns text[]
language sql immutable set search_path = ''
as $$
    select '{like_weight,save_weight,share_weight,click_weight,purchase_weight,cart_weight,repost_weight,post_tau_seconds,shop_tau_seconds,affinity_tau_seconds,fatigue_days}'::text[]
$$;
comment on function internal.feed_weights_shared() is 'Weights in which no arm may differ.';
revoke all on function internal.feed_weights_shared() from public;

create or replace function internal.feed_explain_arm(p_viewer uuid, p_mode text)
returns table (experiment text, arm text, weights_version integer)
language sql stable set search_path = ''
as $$
    select x.experiment, x.arm, l.weights_version
    from (
        select s.* from public.feed_slates s where s.viewer_id = p_viewer and s.mode = p_mode order by s.epoch desc limit 1
    ) l
    join public.feed_exposures x on x.viewer_id = p_viewer and x.mode = p_mode and x.epoch = l.epoch
$$;
comment on function internal.feed_explain_arm(uuid, text) is 'By which experiment a viewer''s newest feed was ranked, if by one.';
revoke all on function internal.feed_explain_arm(uuid, text) from public;
