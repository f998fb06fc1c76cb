create or replace function internal.setting(p_key text) returns jsonb
language sql stable set search_path = ''
as $$ select s.value from internal.settings s where s.key = p_key $$;
comment on function internal.setting(text) is 'A setting of the SQL contract; called by definer functions only.';
revoke all on function internal.setting(text) from public;
