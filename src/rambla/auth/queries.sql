-- caller: whose token this is, as of a snapshot
select user_id, kind, expires_at, pg_current_snapshot()::text as snapshot from public.session_caller(%(digest)s);

-- start: a new session
select public.session_start(%(user_id)s, %(digest)s, %(kind)s, %(label)s);

-- end: the session of this token
select public.session_end(%(digest)s);

-- sessions: the caller's, the present one first
select * from public.session_list(%(digest)s);

-- revoke: one of the caller's sessions
select public.session_revoke(%(id)s);

-- viewer: what the frame of a page shows
select * from public.viewer_shell();

-- is_admin: whether the caller holds the role right now
select public.has_role('admin');

-- credential: the hash behind a handle or an address
select user_id, password_hash from public.auth_credential(%(name)s);

-- credential_of: the hash of one person
select user_id, password_hash
from public.auth_credential((select p.handle from public.profiles p where p.id = %(user_id)s));

-- password_set: a new password, which ends every session
select public.auth_password_set(%(user_id)s, %(hash)s);

-- rehash: the same password with today's parameters
select public.auth_password_rehash(%(user_id)s, %(old)s, %(new)s);

-- failure: for the audit log
select public.auth_failure_note(%(user_id)s, %(details)s::jsonb);

-- link_make: a one-time link
select public.auth_link_make(%(user_id)s, %(digest)s);

-- link_use: uses it up
select public.auth_link_use(%(digest)s);

-- profile: the caller's own
select p.id, p.handle, p.display_name, p.bio, p.avatar_url, p.timezone, p.locale
from public.profiles p
where p.id = auth.uid();

-- change_profile: null leaves a column as it is
update public.profiles p
set
    display_name = coalesce(%(display_name)s, p.display_name),
    bio = coalesce(%(bio)s, p.bio),
    timezone = coalesce(%(timezone)s, p.timezone),
    locale = coalesce(%(locale)s, p.locale)
where p.id = auth.uid()
returning p.id, p.handle, p.display_name, p.bio, p.avatar_url, p.timezone, p.locale;

-- revoke_others: all of the caller's sessions but the present one
select public.session_revoke_others(%(digest)s);

-- has_password: or came in by a link
select public.auth_has_password();
