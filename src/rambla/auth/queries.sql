-- caller: whose token this is
select user_id, kind, expires_at from public.session_caller(%(digest)s);

-- start: a new session
select public.session_start(%(user_id)s, %(digest)s, %(kind)s, %(label)s);

-- viewer: what the frame of a page shows
select * from public.viewer_shell();

-- is_admin: whether the caller holds the role right now
select public.has_role('admin');
