-- person: whose handle this is
select id from public.profiles where handle = %(handle)s;

-- migrations_missing: scripts of this release that the database has not seen
select public.migrations_missing(%(names)s);
