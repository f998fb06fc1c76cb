-- What a viewer is tired of is gone for fatigue_days and then counts fatigue_floor of what it would, rising to all of it
-- over fatigue_fade_days: the 14 days, 0.2 and 140 days of X's FeedbackFatigueScorer.
drop function if exists internal.feed_gone_since(timestamptz);
create function internal.feed_gone_since(p_at timestamptz) returns table (since timestamptz)
language sql stable -- a part of the statement that asks for it, as internal.feed_eyes()
as $$
    select p_at - make_interval(secs => 86400) * w.fatigue_days
    from public.feed_weights w
    where not w.trial
    order by w.version desc
    limit 1
$$;
comment on function internal.feed_gone_since(timestamptz) is 'What a viewer said after this moment takes things out altogether.';
revoke all on function internal.feed_gone_since(timestamptz) from public;

create or replace function internal.feed_damp(p_since timestamptz, p_at timestamptz, p_weights public.feed_weights)
returns double precision
language sql immutable set search_path = ''
as $$
    select case
        when d.days <= 0 then '-infinity'
        else ln(
            p_weights.fatigue_floor
            + (1 - p_weights.fatigue_floor) * least(d.days / p_weights.fatigue_fade_days, 1)
        )
    end
    from (
        select extract(epoch from p_at - p_since)::double precision / 86400 - p_weights.fatigue_days as days
    ) d
$$;
comment on function internal.feed_damp(timestamptz, timestamptz, public.feed_weights) is
'What is added to the score of something that a viewer has been tired of since then.';
revoke all on function internal.feed_damp(timestamptz, timestamptz, public.feed_weights) from public;

create or replace function internal.feed_tired(p_viewer uuid, p_weights public.feed_weights, p_at timestamptz)
returns internal.feed_tired[]
language plpgsql stable set search_path = ''
as $$
begin
    return (
        select array_agg(
            (t.subject_type, t.subject, internal.feed_damp(t.since, p_at, p_weights))::internal.feed_tired
        )
        from (
            select f.subject_type, f.subject, f.since
            from public.feed_fatigues f
            where f.viewer_id = p_viewer
            union all
            select 'item', h.item_id::text, h.created_at
            from public.feed_hides h
            where h.user_id = p_viewer and h.reason = 'not_interested'
        ) t
        where t.since > p_at
            - make_interval(secs => 86400) * (p_weights.fatigue_days + p_weights.fatigue_fade_days)
    );
end
$$;
comment on function internal.feed_tired(uuid, public.feed_weights, timestamptz) is
'All that a viewer is tired of; null when that is nothing.';
revoke all on function internal.feed_tired(uuid, public.feed_weights, timestamptz) from public;

create or replace function internal.feed_damp_of(p_tired internal.feed_tired[], p_item_id uuid, p_author_id uuid)
returns double precision
language plpgsql stable set search_path = ''
as $$
begin
    return coalesce(
        (
            select sum(t.damp)
            from unnest(p_tired) t
            where case t.subject_type
                when 'item' then t.subject = p_item_id::text
                when 'author' then t.subject = p_author_id::text
                else exists (
                    select from public.feed_items i where i.item_id = p_item_id and t.subject = any (i.tags)
                )
            end
        ),
        0
    );
end
$$;
comment on function internal.feed_damp_of(internal.feed_tired[], uuid, uuid) is
'What is added to an item''s score because the viewer is tired of it, of its author or of its tags.';
revoke all on function internal.feed_damp_of(internal.feed_tired[], uuid, uuid) from public;

-- Until eyes.sql asked all of it at once.
drop function if exists internal.feed_unheard(uuid, timestamptz);
