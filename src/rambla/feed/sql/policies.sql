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

do $$
declare
    v_table text;
begin
    foreach v_table in array
        '{feed_events,feed_affinities,feed_slates,feed_fatigues,feed_muted_words,feed_firsts,feed_places}'::text[]
    loop
        execute format('grant select on public.%I to authenticated', v_table);
        execute format('drop policy if exists %I on public.%I', v_table || '_own', v_table);
        execute format(
            'create policy %I on public.%I for select to authenticated using (viewer_id = (select auth.uid()))',
            v_table || '_own', v_table
        );
    end loop;
end
$$;
