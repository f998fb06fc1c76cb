create or replace function internal.feed_reasons() returns text[]
language plpgsql immutable set search_path = ''
as $$
begin
    return '{followed,interest,trending,new_author,seen,reposted,offered,similar}';
end
$$;
comment on function internal.feed_reasons() is
'Why an item is in a slate. Slates keep the place in this list, so it only grows at its end.';
revoke all on function internal.feed_reasons() from public;
