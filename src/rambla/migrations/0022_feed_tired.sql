-- What a viewer is tired of is asked for with every slate and every count of news, and was looked for among all that they
-- have ever hidden.
-- squawk-ignore require-concurrent-index-creation
create index feed_hides_not_interested on public.feed_hides (user_id, created_at) where reason = 'not_interested';
