-- summary: the caller's totals
select s.* from public.earnings_summary() s;

-- timeline: the caller's events, newest first, from a cursor
select t.*
from public.earnings_timeline(auth.uid(), %(currency)s, %(at)s, %(seq)s, %(limit)s) t;

-- explain: one event of the caller's
select e.* from public.earnings_explain(%(id)s) e;

-- recompute: the contract, for the caller
select r.* from public.earnings_recompute(auth.uid()) r;

-- mature: capture what has been held long enough
select public.earnings_mature();

-- moment: the database's clock
select now();

-- verify: recompute from their first event some who were not since a moment
select v.users, v.drifted from public.earnings_verify(%(users)s, %(before)s) v;
