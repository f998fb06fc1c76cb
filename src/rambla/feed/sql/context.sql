-- In PL/pgSQL like all that it calls: before 18 a function in SQL is planned at every call.
create or replace function internal.feed_context(p_viewer uuid, p_at timestamptz) returns internal.feed_context
language plpgsql stable set search_path = ''
as $$
declare
    v_weights constant public.feed_weights := internal.feed_weights_of(p_viewer);
    v_eyes record;
    v_seen constant uuid[] := internal.feed_seen(p_viewer, p_at);
begin
    select e.* into v_eyes from internal.feed_eyes(p_viewer, p_at) e;
    return (
        p_viewer,
        p_at,
        v_eyes.unheard,
        array(
            select h.item_id
            from public.feed_hides h
            where h.user_id = p_viewer and (h.reason = 'hidden' or h.created_at > v_eyes.gone_since)
            union all
            select c.item_id from public.shopping_cart_items c where c.user_id = p_viewer
            union all
            select o.item_id from public.owned_items o where o.user_id = p_viewer
            union all
            select unnest(v_seen)
        ),
        v_seen,
        internal.feed_tired(p_viewer, v_weights, p_at),
        v_eyes.adult,
        v_eyes.muted,
        v_weights,
        null,
        null,
        null,
        v_eyes.tired_tags
    )::internal.feed_context;
end
$$;
comment on function internal.feed_context(uuid, timestamptz) is 'What every stage of a new slate needs to know.';
revoke all on function internal.feed_context(uuid, timestamptz) from public;

create or replace function internal.feed_context_of(p_viewer uuid, p_mode text, p_at timestamptz)
returns internal.feed_context
language plpgsql stable set search_path = ''
as $$
declare
    v_context internal.feed_context := internal.feed_context(p_viewer, p_at);
begin
    if p_mode <> 'trending' then
        v_context.followees := internal.feed_followees_asked(v_context, p_mode);
        v_context.reposts := internal.feed_reposts(v_context);
    end if;
    return v_context;
end
$$;
comment on function internal.feed_context_of(uuid, text, timestamptz) is
'The same for a slate of one mode: with whom the viewer follows, where that matters.';
revoke all on function internal.feed_context_of(uuid, text, timestamptz) from public;
