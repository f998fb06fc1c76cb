-- People: who they are, how they prove it, what they may do.

-- Absent on a fresh PostgreSQL, present on Supabase, where these columns exist under the same names.
do $$
begin
    if to_regclass('auth.users') is null then
        create table auth.users (
            id uuid primary key,
            email text,
            created_at timestamptz not null default now()
        );
        create unique index users_email_key on auth.users (lower(email));
        alter table auth.users enable row level security;
        alter table auth.users force row level security;
    end if;
end
$$;

create table public.profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    handle text not null,
    display_name text not null,
    bio text not null default '',
    avatar_url text,
    timezone text not null default 'UTC',
    locale text not null default 'en',
    created_at timestamptz not null default now(),
    constraint profiles_handle_form check (handle ~ '^[a-z0-9_]{2,30}$'),
    constraint profiles_display_name_length check (char_length(display_name) between 1 and 80),
    constraint profiles_bio_length check (char_length(bio) <= 500)
);
create unique index profiles_handle_key on public.profiles (handle);
comment on table public.profiles is 'What anyone may know of a person, and the time zone that their days follow.';

create table public.user_roles (
    user_id uuid not null references auth.users (id) on delete cascade,
    role text not null,
    granted_at timestamptz not null default now(),
    granted_by uuid,
    primary key (user_id, role),
    constraint user_roles_known check (role in ('admin', 'operator', 'support'))
);
comment on table public.user_roles is 'Roles a person holds now. has_role() reads it at every call.';

create table internal.credentials (
    user_id uuid primary key references auth.users (id) on delete cascade,
    password_hash text not null,
    changed_at timestamptz not null default now()
);
comment on table internal.credentials is 'argon2id hashes; no role but the owner reaches them.';

create table internal.sessions (
    token_hash bytea primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    kind text not null,
    label text not null default '',
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    expires_at timestamptz not null,
    constraint sessions_kind_known check (kind in ('cookie', 'bearer')),
    constraint sessions_expire_later check (expires_at > created_at)
);
create index sessions_user on internal.sessions (user_id);
create index sessions_expiry on internal.sessions (expires_at);
comment on table internal.sessions is 'sha256 of the cookie or bearer token; the token itself is never stored.';

create table internal.sign_in_links (
    token_hash bytea primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index sign_in_links_user on internal.sign_in_links (user_id);
comment on table internal.sign_in_links is 'One-time links, such as the owner''s first way in.';

create table public.audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor_id uuid,
    action text not null,
    subject text not null default '',
    details jsonb not null default '{}'::jsonb,
    constraint audit_log_action_form check (action ~ '^[a-z_]+\.[a-z_]+$')
);
create index audit_log_actor on public.audit_log (actor_id, id desc);
comment on table public.audit_log is 'What operators and the sign-in did; only ever appended to.';

create table internal.settings (
    key text primary key,
    value jsonb not null,
    description text not null
);
comment on table internal.settings is 'What the SQL contract reads: caps, shares, windows. Process settings are elsewhere.';

alter table public.profiles enable row level security;
alter table public.profiles force row level security;
alter table public.user_roles enable row level security;
alter table public.user_roles force row level security;
alter table internal.credentials enable row level security;
alter table internal.credentials force row level security;
alter table internal.sessions enable row level security;
alter table internal.sessions force row level security;
alter table internal.sign_in_links enable row level security;
alter table internal.sign_in_links force row level security;
alter table public.audit_log enable row level security;
alter table public.audit_log force row level security;
alter table internal.settings enable row level security;
alter table internal.settings force row level security;
