-- On Supabase these three exist already and mean the same; elsewhere they are ours.
-- The setting comes back as '' rather than null once a pooled connection has had it, hence nullif.
do $$
begin
    if pg_get_userbyid((select nspowner from pg_namespace where nspname = 'auth')) <> current_user then
        return;
    end if;

    create or replace function auth.jwt() returns jsonb
    language sql stable parallel safe set search_path = ''
    as $f$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $f$;

    create or replace function auth.uid() returns uuid
    language sql stable parallel safe set search_path = ''
    as $f$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $f$;

    create or replace function auth.role() returns text
    language sql stable parallel safe set search_path = ''
    as $f$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $f$;

    comment on function auth.jwt() is 'The claims of the caller, null when nobody set any.';
    comment on function auth.uid() is 'The caller''s user id, null for a visitor.';
    comment on function auth.role() is 'The caller''s role: anon, authenticated or service_role.';
    revoke all on function auth.jwt(), auth.uid(), auth.role() from public;
    grant execute on function auth.jwt(), auth.uid(), auth.role() to anon, authenticated, service_role;
end
$$;
