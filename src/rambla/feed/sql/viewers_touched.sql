-- An act of a viewer: their own pages, and after a block also those of the other, are out of date. The arguments name the
-- columns whose people are concerned.
create or replace function internal.feed_viewers_touched() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.touch('viewer', array(
        select distinct (r.touched ->> c.name)::uuid
        from (select to_jsonb(t) as touched from touched_rows t) r, unnest(tg_argv) c (name)
        limit 201
    ));
    return null;
end
$$;
comment on function internal.feed_viewers_touched() is 'Keeps no page of somebody who has just acted.';
revoke all on function internal.feed_viewers_touched() from public;

do $$
declare
    v_trigger record;
begin
    for v_trigger in
        select *
        from (values
            ('feed_hides', 'user_id'),
            ('feed_reactions', 'user_id'),
            ('feed_reposts', 'user_id'),
            ('feed_fatigues', 'viewer_id'),
            ('feed_muted_words', 'viewer_id'),
            ('follows', 'follower_id'),
            ('blocks', 'user_id, blocked_id'),
            ('mutes', 'user_id'),
            ('age_confirmations', 'user_id'),
            ('shopping_cart_items', 'user_id'),
            ('owned_items', 'user_id')
        ) as t (target, people)
        cross join (values ('insert', 'new'), ('update', 'new'), ('delete', 'old')) as e (event, version)
    loop
        execute format(
            'create or replace trigger %I after %s on public.%I referencing %s table as touched_rows'
            ' for each statement execute function internal.feed_viewers_touched(%s)',
            'feed_viewers_touched_' || v_trigger.event, v_trigger.event, v_trigger.target, v_trigger.version,
            v_trigger.people
        );
    end loop;
end
$$;
