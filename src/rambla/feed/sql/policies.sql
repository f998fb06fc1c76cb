-- Viewers may look at what is kept about them. They write through functions, which keep the counters in step.
do $$
declare
    v_table text;
begin
    foreach v_table in array
        '{feed_items,feed_item_tags,feed_authors,feed_counters,feed_reactions,feed_events,feed_affinities,feed_slates,feed_weights,feed_fatigues,feed_muted_words,feed_firsts,feed_places,feed_reposts,feed_experiments,feed_experiment_arms,feed_exposures}'::text[]
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
        '{feed_events,feed_affinities,feed_slates,feed_fatigues,feed_muted_words,feed_firsts,feed_places,feed_exposures}'::text[]
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

-- A repost is said to everybody who may see what was reposted; an original that one may not see is found in neither.
grant select on public.feed_reposts to anon, authenticated;
drop policy if exists feed_reposts_read on public.feed_reposts;
create policy feed_reposts_read on public.feed_reposts for select to anon, authenticated
using (
    exists (select from public.posts p where p.id = item_id)
    or exists (select from public.shop_items s where s.id = item_id)
);
drop policy if exists feed_reposts_of_blocked on public.feed_reposts;
create policy feed_reposts_of_blocked on public.feed_reposts as restrictive for select to authenticated
using (not public.is_blocked(user_id));

grant select on public.feed_weights, public.feed_experiments, public.feed_experiment_arms to authenticated;
drop policy if exists feed_weights_admin on public.feed_weights;
create policy feed_weights_admin on public.feed_weights for select to authenticated
using ((select public.has_role('admin')));
drop policy if exists feed_experiments_admin on public.feed_experiments;
create policy feed_experiments_admin on public.feed_experiments for select to authenticated
using ((select public.has_role('admin')));
drop policy if exists feed_experiment_arms_admin on public.feed_experiment_arms;
create policy feed_experiment_arms_admin on public.feed_experiment_arms for select to authenticated
using ((select public.has_role('admin')));
