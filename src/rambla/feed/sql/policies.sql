-- Viewers may look at what is kept about them. They write through functions, which keep the counters in step.
do $$
declare
    v_table text;
begin
    foreach v_table in array
        '{feed_items,feed_item_tags,feed_authors,feed_counters,feed_reactions,feed_events,feed_affinities,feed_slates,feed_weights,feed_fatigues,feed_muted_words,feed_firsts,feed_places}'::text[]
    loop
        execute format('revoke all on public.%I from anon, authenticated, service_role', v_table);
        execute format('grant select on public.%I to service_role', v_table);
    end loop;
end
$$;

grant select, delete on public.feed_reactions to authenticated;
drop policy if exists feed_reactions_own on public.feed_reactions;
create policy feed_reactions_own on public.feed_reactions for all to authenticated
using (user_id = (select auth.uid()));

grant select on public.feed_events to authenticated;
drop policy if exists feed_events_own on public.feed_events;
create policy feed_events_own on public.feed_events for select to authenticated
using (viewer_id = (select auth.uid()));

grant select on public.feed_affinities to authenticated;
drop policy if exists feed_affinities_own on public.feed_affinities;
create policy feed_affinities_own on public.feed_affinities for select to authenticated
using (viewer_id = (select auth.uid()));

grant select on public.feed_slates to authenticated;
drop policy if exists feed_slates_own on public.feed_slates;
create policy feed_slates_own on public.feed_slates for select to authenticated
using (viewer_id = (select auth.uid()));

grant select on public.feed_fatigues to authenticated;
drop policy if exists feed_fatigues_own on public.feed_fatigues;
create policy feed_fatigues_own on public.feed_fatigues for select to authenticated
using (viewer_id = (select auth.uid()));

grant select on public.feed_muted_words to authenticated;
drop policy if exists feed_muted_words_own on public.feed_muted_words;
create policy feed_muted_words_own on public.feed_muted_words for select to authenticated
using (viewer_id = (select auth.uid()));

grant select on public.feed_firsts to authenticated;
drop policy if exists feed_firsts_own on public.feed_firsts;
create policy feed_firsts_own on public.feed_firsts for select to authenticated
using (viewer_id = (select auth.uid()));

grant select on public.feed_places to authenticated;
drop policy if exists feed_places_own on public.feed_places;
create policy feed_places_own on public.feed_places for select to authenticated
using (viewer_id = (select auth.uid()));
