-- Roles and schemas, as a login that may create roles. Runs once for a database; every line may run again.
--
--   rambla_owner   owns tables and functions; nobody logs in as it; sees past row security, so a
--                  definer function must check its caller first
--   rambla_login   what web and worker log in as: may do nothing but become one of the next three
--   anon           a visitor; authenticated: a person; service_role: workers and trusted programs

do $$
declare
    r record;
begin
    for r in
        select *
        from (values
            ('anon', 'nologin noinherit'),
            ('authenticated', 'nologin noinherit'),
            ('service_role', 'nologin noinherit bypassrls'),
            ('rambla_owner', 'nologin noinherit bypassrls'),
            ('rambla_login', 'login noinherit')
        ) as roles (name, attributes)
    loop
        if not exists (select from pg_roles where rolname = r.name) then
            begin
                execute format('create role %I %s', r.name, r.attributes);
            exception when duplicate_object or unique_violation then
                null; -- another database of this cluster was quicker
            end;
        end if;
    end loop;
end
$$;

grant anon, authenticated, service_role to rambla_login;
grant rambla_owner to current_user;
grant anon, authenticated, service_role to rambla_owner;

do $$
begin
    execute format('grant connect, create, temporary on database %I to rambla_owner', current_database());
    execute format('revoke temporary on database %I from public', current_database());
    execute format('grant connect on database %I to rambla_login', current_database());
end
$$;

revoke create on schema public from public;
grant usage, create on schema public to rambla_owner;
grant usage on schema public to anon, authenticated, service_role;

create schema if not exists internal authorization rambla_owner;
comment on schema internal is 'Helpers of the contract functions. Nobody is granted anything here.';

-- Supabase brings an auth schema of its own; then its users and its auth.uid() are ours too.
do $$
begin
    if not exists (select from pg_namespace where nspname = 'auth') then
        create schema auth authorization rambla_owner;
        grant usage on schema auth to anon, authenticated, service_role;
    end if;
    if to_regclass('auth.users') is not null then
        grant select, insert, references on auth.users to rambla_owner;
        grant usage on schema auth to rambla_owner;
    end if;
end
$$;

-- A new function is executable by everybody unless this says otherwise; tables and sequences are not.
alter default privileges for role rambla_owner revoke execute on functions from public;

create table if not exists internal.migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
);
alter table internal.migrations owner to rambla_owner;
alter table internal.migrations enable row level security;
alter table internal.migrations force row level security;
comment on table internal.migrations is 'What rambla migrate has applied, by file name and sha256.';
