create or replace function internal.feed_reasons() returns text[]
language sql immutable set search_path = ''
as $$ select '{followed,interest,trending,new_author}'::text[] $$;
comment on function internal.feed_reasons() is
'Why an item is in a slate. Slates keep the place in this list, so it only grows at its end.';
revoke all on function internal.feed_reasons() from public;
