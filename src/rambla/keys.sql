-- person: whose handle this is, null when it is nobody's
select (select p.id from public.profiles p where p.handle = lower(%(handle)s)) as id;

-- tokens: of programs, valid now
select * from public.session_service_list();

-- revoke: one of them
select public.session_service_revoke(%(id)s);

-- admin: the first of the admins, null when there is none
select (select r.user_id from public.user_roles r where r.role = 'admin' order by r.granted_at, r.user_id limit 1) as id;

-- register: the owner, whose password they set themselves
select public.auth_register('owner@localhost', 'owner', 'Owner');

-- grant: the owner may do everything
select public.role_grant(%(id)s, 'admin');
