-- ln(1 + E) + t / tau orders items as E * exp(-age / tau) does at every moment, so time passing changes nothing.
create or replace function internal.feed_rank_key(
    p_item_type text, p_published_at timestamptz, p_bucket smallint, p_weights public.feed_weights
) returns double precision
language sql immutable set search_path = ''
as $$
    select p_bucket * ln(2::double precision) / 4
        + extract(epoch from p_published_at)::double precision
        / case p_item_type when 'post' then p_weights.post_tau_seconds else p_weights.shop_tau_seconds end
$$;
comment on function internal.feed_rank_key(text, timestamptz, smallint, public.feed_weights) is
'What an item is sorted by, before anything that is particular to a viewer.';
revoke all on function internal.feed_rank_key(text, timestamptz, smallint, public.feed_weights) from public;

-- Whoever makes a rank key asks for the weights in the statement that writes the key. Such a statement sees what was
-- committed before it had its lock on feed_items, which feed_weights_publish() keeps to itself; one before it would not.
create or replace function internal.feed_weights() returns public.feed_weights
language plpgsql stable set search_path = ''
as $$
begin
    return (select w from public.feed_weights w where not w.trial order by w.version desc limit 1);
end
$$;
comment on function internal.feed_weights() is 'The weights that count now.';
revoke all on function internal.feed_weights() from public;

create or replace function internal.feed_bucket(p_counters public.feed_counters, p_weights public.feed_weights)
returns smallint
language sql immutable
as $$
    select floor(
        4 * log(
            2::numeric,
            (
                1 + p_counters.likes * p_weights.like_weight + p_counters.saves * p_weights.save_weight
                + p_counters.shares * p_weights.share_weight + p_counters.clicks * p_weights.click_weight
                + p_counters.purchases * p_weights.purchase_weight
                + p_counters.cart_adds * p_weights.cart_weight + p_counters.reposts * p_weights.repost_weight
            )::numeric
        )
    )::smallint
$$;
comment on function internal.feed_bucket(public.feed_counters, public.feed_weights) is
'Engagement in quarters of a doubling.';
revoke all on function internal.feed_bucket(public.feed_counters, public.feed_weights) from public;

create or replace function internal.feed_rerank(p_item_ids uuid[]) returns void
language sql volatile set search_path = ''
as $$
    with moved as (
        update public.feed_items i
        set engagement_bucket = b.bucket,
            rank_key = internal.feed_rank_key(i.item_type, i.published_at, b.bucket, b.weights)
        from (
            select c.item_id, internal.feed_bucket(c, w) as bucket, w as weights
            from public.feed_counters c, internal.feed_weights() w
            where c.item_id = any (p_item_ids)
        ) b
        where i.item_id = b.item_id and i.engagement_bucket <> b.bucket
        returning i.item_id
    )
    insert into internal.feed_unrelated (item_id) select m.item_id from moved m
$$;
comment on function internal.feed_rerank(uuid[]) is 'Moves the items whose engagement has reached another bucket, and lets feed_relate() look at them again.';
revoke all on function internal.feed_rerank(uuid[]) from public;
