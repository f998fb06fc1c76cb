-- A slate is made as far as most people read and grows when somebody reads on. Those that are there were made whole.
alter table public.feed_slates add column complete boolean not null default true;
comment on column public.feed_slates.complete is
'Nothing comes behind the last of its places. Until then it grows at its end, and only there, while it is read.';
comment on table public.feed_slates is
'The order in which a viewer reads; what stands in it stays where it is. Filters are applied at each read, never here.';

-- As it is made it fits into a page beside its like: read with its row, not from a table of chunks.
alter table public.feed_slates set (toast_tuple_target = 8160);

alter type internal.feed_context add attribute gone_tags text[]; -- of which the viewer wants none for now

-- A row of a page before its words are known.
create type internal.feed_row as (
    item_id uuid,
    item_type text,
    score double precision,
    reason text,
    author_id uuid,
    reposter_id uuid -- null unless a repost brought it
);

insert into internal.settings (key, value, description) values
('feed_slate_posts', '120', 'How many posts a feed is made with, and how many more at a time while it is read; with a quarter of that of shop items.');
