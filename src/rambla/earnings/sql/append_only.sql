create or replace function internal.earnings_refuse_change() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    raise sqlstate 'PT409' using
        message = 'Events are never changed or deleted.',
        detail = 'append_only',
        hint = 'Call earnings_transition() to capture, reverse or expire one: it adds postings that net to zero.';
end
$$;
comment on function internal.earnings_refuse_change() is
'Refuses update, delete and truncate of events for everybody, the owner included.';
revoke all on function internal.earnings_refuse_change() from public;
