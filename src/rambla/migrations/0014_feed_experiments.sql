-- Experiments: which weights rank for whom, who was shown it; and what an extension adds to a slate.

-- squawk-ignore adding-field-with-default
alter table public.feed_weights add column trial boolean not null default false;
comment on column public.feed_weights.trial is 'Made for an arm of an experiment: never what everybody''s feed is ranked by.';

create table public.feed_experiments (
    name text primary key,
    salt text not null,
    started_at timestamptz not null default now(),
    stopped_at timestamptz, -- null: it runs
    constraint feed_experiments_name_form check (name ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
    constraint feed_experiments_salt_length check (char_length(salt) between 1 and 100)
);
create unique index feed_experiments_one_runs on public.feed_experiments ((true)) where stopped_at is null;
comment on table public.feed_experiments is
'Comparisons of weights. One runs at a time: two would each rank the same slate.';

create table public.feed_experiment_arms (
    experiment text not null references public.feed_experiments (name) on delete cascade,
    arm text not null,
    weights_version integer not null references public.feed_weights (version),
    from_bucket integer not null, -- of ten thousand, in which a hash of salt and viewer falls
    to_bucket integer not null,
    primary key (experiment, arm),
    constraint feed_experiment_arms_name_form check (arm ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
    constraint feed_experiment_arms_buckets check (from_bucket >= 0 and from_bucket < to_bucket and to_bucket <= 10000)
);
create index feed_experiment_arms_weights on public.feed_experiment_arms (weights_version);
comment on table public.feed_experiment_arms is 'Each share of viewers with the weights that rank for them. The rest has the default.';

create table public.feed_exposures (
    viewer_id uuid not null references public.profiles (id) on delete cascade,
    experiment text not null references public.feed_experiments (name) on delete cascade,
    mode text not null,
    epoch bigint not null, -- with viewer and mode: the slate
    arm text not null,
    at timestamptz not null default now(),
    primary key (viewer_id, experiment, mode, epoch)
);
create index feed_exposures_experiment on public.feed_exposures (experiment, arm, viewer_id);
comment on table public.feed_exposures is 'Slates that were ranked by an arm''s weights, each once.';

alter table public.feed_experiments enable row level security;
alter table public.feed_experiments force row level security;
alter table public.feed_experiment_arms enable row level security;
alter table public.feed_experiment_arms force row level security;
alter table public.feed_exposures enable row level security;
alter table public.feed_exposures force row level security;

create type internal.feed_extra as (
    item_id uuid,
    by text, -- the name of the source or scorer
    words text,
    boost double precision, -- what is added to the score
    offered boolean -- a source brought it; otherwise a scorer moved it
);
alter type internal.feed_context add attribute extras internal.feed_extra[]; -- null: no extension said anything

comment on column public.feed_slates.notes is
'By item, what its place rests on besides its reason: who reposted it (by), which source offered it (source, words), which scorers moved it (nudges).';
