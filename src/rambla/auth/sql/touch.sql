-- What an answer that somebody remembers was made of has changed. Tells every process when the transaction commits, and
-- the one that commits it as it does so (kit/db.py reads the setting). The transaction's id says which answers are too
-- old: those whose snapshot does not see it (kit/changes.py).
create or replace function internal.touch(p_what text, p_ids uuid[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_so_far constant text := coalesce(current_setting('rambla.touched', true), '');
    v_told text[];
begin
    if cardinality(p_ids) = 0 then
        return;
    end if;
    -- Of a great many it is enough to say that nothing remembered is to be trusted.
    v_told := case
        when cardinality(p_ids) > 200 or length(v_so_far) > 20000 then array['all:' || pg_current_xact_id()]
        else array(select distinct p_what || '/' || u.id || ':' || pg_current_xact_id() from unnest(p_ids) u (id))
    end;
    perform pg_notify('touched', t.told) from unnest(v_told) t (told) where position(t.told in v_so_far) = 0;
    perform set_config('rambla.touched', concat_ws(' ', nullif(v_so_far, ''), array_to_string(
        array(select t.told from unnest(v_told) t (told) where position(t.told in v_so_far) = 0), ' '
    )), true);
end
$$;
comment on function internal.touch(text, uuid[]) is
'Says that remembered answers which rest on these are out of date from the commit of this transaction on.';
revoke all on function internal.touch(text, uuid[]) from public;
