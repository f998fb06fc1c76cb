-- person: whose handle this is
select id from public.profiles where handle = %(handle)s;
