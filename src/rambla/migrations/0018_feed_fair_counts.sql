-- One's own like of one's own item counts for nothing, as one's clicks on it do.
update public.feed_counters c
set likes = c.likes - o.likes, saves = c.saves - o.saves
from (
    select r.item_id, count(*) filter (where r.kind = 'like') as likes, count(*) filter (where r.kind = 'save') as saves
    from public.feed_reactions r
    inner join public.feed_items i on i.item_id = r.item_id and i.author_id = r.user_id
    group by r.item_id
) o
where c.item_id = o.item_id;

-- A time that many days ago has to be one.
alter table public.feed_weights
add constraint feed_weights_days_in_range
check (new_author_days >= 0 and greatest(new_author_days, fatigue_days, fatigue_fade_days) <= 36500) not valid;
