CREATE SCHEMA auth;

ALTER SCHEMA auth OWNER TO rambla_owner;

CREATE SCHEMA internal;

ALTER SCHEMA internal OWNER TO rambla_owner;

CREATE SCHEMA public;

ALTER SCHEMA public OWNER TO pg_database_owner;

CREATE TYPE internal.cart_line AS (
	item_id uuid,
	seller_id uuid,
	title text,
	quantity integer,
	unit_price_minor bigint,
	creator_rate_bp integer,
	available boolean
);

ALTER TYPE internal.cart_line OWNER TO rambla_owner;

CREATE TYPE internal.earnings_tally AS (
	currency text,
	captured bigint,
	pending bigint,
	reversed bigint,
	expired bigint,
	event_count bigint,
	new_events bigint,
	captured_drift bigint,
	pending_drift bigint,
	reversed_drift bigint,
	expired_drift bigint,
	count_drift bigint
);

ALTER TYPE internal.earnings_tally OWNER TO rambla_owner;

CREATE TYPE internal.feed_candidate AS (
	item_id uuid,
	author_id uuid,
	score double precision,
	reason smallint
);

ALTER TYPE internal.feed_candidate OWNER TO rambla_owner;

CREATE TYPE internal.feed_extra AS (
	item_id uuid,
	by text,
	words text,
	boost double precision,
	offered boolean
);

ALTER TYPE internal.feed_extra OWNER TO rambla_owner;

CREATE TYPE internal.feed_repost AS (
	item_id uuid,
	user_id uuid,
	at timestamp with time zone
);

ALTER TYPE internal.feed_repost OWNER TO rambla_owner;

CREATE TYPE internal.feed_tired AS (
	subject_type text,
	subject text,
	damp double precision
);

ALTER TYPE internal.feed_tired OWNER TO rambla_owner;

CREATE TABLE public.feed_weights (
    version integer NOT NULL,
    like_weight double precision DEFAULT 1 NOT NULL,
    save_weight double precision DEFAULT 3 NOT NULL,
    share_weight double precision DEFAULT 4 NOT NULL,
    click_weight double precision DEFAULT 0.2 NOT NULL,
    purchase_weight double precision DEFAULT 6 NOT NULL,
    post_tau_seconds double precision DEFAULT 34396 NOT NULL,
    shop_tau_seconds double precision DEFAULT 604800 NOT NULL,
    affinity_tau_seconds double precision DEFAULT 1209600 NOT NULL,
    follow_boost double precision DEFAULT 2 NOT NULL,
    affinity_boost double precision DEFAULT 1 NOT NULL,
    tag_boost double precision DEFAULT 0.5 NOT NULL,
    new_author_boost double precision DEFAULT 2 NOT NULL,
    new_author_days integer DEFAULT 14 NOT NULL,
    diversity_decay double precision DEFAULT 0.5 NOT NULL,
    diversity_floor double precision DEFAULT 0.25 NOT NULL,
    fatigue_days integer DEFAULT 14 NOT NULL,
    fatigue_fade_days integer DEFAULT 140 NOT NULL,
    fatigue_floor double precision DEFAULT 0.2 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    cart_weight double precision DEFAULT 3 NOT NULL,
    repost_weight double precision DEFAULT 3 NOT NULL,
    repost_factor double precision DEFAULT 0.6 NOT NULL,
    similar_boost double precision DEFAULT 2 NOT NULL,
    trial boolean DEFAULT false NOT NULL,
    CONSTRAINT feed_weights_diversity_in_range CHECK (((diversity_decay > (0)::double precision) AND (diversity_decay <= (1)::double precision) AND (diversity_floor > (0)::double precision) AND (diversity_floor <= (1)::double precision))),
    CONSTRAINT feed_weights_engagement_not_negative CHECK ((LEAST(like_weight, save_weight, share_weight, click_weight, purchase_weight) >= (0)::double precision)),
    CONSTRAINT feed_weights_fatigue_in_range CHECK (((fatigue_days >= 0) AND (fatigue_fade_days > 0) AND (fatigue_floor > (0)::double precision) AND (fatigue_floor <= (1)::double precision))),
    CONSTRAINT feed_weights_more_in_range CHECK (((LEAST(cart_weight, repost_weight) >= (0)::double precision) AND (repost_factor > (0)::double precision))),
    CONSTRAINT feed_weights_taus_positive CHECK ((LEAST(post_tau_seconds, shop_tau_seconds, affinity_tau_seconds) > (0)::double precision))
);

ALTER TABLE ONLY public.feed_weights FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_weights OWNER TO rambla_owner;

CREATE TYPE internal.feed_context AS (
	viewer_id uuid,
	at timestamp with time zone,
	silenced uuid[],
	unwanted uuid[],
	seen uuid[],
	tired internal.feed_tired[],
	adult boolean,
	muted text,
	weights public.feed_weights,
	followees uuid[],
	reposts internal.feed_repost[],
	extras internal.feed_extra[],
	gone_tags text[]
);

ALTER TYPE internal.feed_context OWNER TO rambla_owner;

CREATE TYPE internal.feed_page AS (
	epoch bigint,
	posts integer,
	shops integer,
	shop_from integer,
	item_ids uuid[],
	author_ids uuid[],
	reposter_ids uuid[],
	reasons smallint[],
	places integer[]
);

ALTER TYPE internal.feed_page OWNER TO rambla_owner;

CREATE FUNCTION auth.jwt() RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;

ALTER FUNCTION auth.jwt() OWNER TO rambla_owner;

CREATE FUNCTION auth.role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;

ALTER FUNCTION auth.role() OWNER TO rambla_owner;

CREATE FUNCTION auth.uid() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;

ALTER FUNCTION auth.uid() OWNER TO rambla_owner;

CREATE FUNCTION internal.admit_jobs(p_rows tid[], p_queues text[], p_types text[], p_counted text[], p_limit integer, p_most_keys integer, p_at timestamp with time zone, OUT admitted tid[], OUT moved integer, OUT locked integer, OUT left_out boolean) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO ''
    SET plan_cache_mode TO 'auto'
    AS $$
declare
    v_gates text[];
    v_rooms bigint[];
    v_open text[];
    v_type_gates text[];
    v_type_rooms bigint[];
    v_rows tid[];
    v_types text[];
    v_keys text[];
    v_ours boolean[];
    v_moving tid[];
    v_lanes text[];
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise sqlstate 'PT400' using
            message = 'A claim with limits must see what others have committed: it runs in READ COMMITTED.',
            detail = 'invalid_value';
    end if;
    select 'turn'::text || array_agg(r.gate), null::bigint || array_agg(r.room) into v_gates, v_rooms
    from internal.job_rooms('{}', p_counted, p_at) r;
    -- What is held in a full queue cannot run, and would take the locks of keys from what can.
    v_open := array(
        select q.queue
        from unnest(p_queues) with ordinality q (queue, place)
        where not exists (
            select from unnest(v_gates, v_rooms) r (gate, room) where r.gate = 'queue:' || q.queue and r.room <= 0
        )
        order by q.place
    );
    v_rows := internal.job_candidates(p_rows, v_open, v_gates, v_rooms, p_limit, p_at);

    -- Only now it is known which types are among them, and from here on only those may be.
    select array_agg(r.gate), array_agg(r.room) into v_type_gates, v_type_rooms
    from internal.job_rooms(internal.types_in_sight(p_types, v_rows, v_open), '{}', p_at) r;
    v_rows := internal.job_candidates(v_rows, v_open, v_type_gates, v_type_rooms, p_limit, p_at);
    v_gates := v_gates || v_type_gates;
    v_rooms := v_rooms || v_type_rooms;

    select
        array_agg(k.job_type),
        array_agg(k.partition_key),
        array_agg(pg_try_advisory_xact_lock(hashtextextended(internal.key_gate(k.job_type, k.partition_key), 0)))
    into v_types, v_keys, v_ours
    from (
        select j.job_type, j.partition_key
        from unnest(v_rows) with ordinality r (row, place)
        inner join public.worker_jobs j on j.ctid = r.row
        where j.partition_key is not null
        group by j.job_type, j.partition_key
        order by min(r.place)
        limit p_most_keys
    ) k;

    select
        array_agg(v.row) filter (where v.runs),
        array_agg(v.row) filter (where not v.runs and v.lane is distinct from v.held_by),
        array_agg(v.lane) filter (where not v.runs and v.lane is distinct from v.held_by),
        bool_or(v.left_out)
    into admitted, v_moving, v_lanes, left_out
    from internal.job_verdicts(v_rows, v_gates, v_rooms, v_types, v_keys, v_ours, p_limit) v;

    update public.worker_jobs j
    set held_by = m.lane
    from unnest(v_moving, v_lanes) m (row, lane)
    where j.ctid = m.row;
    get diagnostics moved = row_count;
    locked := coalesce(cardinality(v_keys), 0);
    perform internal.count_starts(admitted, v_gates, p_at);
end
$$;

ALTER FUNCTION internal.admit_jobs(p_rows tid[], p_queues text[], p_types text[], p_counted text[], p_limit integer, p_most_keys integer, p_at timestamp with time zone, OUT admitted tid[], OUT moved integer, OUT locked integer, OUT left_out boolean) OWNER TO rambla_owner;

CREATE FUNCTION internal.audit(p_action text, p_subject text, p_details jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    insert into public.audit_log (actor_id, action, subject, details)
    values (auth.uid(), p_action, p_subject, p_details)
$$;

ALTER FUNCTION internal.audit(p_action text, p_subject text, p_details jsonb) OWNER TO rambla_owner;

CREATE FUNCTION internal.blocks_end_follows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    delete from public.follows f
    using new_rows b
    where (f.follower_id, f.followee_id) in ((b.user_id, b.blocked_id), (b.blocked_id, b.user_id));
    return null;
end
$$;

ALTER FUNCTION internal.blocks_end_follows() OWNER TO rambla_owner;

CREATE FUNCTION internal.cart_currency(p_user_id uuid, p_currency text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_currencies constant text[] := array(
        select distinct i.currency
        from public.shopping_cart_items c
        join public.shop_items i on i.id = c.item_id
        where c.user_id = p_user_id
        order by i.currency
    );
begin
    if v_currencies = '{}' or p_currency <> all (v_currencies) then
        raise sqlstate 'PT409' using
            message = concat_ws(' ', 'The cart is empty', 'in ' || p_currency) || '.', detail = 'cart_empty';
    end if;
    if p_currency is null and cardinality(v_currencies) > 1 then
        raise sqlstate 'PT400' using
            message = format('The cart holds %s.', array_to_string(v_currencies, ' and ')),
            detail = 'invalid_value',
            hint = 'An order has one currency. Name the one to check out.';
    end if;
    return coalesce(p_currency, v_currencies[1]);
end
$$;

ALTER FUNCTION internal.cart_currency(p_user_id uuid, p_currency text) OWNER TO rambla_owner;

CREATE FUNCTION internal.cart_hash(p_lines internal.cart_line[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    select encode(sha256(convert_to(string_agg(format('%s %s', l.item_id, l.quantity), ',' order by l.item_id), 'UTF8')), 'hex')
    from unnest(p_lines) l
$$;

ALTER FUNCTION internal.cart_hash(p_lines internal.cart_line[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.cart_lines(p_user_id uuid, p_currency text) RETURNS internal.cart_line[]
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    -- The locks hold price and stock still until the order is written; by item id, as payments take them.
    select array(
        select (x.id, x.seller_id, x.title, x.quantity, x.price_minor, x.creator_rate_bp, x.available)::internal.cart_line
        from (
            select
                i.id, i.seller_id, i.title, c.quantity, i.price_minor, i.creator_rate_bp,
                internal.is_for_sale(i, c.quantity, p_user_id) as available
            from public.shopping_cart_items c
            join public.shop_items i on i.id = c.item_id
            where c.user_id = p_user_id and i.currency = p_currency
            order by i.id
            for share of i
        ) x
    )
$$;

ALTER FUNCTION internal.cart_lines(p_user_id uuid, p_currency text) OWNER TO rambla_owner;

CREATE FUNCTION internal.cart_require_available(p_lines internal.cart_line[]) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
    v_titles text;
    v_items text;
begin
    if p_lines = '{}' then
        raise sqlstate 'PT409' using message = 'The cart is empty.', detail = 'cart_empty';
    end if;
    select string_agg(l.title, ', ' order by l.item_id), string_agg(l.item_id::text, ', ' order by l.item_id)
    into v_titles, v_items
    from unnest(p_lines) l
    where not l.available;
    if v_titles is not null then
        raise sqlstate 'PT409' using
            message = format('Not to be had any more, or not so many: %s.', v_titles), detail = 'sold_out',
            hint = 'Take it out or change how many: ' || v_items;
    end if;
end
$$;

ALTER FUNCTION internal.cart_require_available(p_lines internal.cart_line[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.cart_require_on_offer(p_buyer_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_gone constant text := (
        select string_agg(c.item_id::text, ', ' order by c.added_at, c.item_id)
        from public.shopping_cart_items c
        join public.shop_items i on i.id = c.item_id
        where c.user_id = p_buyer_id and not internal.is_on_offer(i, p_buyer_id)
    );
begin
    -- Its title and currency are no longer the buyer's to know, so it stands in the way of an order in any currency.
    if v_gone is not null then
        raise sqlstate 'PT409' using
            message = 'The cart holds something that is no longer for sale.', detail = 'sold_out',
            hint = 'Take it out: ' || v_gone;
    end if;
end
$$;

ALTER FUNCTION internal.cart_require_on_offer(p_buyer_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.children_wait(p_job_id bigint) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    -- Volatile, for a snapshot of its own: the caller's may be older than a child that was enqueued just now.
    return exists (
        select
        from public.worker_job_parents e
        inner join public.worker_jobs c on c.id = e.child_id
        where e.parent_id = p_job_id and c.status in ('pending', 'running')
    ) or exists (
        select
        from public.worker_job_parents e
        inner join public.dead_letter_queue c on c.job_id = e.child_id
        where e.parent_id = p_job_id
    );
end
$$;

ALTER FUNCTION internal.children_wait(p_job_id bigint) OWNER TO rambla_owner;

CREATE FUNCTION internal.come_after(p_children bigint[], p_parents bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_ids bigint[] := array(select distinct p.id from unnest(p_parents) p (id));
    v_known integer;
    v_completed bigint[];
    v_failed bigint[];
begin
    -- A parent cannot end before this transaction does, so that its end sees its children. Twice, because it
    -- may come back from the dead letters between the first look and the second.
    perform from public.worker_jobs j where j.id = any (v_ids) order by j.id for no key update;
    perform from public.dead_letter_queue d where d.job_id = any (v_ids) order by d.job_id for no key update;
    perform from public.worker_jobs j where j.id = any (v_ids) order by j.id for no key update;
    update public.worker_jobs j set is_parent = true where j.id = any (v_ids) and not j.is_parent;

    select
        count(*),
        array_agg(p.id) filter (where p.status = 'completed'),
        array_agg(p.id) filter (where p.status in ('cancelled', 'dead'))
    into v_known, v_completed, v_failed
    from (
        select j.id, j.status from public.worker_jobs j where j.id = any (v_ids)
        union all
        select d.job_id, 'dead' from public.dead_letter_queue d where d.job_id = any (v_ids)
    ) p;
    if v_known < cardinality(v_ids) then
        raise sqlstate 'PT404' using message = 'There is no such job to come after.', detail = 'not_found';
    end if;

    insert into public.worker_job_parents (child_id, parent_id)
    select distinct e.child_id, e.parent_id from unnest(p_children, p_parents) e (child_id, parent_id);
    if v_completed is not null then
        perform internal.parents_completed(v_completed, now(), p_children);
    end if;
    if v_failed is not null then
        perform internal.parents_failed(v_failed, now());
    end if;
end
$$;

ALTER FUNCTION internal.come_after(p_children bigint[], p_parents bigint[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.count_runs() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    update public.worker_jobs j
    set limited = true
    where j.ctid = any (array(
        select r.ctid
        from public.worker_jobs r
        where r.status = 'running'
            and not r.limited
            and exists (
                select
                from public.worker_limits l
                where (l.scope = 'type' and l.name = r.job_type) or (l.scope = 'queue' and l.name = r.queue)
            )
        -- A row that somebody holds ends now, or will be there at the next sweep.
        for no key update skip locked
    ));
end
$$;

ALTER FUNCTION internal.count_runs() OWNER TO rambla_owner;

CREATE FUNCTION internal.count_starts(p_rows tid[], p_gates text[], p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    with rates as materialized (
        select l.name, make_interval(secs => l.rate_seconds) as period, make_interval(secs => l.rate_seconds / 100) as slot
        from unnest(p_gates) g (gate)
        cross join lateral internal.limit_now('type', substr(g.gate, 6)) l
        where g.gate like 'type:%' and l.rate_count is not null
    ), gone as (
        delete from public.worker_rate_starts s using rates r where s.job_type = r.name and s.until <= p_at - r.period
    )
    insert into public.worker_rate_starts as s (job_type, until, started)
    select r.name, date_bin(r.slot, p_at, 'epoch'::timestamptz) + r.slot, count(*)
    from unnest(p_rows) p (row)
    inner join public.worker_jobs j on j.ctid = p.row
    inner join rates r on r.name = j.job_type
    group by r.name, r.slot
    on conflict (job_type, until) do update set started = s.started + excluded.started;
end
$$;

ALTER FUNCTION internal.count_starts(p_rows tid[], p_gates text[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.dead_letters_like(p_filter jsonb, p_limit integer DEFAULT NULL::integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_unknown text[] := array(
        select f.name
        from jsonb_object_keys(p_filter) f (name)
        where f.name <> all (array['job_type', 'queue', 'tag', 'error', 'died_from', 'died_until', 'all'])
    );
begin
    -- A misspelt name would mean more letters than was meant, and nothing at all would mean every one.
    if cardinality(v_unknown) > 0 then
        raise sqlstate 'PT400' using
            message = format('A filter has no %s.', array_to_string(v_unknown, ' and no ')),
            detail = 'invalid_input',
            hint = 'job_type, queue, tag, error, died_from, died_until, all';
    elsif jsonb_strip_nulls(p_filter) - 'died_until' in ('{}', '{"all": false}') then
        raise sqlstate 'PT400' using
            message = 'Say which dead letters, or "all": true.', detail = 'invalid_input';
    end if;
    return query
    select d.job_id
    from public.dead_letter_queue d
    where (p_filter ->> 'job_type' is null or d.job_type = p_filter ->> 'job_type')
        and (p_filter ->> 'queue' is null or d.queue = p_filter ->> 'queue')
        and (p_filter ->> 'tag' is null or d.tags @> array[p_filter ->> 'tag'])
        and (p_filter ->> 'error' is null or strpos(lower(d.last_error), lower(p_filter ->> 'error')) > 0)
        and (p_filter ->> 'died_from' is null or d.died_at >= (p_filter ->> 'died_from')::timestamptz)
        and (p_filter ->> 'died_until' is null or d.died_at <= (p_filter ->> 'died_until')::timestamptz)
        and (p_limit is null or not exists (select from public.worker_jobs j where j.id = d.job_id))
    order by d.died_at, d.job_id
    limit p_limit;
end
$$;

ALTER FUNCTION internal.dead_letters_like(p_filter jsonb, p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_drifted(p_tally internal.earnings_tally) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    select (p_tally.captured_drift, p_tally.pending_drift, p_tally.reversed_drift, p_tally.expired_drift, p_tally.count_drift)
        <> (0, 0, 0, 0, 0)
$$;

ALTER FUNCTION internal.earnings_drifted(p_tally internal.earnings_tally) OWNER TO rambla_owner;

CREATE TABLE public.earnings_events (
    user_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    seq bigint NOT NULL,
    currency text DEFAULT 'EUR'::text NOT NULL,
    amount_minor bigint NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    kind text DEFAULT 'adjustment'::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    parent_id uuid,
    group_id uuid,
    source text DEFAULT 'direct'::text NOT NULL,
    source_ref text DEFAULT ''::text NOT NULL,
    idem_key text,
    occurred_at timestamp with time zone DEFAULT now() NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    matures_at timestamp with time zone,
    rule_version text DEFAULT ''::text NOT NULL,
    actor_id uuid,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT earnings_events_amount_not_zero CHECK ((amount_minor <> 0)),
    CONSTRAINT earnings_events_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT earnings_events_group_has_parent CHECK (((group_id IS NULL) OR (parent_id IS NOT NULL))),
    CONSTRAINT earnings_events_idem_key_length CHECK (((char_length(idem_key) >= 1) AND (char_length(idem_key) <= 200))),
    CONSTRAINT earnings_events_kind_form CHECK ((kind ~ '^[a-z][a-z_]{0,39}$'::text)),
    CONSTRAINT earnings_events_matures_only_when_new CHECK (((matures_at IS NULL) OR (parent_id IS NULL))),
    CONSTRAINT earnings_events_parent_is_another CHECK ((parent_id <> id)),
    CONSTRAINT earnings_events_reason_length CHECK ((char_length(reason) <= 300)),
    CONSTRAINT earnings_events_source_length CHECK (((char_length(source) <= 40) AND (char_length(source_ref) <= 200))),
    CONSTRAINT earnings_events_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'captured'::text, 'reversed'::text, 'expired'::text])))
);

ALTER TABLE ONLY public.earnings_events FORCE ROW LEVEL SECURITY;

ALTER TABLE public.earnings_events OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_event_to_move(p_user_id uuid, p_event_id uuid) RETURNS public.earnings_events
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_event public.earnings_events;
begin
    select e.* into v_event from public.earnings_events e where e.user_id = p_user_id and e.id = p_event_id;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such event.', detail = 'not_found';
    end if;
    if v_event.parent_id is not null or v_event.amount_minor < 0 then
        raise sqlstate 'PT409' using
            message = 'Only what was earned can be captured, reversed or expired.',
            detail = 'invalid_transition',
            hint = format('Name the event that it goes back to: %s.', v_event.parent_id);
    end if;
    return v_event;
end
$$;

ALTER FUNCTION internal.earnings_event_to_move(p_user_id uuid, p_event_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_fold(p_user_id uuid) RETURNS SETOF internal.earnings_tally
    LANGUAGE plpgsql
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    AS $$
declare
    v_system constant bigint := (select s.system_identifier from pg_control_system() s);
    v_head internal.earnings_heads;
begin
    select h.* into v_head from internal.earnings_heads h where h.user_id = p_user_id;
    if v_head.system_identifier <> v_system then
        -- Restored from elsewhere: transaction ids mean nothing across clusters.
        perform internal.earnings_forget(p_user_id);
        v_head := null;
    end if;

    -- One statement, so that snapshot, sums and ledger are of the same moment.
    return query
    with now as materialized (
        select
            pg_current_snapshot() as snapshot,
            pg_current_xact_id_if_assigned() as own
    ),
    -- Rows that we see and the snapshot does not, and that are not our own, were brought by a restore. A subquery
    -- in a case, because it runs only when it is asked; as a join it would read the whole history each time.
    sealed as materialized (
        select case
            when v_head.user_id is not null then v_head.sealed_seq
            else coalesce((
                select max(e.seq)
                from public.earnings_events e
                where e.user_id = p_user_id
                    and e.xid >= (select pg_snapshot_xmin(n.snapshot) from now n)
                    and not pg_visible_in_snapshot(e.xid, (select n.snapshot from now n))
                    and e.xid is distinct from (select n.own from now n)
            ), 0)
        end as seq
    ),
    tail as materialized (
        select
            e.currency,
            coalesce(e.xid = now.own, false) and e.seq > sealed.seq as own,
            coalesce(sum(e.amount_minor) filter (where e.status = 'captured'), 0)::bigint as captured,
            coalesce(sum(e.amount_minor) filter (where e.status = 'pending'), 0)::bigint as pending,
            coalesce(sum(e.amount_minor) filter (where e.status = 'reversed'), 0)::bigint as reversed,
            coalesce(sum(e.amount_minor) filter (where e.status = 'expired'), 0)::bigint as expired,
            count(*) as event_count
        from public.earnings_events e, now, sealed
        where e.user_id = p_user_id
            and e.xid >= coalesce(pg_snapshot_xmin(v_head.snapshot), '0')
            and e.xid <= (
                -- Nothing that this cluster wrote is above; what a restore brought may be, and is folded already.
                select case
                    when v_head.user_id is null then '18446744073709551615'
                    else greatest(pg_snapshot_xmax(n.snapshot), n.own)
                end
                from now n
            )
            and e.seq > coalesce(v_head.sealed_seq, 0)
            and pg_visible_in_snapshot(e.xid, v_head.snapshot) is not true
        group by 1, 2
    ),
    -- Our own rows are counted and not folded: we may yet add to them.
    folded as (
        insert into internal.earnings_checkpoints as c (
            user_id, currency, captured, pending, reversed, expired, event_count
        )
        select p_user_id, t.currency, t.captured, t.pending, t.reversed, t.expired, t.event_count
        from tail t
        where not t.own
        on conflict (user_id, currency) do update set
            captured = c.captured + excluded.captured,
            pending = c.pending + excluded.pending,
            reversed = c.reversed + excluded.reversed,
            expired = c.expired + excluded.expired,
            event_count = c.event_count + excluded.event_count
    ),
    head as (
        insert into internal.earnings_heads as h (user_id, snapshot, sealed_seq, system_identifier, folded_at)
        select p_user_id, internal.earnings_snapshot(now.snapshot, now.own), sealed.seq, v_system, clock_timestamp()
        from now, sealed
        where exists (select from tail t where not t.own)
        on conflict (user_id) do update set
            snapshot = excluded.snapshot,
            folded_at = excluded.folded_at
    ),
    sums as (
        select
            s.currency,
            sum(s.captured)::bigint as captured,
            sum(s.pending)::bigint as pending,
            sum(s.reversed)::bigint as reversed,
            sum(s.expired)::bigint as expired,
            sum(s.event_count)::bigint as event_count,
            sum(s.new_events)::bigint as new_events
        from (
            select c.currency, c.captured, c.pending, c.reversed, c.expired, c.event_count, 0 as new_events
            from internal.earnings_checkpoints c
            where c.user_id = p_user_id
            union all
            select t.currency, t.captured, t.pending, t.reversed, t.expired, t.event_count, t.event_count
            from tail t
        ) s
        group by s.currency
    ),
    live as (
        select l.* from public.earnings_ledger l where l.user_id = p_user_id
    )
    select
        currency,
        coalesce(s.captured, 0),
        coalesce(s.pending, 0),
        coalesce(s.reversed, 0),
        coalesce(s.expired, 0),
        coalesce(s.event_count, 0),
        coalesce(s.new_events, 0),
        coalesce(s.captured, 0) - coalesce(l.captured, 0),
        coalesce(s.pending, 0) - coalesce(l.pending, 0),
        coalesce(s.reversed, 0) - coalesce(l.reversed, 0),
        coalesce(s.expired, 0) - coalesce(l.expired, 0),
        coalesce(s.event_count, 0) - coalesce(l.event_count, 0)
    from sums s
    full join live l using (currency)
    order by currency;
end
$$;

ALTER FUNCTION internal.earnings_fold(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_forget(p_user_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    delete from internal.earnings_heads h where h.user_id = p_user_id;
    delete from internal.earnings_checkpoints c where c.user_id = p_user_id
$$;

ALTER FUNCTION internal.earnings_forget(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_lock(p_user_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$ select pg_advisory_xact_lock(hashtextextended('earnings ' || p_user_id, 0)) $$;

ALTER FUNCTION internal.earnings_lock(p_user_id uuid) OWNER TO rambla_owner;

CREATE TABLE internal.earnings_accruals (
    user_id uuid NOT NULL,
    event_id uuid NOT NULL,
    currency text NOT NULL,
    matures_at timestamp with time zone,
    pending bigint NOT NULL,
    captured bigint NOT NULL,
    reversed bigint NOT NULL,
    expired bigint NOT NULL,
    CONSTRAINT earnings_accruals_captured_not_negative CHECK ((captured >= 0)),
    CONSTRAINT earnings_accruals_expired_not_negative CHECK ((expired >= 0)),
    CONSTRAINT earnings_accruals_pending_not_negative CHECK ((pending >= 0)),
    CONSTRAINT earnings_accruals_reversed_not_negative CHECK ((reversed >= 0))
)
WITH (fillfactor='80');

ALTER TABLE ONLY internal.earnings_accruals FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.earnings_accruals OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_move(p_event public.earnings_events, p_open internal.earnings_accruals, p_to text, p_amount_minor bigint, p_reason text, p_idem_key text, p_at timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_id constant uuid := gen_random_uuid();
    -- What is not the creator's yet goes first.
    v_pending constant bigint := least(p_amount_minor, p_open.pending);
begin
    insert into public.earnings_events (
        user_id, id, currency, amount_minor, status, kind, reason, parent_id, group_id, source, source_ref, idem_key,
        occurred_at, rule_version, actor_id
    )
    select
        p_event.user_id, leg.id, p_event.currency, leg.amount_minor, leg.status,
        case p_to when 'captured' then 'capture' when 'reversed' then 'reversal' else 'expiry' end,
        coalesce(p_reason, ''), p_event.id, v_id, p_event.source, p_event.source_ref, leg.idem_key, p_at,
        p_event.rule_version, auth.uid()
    from (values
        (gen_random_uuid(), 'pending', -v_pending, null),
        (gen_random_uuid(), 'captured', v_pending - p_amount_minor, null),
        (v_id, p_to, p_amount_minor, p_idem_key)
    ) as leg (id, status, amount_minor, idem_key)
    where leg.amount_minor <> 0;
    return v_id;
end
$$;

ALTER FUNCTION internal.earnings_move(p_event public.earnings_events, p_open internal.earnings_accruals, p_to text, p_amount_minor bigint, p_reason text, p_idem_key text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_post() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_moved record;
begin
    if exists (
        select
        from added a
        where a.group_id is not null
        group by a.user_id, a.group_id, a.currency
        having sum(a.amount_minor) <> 0
    ) then
        raise sqlstate 'PT400' using
            message = 'The postings of a group must net to zero, in one statement.', detail = 'invalid_value';
    end if;

    -- Sorted, so that two writers take the ledger rows that they share in the same order; whoever has the ledger
    -- row has the accruals below it. No joins with "added": the session keeps the plan, and one made for a large
    -- load would read a whole table for a single row.
    insert into public.earnings_ledger as l (
        user_id, currency, total, captured, pending, reversed, expired, event_count, changed_at
    )
    select
        a.user_id,
        a.currency,
        sum(a.amount_minor),
        coalesce(sum(a.amount_minor) filter (where a.status = 'captured'), 0),
        coalesce(sum(a.amount_minor) filter (where a.status = 'pending'), 0),
        coalesce(sum(a.amount_minor) filter (where a.status = 'reversed'), 0),
        coalesce(sum(a.amount_minor) filter (where a.status = 'expired'), 0),
        count(*),
        clock_timestamp()
    from added a
    group by a.user_id, a.currency
    order by a.user_id, a.currency
    on conflict (user_id, currency) do update set
        total = l.total + excluded.total,
        captured = l.captured + excluded.captured,
        pending = l.pending + excluded.pending,
        reversed = l.reversed + excluded.reversed,
        expired = l.expired + excluded.expired,
        event_count = l.event_count + excluded.event_count,
        changed_at = excluded.changed_at;

    -- A posting without a parent that takes away has nothing that could be captured or reversed.
    insert into internal.earnings_accruals (
        user_id, event_id, currency, matures_at, pending, captured, reversed, expired
    )
    select
        a.user_id,
        a.id,
        a.currency,
        a.matures_at,
        case when a.status = 'pending' then a.amount_minor else 0 end,
        case when a.status = 'captured' then a.amount_minor else 0 end,
        case when a.status = 'reversed' then a.amount_minor else 0 end,
        case when a.status = 'expired' then a.amount_minor else 0 end
    from added a
    where a.parent_id is null and a.amount_minor > 0;

    for v_moved in
        select
            a.user_id,
            a.parent_id,
            a.currency,
            coalesce(sum(a.amount_minor) filter (where a.status = 'captured'), 0) as captured,
            coalesce(sum(a.amount_minor) filter (where a.status = 'pending'), 0) as pending,
            coalesce(sum(a.amount_minor) filter (where a.status = 'reversed'), 0) as reversed,
            coalesce(sum(a.amount_minor) filter (where a.status = 'expired'), 0) as expired
        from added a
        where a.parent_id is not null
        group by a.user_id, a.parent_id, a.currency
    loop
        update internal.earnings_accruals r set
            captured = r.captured + v_moved.captured,
            pending = r.pending + v_moved.pending,
            reversed = r.reversed + v_moved.reversed,
            expired = r.expired + v_moved.expired,
            -- Matured once; what somebody puts back into pending is captured by hand.
            matures_at = case when r.pending + v_moved.pending > 0 then r.matures_at end
        where r.user_id = v_moved.user_id and r.event_id = v_moved.parent_id and r.currency = v_moved.currency;
        if not found then
            raise sqlstate 'PT409' using
                message = 'The parent earned nothing in this currency.', detail = 'invalid_transition';
        end if;
    end loop;
    return null;
end
$$;

ALTER FUNCTION internal.earnings_post() OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_record(p_user_id uuid, p_currency text, p_amount_minor bigint, p_kind text, p_idem_key text, p_source text, p_source_ref text, p_reason text DEFAULT ''::text, p_occurred_at timestamp with time zone DEFAULT now(), p_matures_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_id uuid;
    v_first public.earnings_events;
begin
    if p_idem_key is null or p_amount_minor is null or p_amount_minor <= 0 then
        raise sqlstate 'PT400' using
            message = 'An event has a key of its own and an amount above zero.', detail = 'invalid_value';
    end if;
    if not exists (select from public.currencies c where c.code = p_currency) then
        raise sqlstate 'PT400' using
            message = format('%s is not a currency.', p_currency), detail = 'unknown_currency';
    end if;

    insert into public.earnings_events (
        user_id, currency, amount_minor, status, kind, reason, source, source_ref, idem_key, occurred_at, matures_at,
        actor_id
    )
    values (
        p_user_id, p_currency, p_amount_minor, 'pending', p_kind, p_reason, p_source, p_source_ref, p_idem_key,
        p_occurred_at,
        coalesce(p_matures_at, p_occurred_at + internal.setting('earnings_hold_days')::int * interval '1 day'),
        auth.uid()
    )
    on conflict (user_id, idem_key) do nothing
    returning id into v_id;
    if found then
        return v_id;
    end if;

    select e.* into v_first from public.earnings_events e where e.user_id = p_user_id and e.idem_key = p_idem_key;
    if (v_first.parent_id, v_first.currency, v_first.amount_minor, v_first.kind, v_first.source, v_first.source_ref)
        is distinct from (null::uuid, p_currency, p_amount_minor, p_kind, p_source, p_source_ref)
    then
        raise sqlstate 'PT409' using
            message = 'The key was used for another event.', detail = 'idempotency_mismatch';
    end if;
    return v_first.id;
end
$$;

ALTER FUNCTION internal.earnings_record(p_user_id uuid, p_currency text, p_amount_minor bigint, p_kind text, p_idem_key text, p_source text, p_source_ref text, p_reason text, p_occurred_at timestamp with time zone, p_matures_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    raise sqlstate 'PT409' using
        message = 'Events are never changed or deleted.',
        detail = 'append_only',
        hint = 'Call earnings_transition() to capture, reverse or expire one: it adds postings that net to zero.';
end
$$;

ALTER FUNCTION internal.earnings_refuse_change() OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_replay(p_user_id uuid, p_event_id uuid, p_to text, p_amount_minor bigint, p_idem_key text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_first public.earnings_events;
begin
    select e.* into v_first from public.earnings_events e where e.user_id = p_user_id and e.idem_key = p_idem_key;
    if not found then
        return null;
    end if;
    if (v_first.parent_id, v_first.status, v_first.amount_minor)
        is distinct from (p_event_id, p_to, coalesce(p_amount_minor, v_first.amount_minor))
    then
        raise sqlstate 'PT409' using
            message = 'The key was used for another transition.', detail = 'idempotency_mismatch';
    end if;
    return v_first.id;
end
$$;

ALTER FUNCTION internal.earnings_replay(p_user_id uuid, p_event_id uuid, p_to text, p_amount_minor bigint, p_idem_key text) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_settle(p_user_id uuid, p_tallies internal.earnings_tally[]) RETURNS internal.earnings_tally[]
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_tallies internal.earnings_tally[];
begin
    -- Ledger and checkpoint disagree; each is a cache. The events alone decide which one was wrong.
    perform internal.earnings_forget(p_user_id);
    v_tallies := array(select t from internal.earnings_fold(p_user_id) t);

    insert into public.earnings_drift (
        user_id, currency, cause, captured, pending, reversed, expired, event_count
    )
    select
        p_user_id, d.currency, d.cause, d.captured_drift, d.pending_drift, d.reversed_drift, d.expired_drift, d.count_drift
    from (
        select 'ledger' as cause, t.* from unnest(v_tallies) t where internal.earnings_drifted(t)
        union all
        select 'checkpoint', t.*
        from unnest(p_tallies) t
        where internal.earnings_drifted(t)
            and not exists (
                select from unnest(v_tallies) f where f.currency = t.currency and internal.earnings_drifted(f)
            )
    ) d;

    -- As a difference and not as a value: what others post meanwhile stays in.
    insert into public.earnings_ledger as l (
        user_id, currency, total, captured, pending, reversed, expired, event_count, changed_at
    )
    select
        p_user_id,
        t.currency,
        t.captured_drift + t.pending_drift + t.reversed_drift + t.expired_drift,
        t.captured_drift,
        t.pending_drift,
        t.reversed_drift,
        t.expired_drift,
        t.count_drift,
        clock_timestamp()
    from unnest(v_tallies) t
    where internal.earnings_drifted(t)
    order by t.currency
    on conflict (user_id, currency) do update set
        total = l.total + excluded.total,
        captured = l.captured + excluded.captured,
        pending = l.pending + excluded.pending,
        reversed = l.reversed + excluded.reversed,
        expired = l.expired + excluded.expired,
        event_count = l.event_count + excluded.event_count,
        changed_at = excluded.changed_at;
    return v_tallies;
end
$$;

ALTER FUNCTION internal.earnings_settle(p_user_id uuid, p_tallies internal.earnings_tally[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_settle_accruals(p_user_id uuid) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_drifted integer;
begin
    with truth as (
        select
            coalesce(e.parent_id, e.id) as event_id,
            min(e.currency) as currency,
            min(e.matures_at) as matures_at,
            coalesce(sum(e.amount_minor) filter (where e.status = 'captured'), 0)::bigint as captured,
            coalesce(sum(e.amount_minor) filter (where e.status = 'pending'), 0)::bigint as pending,
            coalesce(sum(e.amount_minor) filter (where e.status = 'reversed'), 0)::bigint as reversed,
            coalesce(sum(e.amount_minor) filter (where e.status = 'expired'), 0)::bigint as expired
        from public.earnings_events e
        where e.user_id = p_user_id and (e.parent_id is not null or e.amount_minor > 0)
        group by 1
    ),
    wrong as (
        select
            t.event_id, t.currency, t.matures_at,
            t.captured - coalesce(r.captured, 0) as captured,
            t.pending - coalesce(r.pending, 0) as pending,
            t.reversed - coalesce(r.reversed, 0) as reversed,
            t.expired - coalesce(r.expired, 0) as expired,
            r.event_id is null as missing
        from truth t
        left join internal.earnings_accruals r on r.user_id = p_user_id and r.event_id = t.event_id
        where (r.captured, r.pending, r.reversed, r.expired) is distinct from (t.captured, t.pending, t.reversed, t.expired)
    ),
    -- As a difference and not as a value: what others post meanwhile stays in.
    mended as (
        update internal.earnings_accruals r set
            captured = r.captured + w.captured,
            pending = r.pending + w.pending,
            reversed = r.reversed + w.reversed,
            expired = r.expired + w.expired
        from wrong w
        where not w.missing and r.user_id = p_user_id and r.event_id = w.event_id
    ),
    made as (
        insert into internal.earnings_accruals (
            user_id, event_id, currency, matures_at, captured, pending, reversed, expired
        )
        select
            p_user_id, w.event_id, w.currency, case when w.pending > 0 then w.matures_at end,
            w.captured, w.pending, w.reversed, w.expired
        from wrong w
        where w.missing
    )
    insert into public.earnings_drift (user_id, currency, cause, captured, pending, reversed, expired, event_count)
    select p_user_id, w.currency, 'accrual', w.captured, w.pending, w.reversed, w.expired, 0
    from wrong w;
    get diagnostics v_drifted = row_count;
    return v_drifted;
end
$$;

ALTER FUNCTION internal.earnings_settle_accruals(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_snapshot(p_snapshot pg_snapshot, p_own xid8) RETURNS pg_snapshot
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    -- pg_current_snapshot() leaves out the transaction that asks. Once a later one has committed, the snapshot
    -- would claim to see all that ours writes, also what it has yet to write.
    select case
        when p_own is null or p_own >= pg_snapshot_xmax(p_snapshot) then p_snapshot
        else (
            select format(
                '%s:%s:%s', pg_snapshot_xmin(p_snapshot), pg_snapshot_xmax(p_snapshot), string_agg(x::text, ',' order by x)
            )::pg_snapshot
            from (select pg_snapshot_xip(p_snapshot) union select p_own) as running (x)
        )
    end
$$;

ALTER FUNCTION internal.earnings_snapshot(p_snapshot pg_snapshot, p_own xid8) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_tell(p_user_id uuid, p_to text, p_amount_minor bigint, p_currency text, p_reason text, p_key text, p_at timestamp with time zone) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    select internal.notify(
        p_user_id, 'inapp', 'earnings_' || p_to,
        format('%s %s', internal.money(p_amount_minor, p_currency), p_to),
        internal.earnings_words(case p_to when 'captured' then 'capture' else 'reversal' end, p_reason),
        jsonb_build_object('url', '/earnings', 'amount_minor', p_amount_minor, 'currency', p_currency),
        p_key, p_at
    )
    -- What expired was never promised; it is on the timeline for whoever looks.
    where p_to in ('captured', 'reversed')
$$;

ALTER FUNCTION internal.earnings_tell(p_user_id uuid, p_to text, p_amount_minor bigint, p_currency text, p_reason text, p_key text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.earnings_words(p_kind text, p_reason text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    select upper(left(k.word, 1)) || substr(k.word, 2) || coalesce(': ' || nullif(r.words, ''), '')
    from
        (select case p_kind
            when 'capture' then 'captured'
            when 'reversal' then 'reversed'
            when 'expiry' then 'expired'
            else replace(p_kind, '_', ' ')
        end as word) k,
        (select case p_reason
            when 'matured' then 'the hold period is over'
            when 'returned' then 'the buyer sent it back'
            when 'cancelled' then 'the order was cancelled'
            when 'chargeback' then 'the buyer''s bank took the payment back'
            when 'fraud' then 'the payment was fraud'
            when 'self_referral' then 'it came from your own account'
            when 'duplicate' then 'it was counted before'
            when 'outside_terms' then 'it did not meet the terms'
            when 'window_expired' then 'the time to earn it is over'
            when 'unclaimed' then 'nobody claimed it in time'
            when 'brand_unpaid' then 'the brand did not pay'
            else p_reason
        end as words) r
$$;

ALTER FUNCTION internal.earnings_words(p_kind text, p_reason text) OWNER TO rambla_owner;

CREATE FUNCTION internal.enqueue(p_job_type text, p_payload jsonb DEFAULT '{}'::jsonb, p_idempotency_key text DEFAULT NULL::text, p_queue text DEFAULT 'default'::text, p_priority integer DEFAULT 0, p_next_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_max_attempts integer DEFAULT NULL::integer, p_partition_key text DEFAULT NULL::text, p_after bigint[] DEFAULT NULL::bigint[], p_on_parent_failure text DEFAULT NULL::text, p_tags text[] DEFAULT '{}'::text[], p_unique text DEFAULT 'forever'::text, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_id bigint;
    v_hash bytea;
    v_unique text := internal.key_window(p_unique);
begin
    -- The key's own table decides, and in two statements: one that inserts and selects at once finds
    -- nothing when a rival commits in between.
    if p_idempotency_key is not null then
        select k.job_id into v_id from public.worker_job_keys k where k.idempotency_key = p_idempotency_key;
        if found and v_unique = 'forever' then
            return v_id;
        end if;
        v_hash := internal.job_hash(p_job_type, coalesce(p_payload, '{}'::jsonb));
        insert into public.worker_job_keys as k (idempotency_key, job_id, payload_hash, created_at)
        values (p_idempotency_key, nextval('public.worker_jobs_id_seq'), v_hash, p_at)
        on conflict do nothing
        returning k.job_id into v_id;
        if not found then
            v_id := (internal.take_keys(array[p_idempotency_key], array[v_hash], array[v_unique], p_at))[1];
            if v_id is null then
                select k.job_id into strict v_id
                from public.worker_job_keys k
                where k.idempotency_key = p_idempotency_key;
                return v_id;
            end if;
        end if;
    end if;

    insert into public.worker_jobs as j (
        id, job_type, payload, idempotency_key, partition_key, queue, priority, next_run_at, max_attempts, held_by,
        parents_left, on_parent_failure, tags
    ) overriding system value
    values (
        coalesce(v_id, nextval('public.worker_jobs_id_seq')),
        p_job_type,
        coalesce(p_payload, '{}'::jsonb),
        p_idempotency_key,
        p_partition_key,
        coalesce(p_queue, 'default'),
        coalesce(p_priority, 0),
        coalesce(p_next_run_at, p_at),
        coalesce(
            p_max_attempts, (select t.max_attempts from public.worker_job_types t where t.job_type = p_job_type), 5
        ),
        case when p_after <> '{}' then 'parents' end,
        case when p_after <> '{}' then (select count(distinct a.id) from unnest(p_after) a (id)) end,
        case when p_after <> '{}' then coalesce(p_on_parent_failure, 'wait') end,
        coalesce(p_tags, '{}')
    )
    returning j.id into v_id;
    if p_after <> '{}' then
        perform internal.come_after(array_fill(v_id, array[cardinality(p_after)]), p_after);
    end if;
    return v_id;
end
$$;

ALTER FUNCTION internal.enqueue(p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE TABLE public.worker_jobs (
    id bigint NOT NULL,
    job_type text NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    max_attempts integer DEFAULT 5 NOT NULL,
    run_no integer DEFAULT 0 NOT NULL,
    next_run_at timestamp with time zone DEFAULT now() NOT NULL,
    worker_id uuid,
    held_by text COLLATE pg_catalog."C",
    partition_key text,
    limited boolean DEFAULT false NOT NULL,
    is_parent boolean DEFAULT false NOT NULL,
    parents_left integer,
    on_parent_failure text,
    idempotency_key text,
    last_error text,
    history jsonb,
    result jsonb,
    progress smallint,
    progress_note text,
    redrives integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT worker_jobs_attempts_in_range CHECK (((attempts >= 0) AND (attempts <= max_attempts))),
    CONSTRAINT worker_jobs_finished_has_time CHECK (((status = ANY (ARRAY['completed'::text, 'cancelled'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT worker_jobs_only_pending_is_held CHECK (((held_by IS NULL) OR (status = 'pending'::text))),
    CONSTRAINT worker_jobs_progress_in_range CHECK (((progress >= 0) AND (progress <= 100))),
    CONSTRAINT worker_jobs_running_has_worker CHECK (((status = 'running'::text) = (worker_id IS NOT NULL))),
    CONSTRAINT worker_jobs_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text, 'cancelled'::text])))
)
WITH (fillfactor='85', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_insert_scale_factor='0.02', autovacuum_analyze_scale_factor='0.05', autovacuum_vacuum_cost_limit='2000', autovacuum_vacuum_cost_delay='1');

ALTER TABLE ONLY public.worker_jobs FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_jobs OWNER TO rambla_owner;

CREATE FUNCTION internal.explain_limits(p_job public.worker_jobs, p_at timestamp with time zone) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_pause public.worker_pauses;
    v_limit public.worker_limits;
    v_started bigint;
begin
    for v_pause in
        select s.*
        from public.worker_pauses s
        where (s.scope, s.name) in (('queue', p_job.queue), ('type', p_job.job_type))
        order by s.scope
    loop
        return next format('The %s %s is paused since %s: %s', v_pause.scope, v_pause.name, date_trunc('second', v_pause.paused_at), v_pause.reason);
    end loop;

    for v_limit in
        select l.* from internal.limit_now('queue', p_job.queue) l
        union all
        select l.* from internal.limit_now('type', p_job.job_type) l
    loop
        return query
        select format('The %s %s runs at most %s at once, and these run: %s.', v_limit.scope, v_limit.name, v_limit.most_running, r.jobs)
        from internal.running_jobs(v_limit.scope, v_limit.name, null) r
        where r.jobs_count >= v_limit.most_running;

        select sum(s.started) into v_started
        from public.worker_rate_starts s
        where s.job_type = v_limit.name and s.until > p_at - make_interval(secs => v_limit.rate_seconds);
        if v_started >= v_limit.rate_count then
            return next format(
                'The type %s starts at most %s in %s seconds, and has started %s.',
                v_limit.name, v_limit.rate_count, v_limit.rate_seconds, v_started
            );
        end if;
    end loop;

    return query
    select format(
        'At most %s of the type %s with the key %s at once, and these run: %s.',
        internal.most_per_key(p_job.job_type), p_job.job_type, p_job.partition_key, r.jobs
    )
    from internal.running_jobs('type', p_job.job_type, p_job.partition_key) r
    where p_job.partition_key is not null and r.jobs_count >= internal.most_per_key(p_job.job_type);
end
$$;

ALTER FUNCTION internal.explain_limits(p_job public.worker_jobs, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.explain_parents(p_job public.worker_jobs) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    if p_job.held_by is distinct from 'parents' then
        return;
    end if;
    return next format('It waits for %s of its parents to complete.', p_job.parents_left);
    return query
    select format(
        case p.status
            when 'dead' then 'Job %s, its parent, is a dead letter. Redrive it, or run this one now without it.'
            when 'cancelled' then 'Job %s, its parent, was cancelled. Retry it, or run this one now without it.'
            else 'Job %s, its parent, is %s.'
        end,
        p.id, p.status
    )
    from (
        select j.id, j.status
        from public.worker_job_parents e
        inner join public.worker_jobs j on j.id = e.parent_id
        where e.child_id = p_job.id and j.status <> 'completed'
        union all
        select d.job_id, 'dead'
        from public.worker_job_parents e
        inner join public.dead_letter_queue d on d.job_id = e.parent_id
        where e.child_id = p_job.id
    ) p
    order by array_position(array['dead', 'cancelled', 'running', 'pending'], p.status), p.id
    limit 10;
end
$$;

ALTER FUNCTION internal.explain_parents(p_job public.worker_jobs) OWNER TO rambla_owner;

CREATE FUNCTION internal.fail_jobs(p_ids bigint[], p_run_nos integer[], p_errors text[], p_outcomes text[], p_final boolean[], p_at timestamp with time zone) RETURNS TABLE(job_id bigint, next_run_at timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_ids bigint[];
    v_moments timestamptz[];
    v_types text[];
    v_keys text[];
    v_queues text[];
    v_parents bigint[];
begin
    with given as (
        select *
        from unnest(p_ids, p_run_nos, p_errors, p_outcomes, p_final) g (id, run_no, error, outcome, final)
    ), own as materialized (
        select
            j.id,
            j.job_type,
            j.attempts + (j.status = 'pending')::integer as attempts,
            j.run_no + (j.status = 'pending')::integer as run_no,
            case when j.status = 'pending' then p_at else j.started_at end as started_at,
            j.worker_id,
            left(g.error, 10000) as error,
            g.outcome,
            j.attempts + (j.status = 'pending')::integer < j.max_attempts and not g.final as again
        from public.worker_jobs j
        inner join given g on g.id = j.id
        where j.id = any (p_ids)
            and ((j.status = 'running' and j.run_no = g.run_no)
            -- Without a run_no, a job that nobody has claimed is claimed and failed in one step.
            or (g.run_no is null and j.status in ('pending', 'running')))
        order by j.id
        for update of j
    ), noted as materialized (
        select
            o.*,
            jsonb_build_object(
                'at', p_at, 'outcome', o.outcome, 'attempt', o.attempts, 'run_no', o.run_no, 'error', o.error,
                'started_at', o.started_at, 'worker_id', o.worker_id
            ) as event
        from own o
    ), retried as (
        update public.worker_jobs j
        set status = 'pending',
            attempts = n.attempts,
            run_no = n.run_no,
            started_at = n.started_at,
            worker_id = null,
            -- One that failed while it was held is for later now; only its parents are still to be waited for.
            held_by = case when j.held_by = 'parents' then 'parents' end,
            last_error = n.error,
            progress = null,
            progress_note = null,
            history = internal.job_history(j.history, n.event),
            -- The first loss of a worker is rarely the job's fault; a job that kills its workers waits from the second.
            next_run_at = p_at + case
                when n.outcome <> 'lost' then internal.job_backoff(j.job_type, n.attempts)
                when n.attempts > 1 then internal.job_backoff(j.job_type, n.attempts - 1)
                else interval '0'
            end
        from noted n
        where j.id = any (p_ids) and j.id = n.id and n.again
        returning j.id, j.next_run_at, j.job_type, j.partition_key, j.queue, j.limited, false as orphans
    ), gone as (
        delete from public.worker_jobs j
        using noted n
        where j.id = any (p_ids) and j.id = n.id and not n.again
        returning j.*, n.attempts as tried, n.run_no as run, n.started_at as began, n.error as why, n.event
    ), buried as (
        insert into public.dead_letter_queue as d (
            job_id, job_type, queue, priority, payload, tags, attempts, max_attempts, run_no, idempotency_key,
            partition_key, last_error, history, redrives, created_at, started_at, died_at
        )
        select
            g.id, g.job_type, g.queue, g.priority, g.payload, g.tags, g.tried, g.max_attempts, g.run, g.idempotency_key,
            g.partition_key, g.why, internal.job_history(g.history, g.event), g.redrives, g.created_at, g.began, p_at
        from gone g
    ), ended as (
        select r.* from retried r
        union all
        select g.id, null, g.job_type, g.partition_key, g.queue, g.limited, g.is_parent from gone g
    )
    select
        array_agg(e.id),
        array_agg(e.next_run_at),
        array_agg(e.job_type) filter (where e.partition_key is not null),
        array_agg(e.partition_key) filter (where e.partition_key is not null),
        array_agg(distinct e.queue) filter (where e.limited or e.partition_key is not null),
        array_agg(e.id) filter (where e.orphans)
    into v_ids, v_moments, v_types, v_keys, v_queues, v_parents
    from ended e;

    if v_queues is not null then
        perform internal.runs_ended(v_types, v_keys, v_queues);
    end if;
    if v_parents is not null then
        perform internal.parents_failed(v_parents, p_at);
    end if;
    return query select * from unnest(v_ids, v_moments);
end
$$;

ALTER FUNCTION internal.fail_jobs(p_ids bigint[], p_run_nos integer[], p_errors text[], p_outcomes text[], p_final boolean[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE TABLE public.feed_experiment_arms (
    experiment text NOT NULL,
    arm text NOT NULL,
    weights_version integer NOT NULL,
    from_bucket integer NOT NULL,
    to_bucket integer NOT NULL,
    CONSTRAINT feed_experiment_arms_buckets CHECK (((from_bucket >= 0) AND (from_bucket < to_bucket) AND (to_bucket <= 10000))),
    CONSTRAINT feed_experiment_arms_name_form CHECK ((arm ~ '^[a-z0-9][a-z0-9_-]{0,49}$'::text))
);

ALTER TABLE ONLY public.feed_experiment_arms FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_experiment_arms OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_arm_of(p_viewer uuid) RETURNS public.feed_experiment_arms
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    -- Mostly none runs, which this finds out for less than the join below.
    if not exists (select from public.feed_experiments e where e.stopped_at is null) then
        return null;
    end if;
    return (
        select a
        from public.feed_experiments e
        join public.feed_experiment_arms a on a.experiment = e.name
        cross join lateral (
            select ('x' || left(md5(e.salt || ':' || p_viewer), 8))::bit(32)::bigint % 10000 as bucket
        ) h
        where e.stopped_at is null and p_viewer <> internal.feed_visitor() and h.bucket >= a.from_bucket and h.bucket < a.to_bucket
    );
end
$$;

ALTER FUNCTION internal.feed_arm_of(p_viewer uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_around(p_viewer uuid, p_item_id uuid, p_author_id uuid, p_reposter_id uuid) RETURNS TABLE(author_handle text, author_name text, author_avatar_url text, likes bigint, saves bigint, liked boolean, saved boolean, reposts bigint, reposted boolean, reposter_handle text, reposter_name text)
    LANGUAGE sql STABLE
    AS $$
    select a.handle, a.display_name, a.avatar_url,
        coalesce(c.likes, 0), coalesce(c.saves, 0),
        coalesce('like' = any (r.kinds), false), coalesce('save' = any (r.kinds), false),
        coalesce(c.reposts, 0),
        exists (select from public.feed_reposts k where k.user_id = p_viewer)
        and exists (
            select
            from public.feed_reposts k
            where k.user_id = p_viewer and k.item_id = p_item_id
            offset 0
        ),
        case
            when p_reposter_id is not null then (select p.handle from public.profiles p where p.id = p_reposter_id)
        end,
        case
            when p_reposter_id is not null
                then (select p.display_name from public.profiles p where p.id = p_reposter_id)
        end
    from (select a.handle, a.display_name, a.avatar_url from public.profiles a where a.id = p_author_id offset 0) a
    left join lateral (
        select c.likes, c.saves, c.reposts from public.feed_counters c where c.item_id = p_item_id offset 0
    ) c on true
    left join lateral (
        select array_agg(k.kind) as kinds
        from public.feed_reactions k
        where k.user_id = p_viewer and k.item_id = p_item_id
            and exists (select from public.feed_reactions o where o.user_id = p_viewer)
        offset 0
    ) r on true
$$;

ALTER FUNCTION internal.feed_around(p_viewer uuid, p_item_id uuid, p_author_id uuid, p_reposter_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_authors_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_authors uuid[] := '{}';
begin
    if tg_op <> 'DELETE' then
        insert into public.feed_authors (author_id, first_live_at)
        select n.author_id, min(n.published_at)
        from new_rows n
        where n.live and n.item_type = 'post'
        group by n.author_id
        order by n.author_id
        on conflict (author_id) do nothing;
        v_authors := array(select distinct n.author_id from new_rows n where n.item_type = 'post');
    end if;
    if tg_op <> 'INSERT' then
        v_authors := v_authors || array(select distinct o.author_id from old_rows o where o.item_type = 'post');
    end if;

    -- Whoever changes an author's posts holds the author's row to the end. Computed in the statement after the
    -- lock, whose snapshot has all that earlier holders did; otherwise one of two writers is forgotten, and a bound
    -- that is too low hides a post from every slate.
    perform
    from public.feed_authors a
    where a.author_id = any (v_authors)
    order by a.author_id
    for no key update;
    update public.feed_authors a
    set top_key = t.top_key
    from public.feed_authors b
    left join lateral (
        select i.rank_key as top_key
        from public.feed_items i
        where i.author_id = b.author_id and i.item_type = 'post' and i.live
        order by i.rank_key desc
        limit 1
    ) t on true
    where b.author_id = any (v_authors) and a.author_id = b.author_id and a.top_key is distinct from t.top_key;
    return null;
end
$$;

ALTER FUNCTION internal.feed_authors_changed() OWNER TO rambla_owner;

CREATE TABLE public.feed_counters (
    item_id uuid NOT NULL,
    likes bigint DEFAULT 0 NOT NULL,
    saves bigint DEFAULT 0 NOT NULL,
    shares bigint DEFAULT 0 NOT NULL,
    clicks bigint DEFAULT 0 NOT NULL,
    purchases bigint DEFAULT 0 NOT NULL,
    impressions bigint DEFAULT 0 NOT NULL,
    cart_adds bigint DEFAULT 0 NOT NULL,
    dwells bigint DEFAULT 0 NOT NULL,
    reposts bigint DEFAULT 0 NOT NULL,
    CONSTRAINT feed_counters_more_not_negative CHECK ((LEAST(cart_adds, dwells, reposts) >= 0)),
    CONSTRAINT feed_counters_not_negative CHECK ((LEAST(likes, saves, shares, clicks, purchases, impressions) >= 0))
);

ALTER TABLE ONLY public.feed_counters FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_counters OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_bucket(p_counters public.feed_counters, p_weights public.feed_weights) RETURNS smallint
    LANGUAGE sql IMMUTABLE
    AS $$
    select floor(
        4 * log(
            2::numeric,
            (
                1 + p_counters.likes * p_weights.like_weight + p_counters.saves * p_weights.save_weight
                + p_counters.shares * p_weights.share_weight + p_counters.clicks * p_weights.click_weight
                + p_counters.purchases * p_weights.purchase_weight
                + p_counters.cart_adds * p_weights.cart_weight + p_counters.reposts * p_weights.repost_weight
            )::numeric
        )
    )::smallint
$$;

ALTER FUNCTION internal.feed_bucket(p_counters public.feed_counters, p_weights public.feed_weights) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_cards(p_viewer uuid, p_page internal.feed_page) RETURNS TABLE(item_id uuid, item_type text, score double precision, source text, author_id uuid, author_handle text, author_name text, author_avatar_url text, title text, body text, image_url text, tags text[], price_minor bigint, currency text, stock integer, created_at timestamp with time zone, likes bigint, saves bigint, liked boolean, saved boolean, reposts bigint, reposted boolean, reposter_id uuid, reposter_handle text, reposter_name text)
    LANGUAGE sql STABLE
    AS $$
    select r.item_id, r.item_type, internal.feed_score(p_page, r.n), r.reason,
        r.author_id, a.author_handle, a.author_name, a.author_avatar_url,
        coalesce(p.title, s.title), coalesce(p.body, s.description), coalesce(p.image_url, s.image_url),
        coalesce(p.tags, s.tags), s.price_minor, s.currency, s.stock, coalesce(p.created_at, s.created_at),
        a.likes, a.saves, a.liked, a.saved, a.reposts, a.reposted, r.reposter_id, a.reposter_handle, a.reposter_name
    from internal.feed_mix(p_page) r
    cross join lateral internal.feed_around(p_viewer, r.item_id, r.author_id, r.reposter_id) a
    left join lateral (
        select p.title, p.body, p.image_url, p.tags, p.created_at
        from public.posts p
        where p.id = r.item_id and r.item_type = 'post'
        offset 0
    ) p on true
    left join lateral (
        select s.title, s.description, s.image_url, s.tags, s.price_minor, s.currency, s.stock, s.created_at
        from public.shop_items s
        where s.id = r.item_id and r.item_type = 'shop_item'
        offset 0
    ) s on true
$$;

ALTER FUNCTION internal.feed_cards(p_viewer uuid, p_page internal.feed_page) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_carts_counted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.feed_first(array_agg(
        (0, n.user_id, n.item_id, 'add_to_cart', least(n.added_at, now()))::internal.feed_unfolded
    ))
    from new_rows n having count(*) > 0;
    return null;
end
$$;

ALTER FUNCTION internal.feed_carts_counted() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_context(p_viewer uuid, p_at timestamp with time zone) RETURNS internal.feed_context
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_weights constant public.feed_weights := internal.feed_weights_of(p_viewer);
    v_eyes record;
    v_seen constant uuid[] := internal.feed_seen(p_viewer, p_at);
begin
    select e.* into v_eyes from internal.feed_eyes(p_viewer, p_at) e;
    return (
        p_viewer,
        p_at,
        v_eyes.unheard,
        array(
            select h.item_id
            from public.feed_hides h
            where h.user_id = p_viewer and (h.reason = 'hidden' or h.created_at > v_eyes.gone_since)
            union all
            select c.item_id from public.shopping_cart_items c where c.user_id = p_viewer
            union all
            select o.item_id from public.owned_items o where o.user_id = p_viewer
            union all
            select unnest(v_seen)
        ),
        v_seen,
        internal.feed_tired(p_viewer, v_weights, p_at),
        v_eyes.adult,
        v_eyes.muted,
        v_weights,
        null,
        null,
        null,
        v_eyes.tired_tags
    )::internal.feed_context;
end
$$;

ALTER FUNCTION internal.feed_context(p_viewer uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_context_of(p_viewer uuid, p_mode text, p_at timestamp with time zone) RETURNS internal.feed_context
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_context internal.feed_context := internal.feed_context(p_viewer, p_at);
begin
    if p_mode <> 'trending' then
        v_context.followees := internal.feed_followees_asked(v_context, p_mode);
        v_context.reposts := internal.feed_reposts(v_context);
    end if;
    return v_context;
end
$$;

ALTER FUNCTION internal.feed_context_of(p_viewer uuid, p_mode text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_cool(p_viewer uuid, p_item_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    update public.feed_affinities a
    set heat_key = a.heat_key - ln(2::double precision)
    from public.feed_items i
    where i.item_id = p_item_id
        and a.viewer_id = p_viewer
        and (
            (a.subject_type = 'author' and a.subject = i.author_id::text)
            or (a.subject_type = 'tag' and a.subject = any (i.tags))
        )
$$;

ALTER FUNCTION internal.feed_cool(p_viewer uuid, p_item_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_count(p_changes public.feed_counters[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    -- An item may be on its way out together with those who liked it.
    v_items constant uuid[] := array(
        select i.item_id
        from public.feed_items i
        where i.item_id in (select c.item_id from unnest(p_changes) c)
    );
begin
    perform internal.feed_counters_lock(v_items);
    update public.feed_counters c
    set likes = c.likes + n.likes,
        saves = c.saves + n.saves,
        shares = c.shares + n.shares,
        clicks = c.clicks + n.clicks,
        purchases = c.purchases + n.purchases,
        impressions = c.impressions + n.impressions,
        cart_adds = c.cart_adds + n.cart_adds,
        dwells = c.dwells + n.dwells,
        reposts = c.reposts + n.reposts
    from (
        select u.item_id, sum(u.likes) as likes, sum(u.saves) as saves, sum(u.shares) as shares,
            sum(u.clicks) as clicks, sum(u.purchases) as purchases, sum(u.impressions) as impressions,
            sum(u.cart_adds) as cart_adds, sum(u.dwells) as dwells, sum(u.reposts) as reposts
        from unnest(p_changes) u
        group by u.item_id
    ) n
    where c.item_id = n.item_id;

    perform internal.feed_rerank(v_items);
end
$$;

ALTER FUNCTION internal.feed_count(p_changes public.feed_counters[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_counters_lock(p_item_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    insert into public.feed_counters (item_id)
    select i.item_id from unnest(p_item_ids) i (item_id) order by i.item_id
    on conflict (item_id) do nothing;

    -- Locked in the order of their ids, so that two batches never wait for each other in a ring.
    perform
    from public.feed_counters c
    where c.item_id = any (p_item_ids)
    order by c.item_id
    for no key update;
end
$$;

ALTER FUNCTION internal.feed_counters_lock(p_item_ids uuid[]) OWNER TO rambla_owner;

CREATE TABLE public.feed_slates (
    viewer_id uuid NOT NULL,
    mode text NOT NULL,
    epoch bigint NOT NULL,
    weights_version integer NOT NULL,
    post_ids uuid[] NOT NULL,
    post_reasons smallint[] NOT NULL,
    shop_ids uuid[] NOT NULL,
    shop_reasons smallint[] NOT NULL,
    notes jsonb DEFAULT '{}'::jsonb NOT NULL,
    complete boolean DEFAULT true NOT NULL,
    CONSTRAINT feed_slates_epoch_fits CHECK (((epoch >= 1) AND (epoch <= '4294967295'::bigint))),
    CONSTRAINT feed_slates_mode_known CHECK ((mode = ANY (ARRAY['for_you'::text, 'following'::text, 'latest'::text, 'trending'::text]))),
    CONSTRAINT feed_slates_posts_fit CHECK ((cardinality(post_ids) <= 4095)),
    CONSTRAINT feed_slates_reasons_match CHECK (((cardinality(post_ids) = cardinality(post_reasons)) AND (cardinality(shop_ids) = cardinality(shop_reasons)))),
    CONSTRAINT feed_slates_shop_fits CHECK ((cardinality(shop_ids) <= 511))
)
WITH (toast_tuple_target='8160');

ALTER TABLE ONLY public.feed_slates FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_slates OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_cursor(p_viewer uuid, p_mode text, p_score double precision, p_item_id uuid, OUT slate public.feed_slates, OUT posts integer, OUT shop integer) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_score bigint;
    v_consumed bigint;
begin
    -- Infinity and NaN are not between anything; a fraction was never a score.
    if p_item_id is null or p_score is null or not p_score between 2097152 and 9007199254740991
        or p_score <> floor(p_score)
    then
        raise sqlstate 'PT400' using
            message = 'The cursor is not a row of this feed.', detail = 'invalid_cursor',
            hint = 'Pass score and item_id of one row, or neither.';
    end if;
    v_score := p_score::bigint;
    v_consumed := 2097151 - v_score % 2097152;
    posts := v_consumed / 512;
    shop := v_consumed % 512;

    select s.* into slate
    from public.feed_slates s
    where s.viewer_id = p_viewer and s.mode = p_mode and s.epoch = v_score / 2097152;
    -- Places behind its end are of a page that was read where nothing could be stored.
    if not found or posts > cardinality(slate.post_ids) or shop > cardinality(slate.shop_ids) then
        raise sqlstate 'PT410' using
            message = 'The page you came from is no longer kept. Start from the top.', detail = 'cursor_expired';
    end if;
    -- Whoever guesses an epoch still has to name the item that this viewer's slate has in that place.
    if p_item_id is distinct from slate.post_ids[posts] and p_item_id is distinct from slate.shop_ids[shop] then
        raise sqlstate 'PT400' using message = 'The cursor is not a row of this feed.', detail = 'invalid_cursor';
    end if;
end
$$;

ALTER FUNCTION internal.feed_cursor(p_viewer uuid, p_mode text, p_score double precision, p_item_id uuid, OUT slate public.feed_slates, OUT posts integer, OUT shop integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_damp(p_since timestamp with time zone, p_at timestamp with time zone, p_weights public.feed_weights) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    select case
        when d.days <= 0 then '-infinity'
        else ln(
            p_weights.fatigue_floor
            + (1 - p_weights.fatigue_floor) * least(d.days / p_weights.fatigue_fade_days, 1)
        )
    end
    from (
        select extract(epoch from p_at - p_since)::double precision / 86400 - p_weights.fatigue_days as days
    ) d
$$;

ALTER FUNCTION internal.feed_damp(p_since timestamp with time zone, p_at timestamp with time zone, p_weights public.feed_weights) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_damp_of(p_tired internal.feed_tired[], p_item_id uuid, p_author_id uuid) RETURNS double precision
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return coalesce(
        (
            select sum(t.damp)
            from unnest(p_tired) t
            where case t.subject_type
                when 'item' then t.subject = p_item_id::text
                when 'author' then t.subject = p_author_id::text
                else exists (
                    select from public.feed_items i where i.item_id = p_item_id and t.subject = any (i.tags)
                )
            end
        ),
        0
    );
end
$$;

ALTER FUNCTION internal.feed_damp_of(p_tired internal.feed_tired[], p_item_id uuid, p_author_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_events_ended(p_before timestamp with time zone) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
begin
    return array(
        select c.relname::text
        from pg_catalog.pg_inherits h
        join pg_catalog.pg_class c on c.oid = h.inhrelid
        where h.inhparent = 'public.feed_events'::regclass
            and c.relname ~ '^feed_events_\d{8}$'
            and to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC' + interval '168 hours' <= p_before
        order by c.relname
    );
end
$_$;

ALTER FUNCTION internal.feed_events_ended(p_before timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_events_make(p_monday timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_name constant text := 'feed_events_' || to_char(p_monday at time zone 'UTC', 'YYYYMMDD');
    v_from constant uuid := internal.uuid7_floor(p_monday);
    v_to constant uuid := internal.uuid7_floor(p_monday + interval '168 hours');
begin
    if internal.feed_events_week(p_monday) is not null then
        return false;
    end if;
    execute format('create table internal.%I (like public.feed_events including all)', v_name);
    execute format('alter table internal.%I enable row level security', v_name);
    execute format('alter table internal.%I force row level security', v_name);
    -- What came before its week had a table.
    execute format(
        'with moved as (delete from internal.feed_events_default e where e.event_id >= %L and e.event_id < %L returning e.*)'
        ' insert into internal.%I select * from moved', v_from, v_to, v_name
    );
    execute format(
        'alter table public.feed_events attach partition internal.%I for values from (%L) to (%L)', v_name, v_from, v_to
    );
    return true;
end
$$;

ALTER FUNCTION internal.feed_events_make(p_monday timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_events_since(p_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return p_at - make_interval(days => internal.setting('feed_event_days')::integer);
end
$$;

ALTER FUNCTION internal.feed_events_since(p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_events_week(p_monday timestamp with time zone) RETURNS regclass
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select to_regclass('internal.feed_events_' || to_char(p_monday at time zone 'UTC', 'YYYYMMDD')) $$;

ALTER FUNCTION internal.feed_events_week(p_monday timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_explain_arm(p_viewer uuid, p_mode text) RETURNS TABLE(experiment text, arm text, weights_version integer)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select x.experiment, x.arm, l.weights_version
    from (
        select s.* from public.feed_slates s where s.viewer_id = p_viewer and s.mode = p_mode order by s.epoch desc limit 1
    ) l
    join public.feed_exposures x on x.viewer_id = p_viewer and x.mode = p_mode and x.epoch = l.epoch
$$;

ALTER FUNCTION internal.feed_explain_arm(p_viewer uuid, p_mode text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_explain_extras(p_viewer uuid, p_item_id uuid, p_mode text) RETURNS TABLE(term text, value double precision, words text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    with noted as (
        select l.notes -> p_item_id::text as note
        from public.feed_slates l
        where l.viewer_id = p_viewer and l.mode = p_mode
        order by l.epoch desc
        limit 1
    )
    select 'source', (n.note ->> 'boost')::double precision, n.note ->> 'words' from noted n where n.note ? 'source'
    union all
    select 'scorer', (s ->> 'boost')::double precision, s ->> 'words'
    from noted n, jsonb_array_elements(n.note -> 'nudges') s
$$;

ALTER FUNCTION internal.feed_explain_extras(p_viewer uuid, p_item_id uuid, p_mode text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_explain_item(p_item_id uuid, p_at timestamp with time zone) RETURNS TABLE(term text, value double precision, words text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select t.term, t.value, t.words
    from public.feed_items i
    cross join internal.feed_weights() w
    left join public.feed_counters c on c.item_id = i.item_id
    cross join lateral (values
        (
            'popularity',
            i.engagement_bucket * ln(2::double precision) / 4,
            coalesce(
                (
                    select string_agg(
                        n.count || ' ' || n.one || case when n.count = 1 then '' else 's' end, ', ' order by n.nth
                    )
                    from (values
                        (1, c.likes, 'like'), (2, c.saves, 'save'), (3, c.shares, 'share'), (4, c.clicks, 'click'),
                        (5, c.purchases, 'purchase'), (6, c.cart_adds, 'cart'), (7, c.reposts, 'repost')
                    ) n (nth, count, one)
                    where n.count > 0
                ),
                'Nobody has reacted to it yet'
            )
        ),
        (
            'age',
            -extract(epoch from p_at - i.published_at)::double precision
            / case i.item_type when 'post' then w.post_tau_seconds else w.shop_tau_seconds end,
            case when i.item_type = 'post' then 'Posted ' else 'On offer since ' end
            || to_char(i.published_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
        )
    ) t (term, value, words)
    where i.item_id = p_item_id
$$;

ALTER FUNCTION internal.feed_explain_item(p_item_id uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_explain_place(p_viewer uuid, p_item_id uuid, p_mode text) RETURNS TABLE(term text, value double precision, words text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select 'place', null::double precision,
        case
            when s.post is not null
                then 'Post ' || s.post || ' of ' || cardinality(s.post_ids)
                || ' in your feed'
                || case p_mode when 'latest' then '' else ': at most two of an author stand among twenty' end
            else 'Shop item ' || s.shop || ' of ' || cardinality(s.shop_ids)
                || ' in your feed: one in five places is the shop''s'
        end
        || case when s.reason = 'seen' then '. You have seen it, so it stands behind what you have not' else '' end
    from (
        select l.*, array_position(l.post_ids, p_item_id) as post, array_position(l.shop_ids, p_item_id) as shop,
            (internal.feed_reasons())[coalesce(
                l.post_reasons[array_position(l.post_ids, p_item_id)],
                l.shop_reasons[array_position(l.shop_ids, p_item_id)]
            )] as reason
        from public.feed_slates l
        where l.viewer_id = p_viewer and l.mode = p_mode
        order by l.epoch desc
        limit 1
    ) s
    where coalesce(s.post, s.shop) is not null
$$;

ALTER FUNCTION internal.feed_explain_place(p_viewer uuid, p_item_id uuid, p_mode text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_explain_tired(p_viewer uuid, p_item_id uuid, p_at timestamp with time zone) RETURNS TABLE(term text, value double precision, words text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select 'fewer', nullif(t.damp, '-infinity'),
        case t.subject_type
            when 'item' then 'You were not interested in it'
            when 'author' then 'You asked for fewer of ' || p.display_name
            else 'You asked for fewer of #' || t.subject
        end
        || case when t.damp = '-infinity' then ', so it is not shown for now' else '; this fades' end
    from public.feed_items i
    join public.profiles p on p.id = i.author_id
    cross join unnest(internal.feed_tired(p_viewer, internal.feed_weights_of(p_viewer), p_at)) t
    where i.item_id = p_item_id
        and case t.subject_type
            when 'item' then t.subject = i.item_id::text
            when 'author' then t.subject = i.author_id::text
            else t.subject = any (i.tags)
        end
$$;

ALTER FUNCTION internal.feed_explain_tired(p_viewer uuid, p_item_id uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_explain_viewer(p_viewer uuid, p_item_id uuid, p_mode text, p_at timestamp with time zone) RETURNS TABLE(term text, value double precision, words text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    with item as (
        select i.*, p.display_name as author,
            exists (
                select from public.follows f where f.follower_id = p_viewer and f.followee_id = i.author_id
            ) as followed
        from public.feed_items i
        join public.profiles p on p.id = i.author_id
        where i.item_id = p_item_id
    ),
    felt as (
        select a.subject_type, a.subject,
            ln(
                1 + exp(greatest(a.heat_key - extract(epoch from p_at)::double precision / w.affinity_tau_seconds, -700))
            ) as heat
        from item i
        cross join internal.feed_weights_of(p_viewer) w
        join public.feed_affinities a
            on a.viewer_id = p_viewer
            and (
                (a.subject_type = 'author' and a.subject = i.author_id::text)
                or (a.subject_type = 'tag' and a.subject = any (i.tags))
            )
    ),
    reposted as (
        select p.weights, r.at, u.display_name as reposter
        from internal.feed_context_of(p_viewer, p_mode, p_at) p
        cross join unnest(p.reposts) r
        join public.profiles u on u.id = r.user_id
        where r.item_id = p_item_id
    ),
    terms as (
        select 1 as way, 'follow' as term, w.follow_boost as value, 'You follow ' || i.author as words
        from item i, internal.feed_weights_of(p_viewer) w
        where i.followed and (p_mode <> 'trending' or i.item_type = 'shop_item')
        union all
        select 1, 'affinity', w.affinity_boost * f.heat, 'You have reacted to posts by ' || i.author
        from item i, internal.feed_weights_of(p_viewer) w, felt f
        where f.subject_type = 'author' and i.item_type = 'post'
            and (p_mode = 'for_you' or (p_mode = 'following' and i.followed))
        union all
        select 2, 'interest', w.tag_boost * f.heat, 'You have reacted to #' || f.subject
        from internal.feed_weights_of(p_viewer) w, (select * from felt where subject_type = 'tag' order by heat desc limit 1) f
        where p_mode = 'for_you'
        union all
        select 3, 'new_author', w.new_author_boost, i.author || ' is new here, and this is their best post'
        from item i, internal.feed_weights_of(p_viewer) w, public.feed_authors a
        where p_mode = 'for_you' and i.item_type = 'post' and i.visibility = 'public'
            and a.author_id = i.author_id and a.top_key = i.rank_key
            and a.first_live_at > p_at - make_interval(days => w.new_author_days)
        union all
        select 4, 'repost', internal.feed_repost_boost(r.weights)
            + extract(epoch from r.at - i.published_at)::double precision
            / case i.item_type when 'post' then (r.weights).post_tau_seconds else (r.weights).shop_tau_seconds end,
            'Reposted by ' || r.reposter || ', whom you follow'
        from item i, reposted r
        where i.item_type = 'post' or p_mode = 'for_you'
        union all
        select 5, 'similar', internal.feed_similar_boost(l.likeness, w.similar_boost), 'People who liked what you liked also liked it'
        from item i, internal.feed_weights_of(p_viewer) w, internal.feed_likeness(p_viewer) l
        where p_mode = 'for_you' and i.visibility = 'public' and l.item_id = i.item_id
    )
    select t.term, t.value, t.words
    from terms t
    where t.way = (select s.way from terms s group by s.way order by sum(s.value) desc, s.way limit 1)
$$;

ALTER FUNCTION internal.feed_explain_viewer(p_viewer uuid, p_item_id uuid, p_mode text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_expose(p_slate public.feed_slates, p_at timestamp with time zone) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    insert into public.feed_exposures (viewer_id, experiment, mode, epoch, arm, at)
    select p_slate.viewer_id, a.experiment, p_slate.mode, p_slate.epoch, a.arm, p_at
    from internal.feed_arm_of(p_slate.viewer_id) a
    where a.weights_version = p_slate.weights_version -- not if the experiment began while the slate was made
    on conflict (viewer_id, experiment, mode, epoch) do nothing
$$;

ALTER FUNCTION internal.feed_expose(p_slate public.feed_slates, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_extras(p_extras jsonb) RETURNS internal.feed_extra[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    -- Bounded here too, whatever an extension says: a boost of 3 is twenty times the engagement.
    select array_agg((e.item_id, left(e.by, 50), left(e.words, 200), least(greatest(e.boost, -3), 3), e.offered)::internal.feed_extra)
    from (
        select x.* from jsonb_to_recordset(p_extras) x (
            item_id uuid, by text, words text, boost double precision, offered boolean
        )
        limit 1000
    ) e
$$;

ALTER FUNCTION internal.feed_extras(p_extras jsonb) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_eyes(p_viewer uuid, p_at timestamp with time zone) RETURNS TABLE(gone_since timestamp with time zone, unheard uuid[], tired_tags text[], adult boolean, muted text)
    LANGUAGE sql STABLE
    AS $$
    select
        g.since,
        array(
            select s.user_id from internal.feed_silenced(p_viewer) s
            union all
            select f.subject::uuid
            from public.feed_fatigues f
            where f.viewer_id = p_viewer and f.subject_type = 'author' and f.since > g.since
        ),
        array(
            select f.subject
            from public.feed_fatigues f
            where f.viewer_id = p_viewer and f.subject_type = 'tag' and f.since > g.since
        ),
        internal.is_adult(p_viewer),
        case
            when exists (select from public.feed_muted_words m where m.viewer_id = p_viewer)
                then internal.feed_muted(p_viewer)
        end
    from internal.feed_gone_since(p_at) g
$$;

ALTER FUNCTION internal.feed_eyes(p_viewer uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE TABLE internal.feed_unfolded (
    id bigint NOT NULL,
    viewer_id uuid NOT NULL,
    item_id uuid NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY internal.feed_unfolded FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_unfolded OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_first(p_acts internal.feed_unfolded[]) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    -- Once per viewer, item and kind, so that nobody lifts an item by clicking on it all day. One's own act on one's
    -- own item is recorded and counts for nothing. Rows of items are left alone here: a popular one would make
    -- everybody wait who looks at it.
    with firsts as (
        insert into public.feed_firsts as f (viewer_id, item_id, kind, at)
        select distinct on (a.viewer_id, a.item_id, a.kind) a.viewer_id, a.item_id, a.kind, a.at
        from unnest(p_acts) a
        join public.feed_items i on i.item_id = a.item_id and i.author_id <> a.viewer_id
        order by a.viewer_id, a.item_id, a.kind, a.at
        on conflict (viewer_id, item_id, kind) do nothing
        returning f.*
    )
    insert into internal.feed_unfolded (viewer_id, item_id, kind, at)
    select f.viewer_id, f.item_id, f.kind, f.at from firsts f
$$;

ALTER FUNCTION internal.feed_first(p_acts internal.feed_unfolded[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_followees(p internal.feed_context) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return array(
        select f.followee_id from public.follows f where f.follower_id = p.viewer_id order by f.created_at desc limit 501
    );
end
$$;

ALTER FUNCTION internal.feed_followees(p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_followees_asked(p internal.feed_context, p_mode text) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_newest constant uuid[] := internal.feed_followees(p);
    v_hottest uuid[];
begin
    if cardinality(v_newest) <= 500 then
        return v_newest;
    end if;
    v_hottest := internal.feed_hottest_followees(p);
    if cardinality(v_hottest) = 48 and p_mode <> 'latest' then
        return v_hottest;
    end if;
    return v_hottest || internal.feed_followees_beside(p, v_newest, v_hottest);
end
$$;

ALTER FUNCTION internal.feed_followees_asked(p internal.feed_context, p_mode text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_followees_beside(p internal.feed_context, p_newest uuid[], p_hottest uuid[]) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return array(
        (
            select unnest(p_newest[:200])
            union
            select unnest(internal.feed_other_followees(p))
        )
        except
        select unnest(p_hottest)
    );
end
$$;

ALTER FUNCTION internal.feed_followees_beside(p internal.feed_context, p_newest uuid[], p_hottest uuid[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_gone_since(p_at timestamp with time zone) RETURNS TABLE(since timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
    select p_at - make_interval(secs => 86400) * w.fatigue_days
    from public.feed_weights w
    where not w.trial
    order by w.version desc
    limit 1
$$;

ALTER FUNCTION internal.feed_gone_since(p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_hottest_followees(p internal.feed_context) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return array(
        select t.author_id
        from (
            select a.author_id
            from public.feed_authors a
            where a.top_key is not null
            order by a.top_key desc, a.author_id
            limit 200
        ) t
        cross join lateral (
            select
            from public.follows f
            where f.follower_id = p.viewer_id and f.followee_id = t.author_id
            offset 0 -- asks one by one, until there are enough of them
        ) f
        limit 48
    );
end
$$;

ALTER FUNCTION internal.feed_hottest_followees(p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_is_barred(p_item_id uuid, p_muted text, p_gone_tags text[]) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return (p_muted is not null and internal.feed_speaks_of(p_item_id, p_muted))
        or (
            p_gone_tags <> '{}'
            and exists (select from public.feed_items i where i.item_id = p_item_id and i.tags && p_gone_tags)
        );
end
$$;

ALTER FUNCTION internal.feed_is_barred(p_item_id uuid, p_muted text, p_gone_tags text[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_is_visible(p_item_id uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return exists (
        select from public.feed_items i
        where i.item_id = p_item_id
            and (
                i.author_id = auth.uid()
                or (
                    i.live
                    and (not i.age_limited or internal.is_adult(auth.uid()))
                    and i.author_id not in (select s.user_id from internal.feed_silenced(auth.uid()) s)
                    and (
                        i.visibility = 'public'
                        or exists (
                            select from public.follows f
                            where f.follower_id = auth.uid() and f.followee_id = i.author_id
                        )
                    )
                )
            )
    );
end
$$;

ALTER FUNCTION internal.feed_is_visible(p_item_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_items_by_tags(p internal.feed_context) RETURNS TABLE(item_type text, item_id uuid, author_id uuid, score double precision, reason smallint)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_now constant double precision := extract(epoch from p.at) / (p.weights).affinity_tau_seconds;
    v_tag_boost constant double precision := (p.weights).tag_boost;
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
begin
    return query
    with warm as materialized (
        select a.subject as tag,
            v_tag_boost * ln(1 + exp(greatest(a.heat_key - v_now, -700))) as boost
        from public.feed_affinities a
        where a.viewer_id = p.viewer_id and a.subject_type = 'tag'
        order by a.heat_key desc
        limit 8
    )
    select k.item_type, t.item_id, t.author_id, t.rank_key + w.boost, 2::smallint
    from warm w
    cross join (values ('post'), ('shop_item')) k (item_type)
    cross join lateral (
        select t.item_id, t.author_id, t.rank_key
        from (
            select t.item_id, t.author_id, t.rank_key
            from public.feed_item_tags t
            where t.tag = w.tag and t.item_type = k.item_type and t.item_id not in (select unnest(p.unwanted))
            order by t.rank_key desc, t.item_id desc
            limit case when v_bars then 80 else 8 end
        ) t
        where not v_bars or not internal.feed_is_barred(t.item_id, v_muted, v_gone_tags)
        limit 8
        offset 0
    ) t;
end
$$;

ALTER FUNCTION internal.feed_items_by_tags(p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_items_found(p internal.feed_context, p_mode text, OUT posts internal.feed_candidate[], OUT shop internal.feed_candidate[]) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_warm boolean;
    v_reacts boolean;
begin
    select exists (select from public.feed_affinities a where a.viewer_id = p.viewer_id and a.subject_type = 'tag'),
        exists (select from public.feed_reactions r where r.user_id = p.viewer_id)
    into v_warm, v_reacts;
    select array_agg(c.candidate) filter (where c.item_type = 'post'),
        array_agg(c.candidate) filter (where c.item_type = 'shop_item')
    into posts, shop
    from (
        select f.item_type, (f.item_id, f.author_id, f.score, f.reason)::internal.feed_candidate as candidate
        from (
            select * from internal.feed_items_by_tags(p) where p_mode = 'for_you' and v_warm
            union all
            select * from internal.feed_items_similar(p) where p_mode = 'for_you' and v_reacts
            union all
            select 'post', * from internal.feed_posts_by_new_authors(p) where p_mode = 'for_you'
            union all
            select * from internal.feed_items_reposted(p) r
            where p.reposts <> '{}' and (p_mode = 'for_you' or r.item_type = 'post')
            union all
            select * from internal.feed_items_offered(p) where p.extras is not null
            offset 0 -- asks both below once, not of each source
        ) f
        where f.author_id <> p.viewer_id and f.author_id not in (select unnest(p.silenced))
    ) c;
end
$$;

ALTER FUNCTION internal.feed_items_found(p internal.feed_context, p_mode text, OUT posts internal.feed_candidate[], OUT shop internal.feed_candidate[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_items_offered(p internal.feed_context) RETURNS TABLE(item_type text, item_id uuid, author_id uuid, score double precision, reason smallint)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return query
    select i.item_type, i.item_id, i.author_id, i.rank_key + max(e.boost), 7::smallint
    from unnest(p.extras) e
    cross join lateral (select * from public.feed_items i where i.item_id = e.item_id offset 0) i
    where e.offered and i.live and i.in_stock
        and (p.adult or not i.age_limited)
        and (i.visibility = 'public' or i.author_id = any (p.followees))
        and i.item_id not in (select unnest(p.unwanted))
    group by i.item_type, i.item_id, i.author_id, i.rank_key;
end
$$;

ALTER FUNCTION internal.feed_items_offered(p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_items_reposted(p internal.feed_context) RETURNS TABLE(item_type text, item_id uuid, author_id uuid, score double precision, reason smallint)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_boost constant double precision := internal.feed_repost_boost(p.weights);
    v_post_tau constant double precision := (p.weights).post_tau_seconds;
    v_shop_tau constant double precision := (p.weights).shop_tau_seconds;
begin
    return query
    select i.item_type, i.item_id, i.author_id,
        i.rank_key + v_boost + extract(epoch from r.at - i.published_at)::double precision
        / case i.item_type when 'post' then v_post_tau else v_shop_tau end,
        6::smallint
    from unnest(p.reposts) r
    cross join lateral (select * from public.feed_items i where i.item_id = r.item_id offset 0) i
    where i.live and i.in_stock
        and (p.adult or not i.age_limited)
        and (i.visibility = 'public' or i.author_id = any (p.followees))
        and i.item_id not in (select unnest(p.unwanted));
end
$$;

ALTER FUNCTION internal.feed_items_reposted(p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_items_similar(p internal.feed_context) RETURNS TABLE(item_type text, item_id uuid, author_id uuid, score double precision, reason smallint)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_reason constant smallint := array_position(internal.feed_reasons(), 'similar');
    v_boost constant double precision := (p.weights).similar_boost;
    v_adult constant boolean := p.adult;
begin
    return query
    select i.item_type, i.item_id, i.author_id, i.rank_key + internal.feed_similar_boost(l.likeness, v_boost), v_reason
    from (
        select f.item_id, f.likeness
        from internal.feed_likeness(p.viewer_id) f
        where f.item_id not in (select unnest(p.unwanted))
        order by f.likeness desc, f.item_id
        limit 150
    ) l
    cross join lateral (select * from public.feed_items i where i.item_id = l.item_id offset 0) i
    where i.live and i.in_stock and i.visibility = 'public' and (v_adult or not i.age_limited);
end
$$;

ALTER FUNCTION internal.feed_items_similar(p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_items_tagged() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    if tg_op = 'UPDATE' then
        delete from public.feed_item_tags t
        using new_rows n
        where t.item_id = n.item_id
            and not (n.live and n.in_stock and n.visibility = 'public' and not n.age_limited and t.tag = any (n.tags));
    end if;
    insert into public.feed_item_tags as t (tag, item_id, item_type, author_id, rank_key, published_at)
    select distinct tag, n.item_id, n.item_type, n.author_id, n.rank_key, n.published_at
    from new_rows n, unnest(n.tags) tag
    where n.live and n.in_stock and n.visibility = 'public' and not n.age_limited
    on conflict (item_id, tag) do update
    set rank_key = excluded.rank_key, published_at = excluded.published_at
    where (t.rank_key, t.published_at) <> (excluded.rank_key, excluded.published_at);
    return null;
end
$$;

ALTER FUNCTION internal.feed_items_tagged() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_items_touched() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    if tg_op = 'DELETE' then
        perform internal.touch('item', array(select distinct o.item_id from old_rows o limit 201));
    else
        perform internal.touch('item', array(
            select c.item_id
            from (
                select n.item_id, n.live, n.in_stock, n.visibility, n.age_limited, n.tags from new_rows n
                except
                select o.item_id, o.live, o.in_stock, o.visibility, o.age_limited, o.tags from old_rows o
            ) c
            limit 201
        ));
    end if;
    return null;
end
$$;

ALTER FUNCTION internal.feed_items_touched() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_likeness(p_viewer uuid) RETURNS TABLE(item_id uuid, likeness double precision)
    LANGUAGE sql STABLE ROWS 500
    AS $$
    select u.similar_id, sum(u.likeness)::double precision
    from (
        -- Side by side, which in from would store each list before it is read.
        select unnest(s.similar_ids) as similar_id, unnest(s.likeness) as likeness
        from (
            select distinct r.item_id
            from (
                select r.item_id
                from public.feed_reactions r
                where r.user_id = p_viewer
                order by r.created_at desc
                limit 20
            ) r
        ) l
        cross join lateral (
            select s.similar_ids, s.likeness from internal.feed_similar s where s.item_id = l.item_id offset 0
        ) s
    ) u
    group by u.similar_id
$$;

ALTER FUNCTION internal.feed_likeness(p_viewer uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_members(p_item_id uuid, p_item_type text, p_author_id uuid, p_title text, p_body text, p_image_url text, p_tags text[], p_price_minor bigint, p_currency text, p_stock integer, p_created_at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return concat(
        '"item_id":"', p_item_id, '","item_type":"', p_item_type, '","author_id":"', p_author_id,
        '","title":', to_json(p_title),
        ',"body":', to_json(p_body),
        ',"image_url":', coalesce(to_json(p_image_url), 'null'),
        ',"tags":', to_json(p_tags),
        ',"price_minor":', coalesce(p_price_minor::text, 'null'),
        ',"currency":', coalesce(to_json(p_currency), 'null'),
        ',"stock":', coalesce(p_stock::text, 'null'),
        ',"created_at":"', to_json(p_created_at at time zone 'UTC') #>> '{}', '+00:00"'
    );
end
$$;

ALTER FUNCTION internal.feed_members(p_item_id uuid, p_item_type text, p_author_id uuid, p_title text, p_body text, p_image_url text, p_tags text[], p_price_minor bigint, p_currency text, p_stock integer, p_created_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_mix(p_page internal.feed_page) RETURNS TABLE(n integer, item_id uuid, item_type text, reason text, author_id uuid, reposter_id uuid)
    LANGUAGE sql STABLE
    AS $$
    select k.n,
        (p_page).item_ids[k.entry],
        case when k.entry > (p_page).posts then 'shop_item' else 'post' end,
        (internal.feed_reasons())[(p_page).reasons[k.entry]],
        (p_page).author_ids[k.entry],
        (p_page).reposter_ids[k.entry]
    from (
        select g.n,
            case
                when g.n % 5 = 0 and g.n / 5 <= (p_page).shops then (p_page).posts + g.n / 5
                else g.n - least(g.n / 5, (p_page).shops)
            end as entry
        from generate_series(1, (p_page).posts + (p_page).shops) g (n)
        offset 0
    ) k
    offset 0
$$;

ALTER FUNCTION internal.feed_mix(p_page internal.feed_page) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_mode(p_viewer uuid, p_mode text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
    if coalesce(p_mode not in ('for_you', 'following', 'latest', 'trending'), true) then
        raise sqlstate 'PT400' using
            message = 'The feed has no such mode.', detail = 'unknown_mode',
            hint = 'Modes are for_you, following, latest and trending.';
    end if;
    -- Nothing is for a visitor in particular, so they read what everybody does.
    return case when p_viewer = internal.feed_visitor() and p_mode = 'for_you' then 'trending' else p_mode end;
end
$$;

ALTER FUNCTION internal.feed_mode(p_viewer uuid, p_mode text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_muted(p_viewer uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
begin
    return (
        select string_agg(
            case when left(m.word, 1) ~ '\w' and ascii(m.word) < 11904 then '\m' else '' end
            || replace(regexp_replace(m.word, '([.^$*+?()\[\]{}|\\])', '\\\1', 'g'), ' ', '\s+')
            || case when right(m.word, 1) ~ '\w' and ascii(right(m.word, 1)) < 11904 then '\M' else '' end,
            '|' order by m.word
        )
        from public.feed_muted_words m
        where m.viewer_id = p_viewer
    );
end
$_$;

ALTER FUNCTION internal.feed_muted(p_viewer uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_new_reposts(p_viewer uuid, p_unheard uuid[], p_since timestamp with time zone, p_at timestamp with time zone) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    -- As internal.feed_reposts() takes them into a slate, but by time: whom the viewer follows may be thousands.
    return query
    select distinct r.item_id
    from (
        select n.item_id
        from (
            select r.item_id, r.user_id, r.created_at
            from public.feed_reposts r
            where r.created_at >= greatest(p_since, p_at - interval '72 hours') and r.created_at <= p_at
            order by r.created_at desc
            limit 1000
        ) n
        cross join lateral (
            select exists (
                select from public.follows f where f.follower_id = p_viewer and f.followee_id = n.user_id
            ) as yes
        ) f
        where f.yes and n.user_id not in (select unnest(p_unheard))
        order by n.created_at desc
        limit 96
    ) r;
end
$$;

ALTER FUNCTION internal.feed_new_reposts(p_viewer uuid, p_unheard uuid[], p_since timestamp with time zone, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_nudge_of(p_extras internal.feed_extra[], p_item_id uuid) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
    return coalesce(
        (select sum(e.boost) from unnest(p_extras) e where not e.offered and e.item_id = p_item_id), 0
    );
end
$$;

ALTER FUNCTION internal.feed_nudge_of(p_extras internal.feed_extra[], p_item_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_other_followees(p internal.feed_context) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    -- Somewhere among all ids, and somewhere else at the next refresh.
    v_start constant uuid := md5(p.at::text)::uuid;
begin
    return array(
        (
            select f.followee_id
            from public.follows f
            where f.follower_id = p.viewer_id and f.followee_id >= v_start
            order by f.followee_id
            limit 100
        )
        union all
        (
            select f.followee_id
            from public.follows f
            where f.follower_id = p.viewer_id and f.followee_id < v_start
            order by f.followee_id desc
            limit 100
        )
    );
end
$$;

ALTER FUNCTION internal.feed_other_followees(p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_page(p_viewer uuid, p_slate public.feed_slates, p_posts integer, p_shop integer, p_limit integer, p_at timestamp with time zone) RETURNS internal.feed_page
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_reposted constant smallint := array_position(internal.feed_reasons(), 'reposted');
    v_anybody constant boolean := p_slate.mode not in ('following', 'latest');
    v_post_reasons constant smallint[] := p_slate.post_reasons;
    v_shop_reasons constant smallint[] := p_slate.shop_reasons;
    v_gone_since timestamptz;
    v_unheard uuid[]; -- null for nobody, as the two that follow
    v_tired_tags text[];
    v_muted text;
    v_adult boolean;
    v_hides boolean;
    v_carts boolean;
    v_owns boolean;
    v_posts internal.feed_page;
    v_shop internal.feed_page;
begin
    select e.gone_since, nullif(e.unheard, '{}'), nullif(e.tired_tags, '{}'), e.muted, e.adult,
        exists (select from public.feed_hides h where h.user_id = p_viewer),
        exists (select from public.shopping_cart_items c where c.user_id = p_viewer),
        exists (select from public.owned_items o where o.user_id = p_viewer)
    into v_gone_since, v_unheard, v_tired_tags, v_muted, v_adult, v_hides, v_carts, v_owns
    from internal.feed_eyes(p_viewer, p_at) e;

    select coalesce(array_agg(s.item_id), '{}'), array_agg(s.author_id), array_agg(s.reposter_id),
        array_agg(s.reason), array_agg(s.place)
    into v_shop.item_ids, v_shop.author_ids, v_shop.reposter_ids, v_shop.reasons, v_shop.places
    from (
        select u.item_id, i.author_id, v_shop_reasons[p_shop + u.n] as reason, (p_shop + u.n)::integer as place,
            case
                when v_shop_reasons[p_shop + u.n] = v_reposted
                    then internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard)
            end as reposter_id
        from unnest(p_slate.shop_ids[p_shop + 1:]) with ordinality u (item_id, n)
        cross join lateral (
            select i.author_id, i.live, i.in_stock, i.tags, i.age_limited
            from public.feed_items i
            where i.item_id = u.item_id
            offset 0
        ) i
        where i.live
            and i.in_stock
            and i.author_id <> p_viewer
            and (v_adult or not i.age_limited)
            and (v_unheard is null or i.author_id not in (select unnest(v_unheard)))
            and (v_tired_tags is null or not i.tags && v_tired_tags)
            and (
                v_shop_reasons[p_shop + u.n] <> v_reposted
                or exists (
                    select from public.follows f where f.follower_id = p_viewer and f.followee_id = i.author_id offset 0
                )
                or internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard) is not null
            )
            and not (v_hides and exists (
                select
                from public.feed_hides h
                where h.user_id = p_viewer and h.item_id = u.item_id
                    and (h.reason = 'hidden' or h.created_at > v_gone_since)
                offset 0
            ))
            and not (v_carts and exists (
                select from public.shopping_cart_items c where c.user_id = p_viewer and c.item_id = u.item_id offset 0
            ))
            and not (v_owns and exists (
                select from public.owned_items o where o.user_id = p_viewer and o.item_id = u.item_id offset 0
            ))
            and (v_muted is null or not internal.feed_speaks_of(u.item_id, v_muted))
        order by u.n
        limit p_limit / 5
    ) s;

    select coalesce(array_agg(p.item_id), '{}'), array_agg(p.author_id), array_agg(p.reposter_id),
        array_agg(p.reason), array_agg(p.place)
    into v_posts.item_ids, v_posts.author_ids, v_posts.reposter_ids, v_posts.reasons, v_posts.places
    from (
        select u.item_id, i.author_id, v_post_reasons[p_posts + u.n] as reason, (p_posts + u.n)::integer as place,
            case
                when v_post_reasons[p_posts + u.n] = v_reposted
                    then internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard)
            end as reposter_id
        from unnest(p_slate.post_ids[p_posts + 1:]) with ordinality u (item_id, n)
        cross join lateral (
            select i.author_id, i.live, i.visibility = 'public' as public, i.tags, i.age_limited
            from public.feed_items i
            where i.item_id = u.item_id
            offset 0
        ) i
        where i.live
            and i.author_id <> p_viewer
            and (v_adult or not i.age_limited)
            and (v_unheard is null or i.author_id not in (select unnest(v_unheard)))
            and (v_tired_tags is null or not i.tags && v_tired_tags)
            and case
                when i.public and v_anybody and v_post_reasons[p_posts + u.n] <> v_reposted then true
                when exists (
                    select from public.follows f where f.follower_id = p_viewer and f.followee_id = i.author_id offset 0
                ) then true
                else i.public
                    and v_post_reasons[p_posts + u.n] = v_reposted
                    and internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard) is not null
            end
            and not (v_hides and exists (
                select
                from public.feed_hides h
                where h.user_id = p_viewer and h.item_id = u.item_id
                    and (h.reason = 'hidden' or h.created_at > v_gone_since)
                offset 0
            ))
            and (v_muted is null or not internal.feed_speaks_of(u.item_id, v_muted))
        order by u.n
        limit p_limit - cardinality(v_shop.item_ids)
    ) p;

    return (
        p_slate.epoch,
        cardinality(v_posts.item_ids),
        least(cardinality(v_shop.item_ids), cardinality(v_posts.item_ids) / 4),
        p_shop,
        v_posts.item_ids || v_shop.item_ids,
        v_posts.author_ids || v_shop.author_ids,
        v_posts.reposter_ids || v_shop.reposter_ids,
        v_posts.reasons || v_shop.reasons,
        v_posts.places || v_shop.places
    )::internal.feed_page;
end
$$;

ALTER FUNCTION internal.feed_page(p_viewer uuid, p_slate public.feed_slates, p_posts integer, p_shop integer, p_limit integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_page_dated(p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, OUT page text, OUT rests_on text, OUT seconds double precision, OUT snapshot text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_viewer constant uuid := coalesce((p_claims::jsonb ->> 'sub')::uuid, internal.feed_visitor());
    v_walk record;
    v_page internal.feed_page;
begin
    -- All that is read here is of the moment of the statement that calls. A standby does not know which transactions
    -- were under way then: there everything from the oldest of them on counts as not seen.
    snapshot := case
        when pg_is_in_recovery()
            then concat_ws(':', pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmin(pg_current_snapshot()), '')
        else pg_current_snapshot()::text
    end;
    v_walk := internal.feed_walk(
        v_viewer, internal.feed_mode(v_viewer, p_mode), p_cursor_score, p_cursor_id, p_limit, false, now()
    );
    v_page := v_walk.page;
    if v_page.epoch is null then
        return;
    end if;
    seconds := extract(epoch from v_walk.ends - clock_timestamp());
    select
        '{"items":[' || coalesce(string_agg(
            '{"reason":"' || f.reason
            || '","author_handle":"' || a.author_handle
            || '","author_name":' || to_json(a.author_name)
            || ',"author_avatar_url":' || coalesce(to_json(a.author_avatar_url)::text, 'null')
            || ',"likes":' || a.likes || ',"saves":' || a.saves || ',"reposts":' || a.reposts
            || case when a.liked then ',"liked":true' else ',"liked":false' end
            || case when a.saved then ',"saved":true' else ',"saved":false' end
            || case when a.reposted then ',"reposted":true' else ',"reposted":false' end
            || case
                when f.reposter_id is null
                    then ',"reposter_id":null,"reposter_handle":null,"reposter_name":null,'
                else ',"reposter_id":"' || f.reposter_id || '","reposter_handle":"' || a.reposter_handle
                    || '","reposter_name":' || to_json(a.reposter_name) || ','
            end
            || j.members || '}',
            ',' order by f.n
        ), '')
        || '],"next_cursor":' || coalesce(max(
            '"' || translate(encode(
                float8send(internal.feed_score(v_page, f.n)) || uuid_send(f.item_id), 'base64'
            ), '+/', '-_') || '"'
        ) filter (where f.n = p_limit), 'null') || '}',
        concat('viewer/', v_viewer, string_agg(
            ' item/' || f.item_id || ' profile/' || f.author_id || coalesce(' profile/' || f.reposter_id, ''), ''
        ))
    into page, rests_on
    from internal.feed_mix(v_page) f
    cross join lateral (
        select j.members from internal.feed_item_json j where j.item_id = f.item_id offset 0
    ) j
    cross join lateral internal.feed_around(v_viewer, f.item_id, f.author_id, f.reposter_id) a;
end
$$;

ALTER FUNCTION internal.feed_page_dated(p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, OUT page text, OUT rests_on text, OUT seconds double precision, OUT snapshot text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_page_json(p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    if p_cursor_id is not null then
        -- Release 0.1.0 knows slates that are made whole.
        perform set_config('request.jwt.claims', p_claims, true);
        perform from public.feed_fusion_home(p_mode, p_cursor_score, p_cursor_id, p_limit);
    end if;
    return (
        select f.page from internal.feed_page_dated(p_claims, p_mode, p_cursor_score, p_cursor_id, p_limit) f
    );
end
$$;

ALTER FUNCTION internal.feed_page_json(p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_posts_by_authors(p internal.feed_context, p_followed_only boolean, p_limit integer) RETURNS SETOF internal.feed_candidate
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_now constant double precision := extract(epoch from p.at) / (p.weights).affinity_tau_seconds;
    v_follow_boost constant double precision := (p.weights).follow_boost;
    v_affinity_boost constant double precision := (p.weights).affinity_boost;
    v_adult constant boolean := p.adult;
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
    v_followees uuid[] := p.followees;
    v_newest uuid[];
    v_found integer;
begin
    loop
        return query
        with warm as materialized (
            select a.subject::uuid as author_id,
                v_affinity_boost * ln(1 + exp(greatest(a.heat_key - v_now, -700))) as boost
            from public.feed_affinities a
            where a.viewer_id = p.viewer_id and a.subject_type = 'author'
            order by a.heat_key desc
            limit 32
        ),
        followed as (
            select t.author_id, t.top_key, v_follow_boost as boost, 1 as reason
            from public.feed_authors t
            where t.author_id = any (v_followees)
                and t.top_key is not null
                and t.author_id not in (select unnest(p.silenced))
                and t.author_id not in (select w.author_id from warm w)
        ),
        engaged as (
            select t.author_id, t.top_key, w.boost + case when f.followee_id is null then 0 else v_follow_boost end,
                case when f.followee_id is null then 2 else 1 end
            from warm w
            join public.feed_authors t on t.author_id = w.author_id
            left join lateral (
                select o.followee_id
                from public.follows o
                where o.follower_id = p.viewer_id and o.followee_id = w.author_id
                offset 0
            ) f on true
            where t.top_key is not null
                and t.author_id not in (select unnest(p.silenced))
                and (f.followee_id is not null or not p_followed_only)
        ),
        best as materialized (
            select k.*, least(count(*) over (), 48) as authors
            from (select * from followed union all select * from engaged) k
            order by k.top_key + k.boost desc, k.author_id
            limit case when v_bars then 96 end -- to look past what is barred costs more of each
        )
        select i.item_id, b.author_id, i.rank_key + b.boost, b.reason::smallint
        from best b
        cross join lateral (
            select i.item_id, i.rank_key
            from (
                select i.item_id, i.rank_key
                from public.feed_items i
                where i.author_id = b.author_id and i.item_type = 'post' and i.live
                    and (b.reason = 1 or i.visibility = 'public')
                    and (v_adult or not i.age_limited)
                    and i.item_id not in (select unnest(p.unwanted))
                order by i.rank_key desc, i.item_id desc
                limit greatest(1, p_limit / b.authors) * case when v_bars then 5 else 1 end
            ) i
            where not v_bars or not internal.feed_is_barred(i.item_id, v_muted, v_gone_tags)
            limit greatest(1, p_limit / b.authors)
            offset 0 -- keeps the probe a probe: without it the planner may read every author's posts and join
        ) i
        limit p_limit; -- asks no more of them than it takes
        get diagnostics v_found = row_count;
        exit when v_found >= p_limit / 2 or cardinality(p.followees) is distinct from 48 or v_followees <> p.followees;
        -- The hottest of very many had little; or these are all.
        v_newest := internal.feed_followees(p);
        exit when cardinality(v_newest) <= 500;
        v_followees := internal.feed_followees_beside(p, v_newest, p.followees);
    end loop;
end
$$;

ALTER FUNCTION internal.feed_posts_by_authors(p internal.feed_context, p_followed_only boolean, p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_posts_by_new_authors(p internal.feed_context) RETURNS SETOF internal.feed_candidate
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
begin
    return query
    with newest as materialized (
        select a.author_id
        from public.feed_authors a
        where a.top_key is not null
            and a.first_live_at > p.at - make_interval(days => (p.weights).new_author_days)
        order by a.first_live_at desc
        limit 32
    )
    select i.item_id, n.author_id, i.rank_key + (p.weights).new_author_boost, 4::smallint
    from newest n
    cross join lateral (
        select i.item_id, i.rank_key
        from (
            select i.item_id, i.rank_key
            from public.feed_items i
            where i.author_id = n.author_id and i.item_type = 'post' and i.live and i.visibility = 'public'
                and (p.adult or not i.age_limited)
                and i.item_id not in (select unnest(p.unwanted))
            order by i.rank_key desc, i.item_id desc
            limit case when v_bars then 10 else 1 end
        ) i
        where not v_bars or not internal.feed_is_barred(i.item_id, v_muted, v_gone_tags)
        limit 1
        offset 0
    ) i;
end
$$;

ALTER FUNCTION internal.feed_posts_by_new_authors(p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_posts_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    if tg_op = 'DELETE' then
        delete from public.feed_items i using old_rows o where i.item_id = o.id;
        delete from internal.feed_item_json j using old_rows o where j.item_id = o.id;
        return null;
    end if;
    perform internal.feed_require_kind(array(select n.id from new_rows n), 'post');
    insert into internal.feed_item_json as j (item_id, members)
    select n.id,
        internal.feed_members(
            n.id, 'post', n.author_id, n.title, n.body, n.image_url, n.tags, null, null, null, n.created_at
        )
    from new_rows n
    on conflict (item_id) do update set members = excluded.members where j.members <> excluded.members;
    insert into public.feed_items as i
        (item_id, item_type, author_id, tags, visibility, live, removed, age_limited, published_at, rank_key)
    select n.id, 'post', n.author_id, n.tags, n.visibility,
        n.state = 'published' and n.removal_reason is null, n.removal_reason is not null, n.age_limited, t.at,
        internal.feed_rank_key('post', t.at, 0::smallint, w)
    from new_rows n, internal.feed_weights() w, lateral (select least(n.created_at, now()) as at) t
    on conflict (item_id) do update
    set tags = excluded.tags,
        visibility = excluded.visibility,
        live = excluded.live,
        removed = excluded.removed,
        age_limited = excluded.age_limited,
        -- A draft is as old as its publication; what a moderator restores is as old as it was.
        published_at = case when excluded.live and not i.live and not i.removed then now() else i.published_at end,
        rank_key = case
            when excluded.live and not i.live and not i.removed
                then internal.feed_rank_key('post', now(), i.engagement_bucket, internal.feed_weights())
            else i.rank_key
        end
    where i.item_type = excluded.item_type
        and (i.tags, i.visibility, i.live, i.removed, i.age_limited) is distinct from (
            excluded.tags, excluded.visibility, excluded.live, excluded.removed, excluded.age_limited
        );
    return null;
end
$$;

ALTER FUNCTION internal.feed_posts_changed() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_posts_ranked(p internal.feed_context, p_mode text, p_found internal.feed_candidate[], p_before uuid[], p_limit integer, OUT ids uuid[], OUT authors integer[], OUT reasons smallint[]) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_decay constant double precision := (p.weights).diversity_decay;
    v_floor constant double precision := (p.weights).diversity_floor;
    v_tired constant internal.feed_tired[] := p.tired;
    v_muted constant text := p.muted;
    v_extras constant internal.feed_extra[] := p.extras;
begin
    with found as (
        select distinct on (c.item_id) c.*
        from (
            -- Five posts of each of 48 authors where there is nothing else, otherwise the best two.
            select *
            from internal.feed_posts_by_authors(p, p_mode = 'following', case p_mode when 'following' then 240 else 96 end)
            where p_mode <> 'trending'
            union all
            select * from internal.feed_posts_trending(p, p_limit) where p_mode <> 'following'
            union all
            select * from unnest(p_found)
        ) c
        order by c.item_id, c.score desc, c.reason
    ),
    damped as (
        select f.item_id, f.author_id, f.reason,
            f.score + case
                when v_tired is null then 0 else internal.feed_damp_of(v_tired, f.item_id, f.author_id)
            end + case when v_extras is null then 0 else internal.feed_nudge_of(v_extras, f.item_id) end as score
        from found f
        where v_muted is null or not internal.feed_speaks_of(f.item_id, v_muted)
        union all
        -- Whom the reader has just read counts less, and stands apart from what comes.
        select i.item_id, i.author_id, null, 1e6 - 10 * b.n
        from unnest(p_before) with ordinality b (item_id, n)
        cross join lateral (select * from public.feed_items i where i.item_id = b.item_id offset 0) i
    ),
    -- An author's number is the place of their first post. Both windows are in one order, so it takes one sort.
    decayed as (
        select d.item_id, d.reason, (rank() over author)::integer as author,
            d.score + ln((1 - v_floor) * v_decay ^ (row_number() over post - rank() over author) + v_floor) as score
        from damped d
        window post as (order by d.author_id, d.score desc, d.item_id desc), author as (order by d.author_id)
    )
    select array_agg(d.item_id), array_agg(d.author), array_agg(d.reason)
    into ids, authors, reasons
    from (
        select *
        from decayed d
        where d.score > '-infinity'
        order by d.score desc, d.item_id desc
        limit p_limit + cardinality(p_before)
    ) d;
end
$$;

ALTER FUNCTION internal.feed_posts_ranked(p internal.feed_context, p_mode text, p_found internal.feed_candidate[], p_before uuid[], p_limit integer, OUT ids uuid[], OUT authors integer[], OUT reasons smallint[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_posts_trending(p internal.feed_context, p_limit integer) RETURNS SETOF internal.feed_candidate
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
begin
    return query
    select i.item_id, i.author_id, i.rank_key, 3::smallint
    from (
        select i.item_id, i.author_id, i.rank_key
        from public.feed_items i
        where i.live and i.item_type = 'post' and i.visibility = 'public'
            and (p.adult or not i.age_limited)
            and i.author_id <> p.viewer_id
            and i.author_id not in (select unnest(p.silenced))
            and i.item_id not in (select unnest(p.unwanted))
        order by i.rank_key desc, i.item_id desc
        limit case when v_bars then 2000 else p_limit end
    ) i
    where not v_bars or not internal.feed_is_barred(i.item_id, v_muted, v_gone_tags)
    limit p_limit;
end
$$;

ALTER FUNCTION internal.feed_posts_trending(p internal.feed_context, p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_purchases_counted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.feed_count(array_agg((r.item_id, 0, 0, 0, 0, 1, 0, 0, 0, 0)::public.feed_counters))
    from new_rows r having count(*) > 0;
    return null;
end
$$;

ALTER FUNCTION internal.feed_purchases_counted() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_rank_key(p_item_type text, p_published_at timestamp with time zone, p_bucket smallint, p_weights public.feed_weights) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    select p_bucket * ln(2::double precision) / 4
        + extract(epoch from p_published_at)::double precision
        / case p_item_type when 'post' then p_weights.post_tau_seconds else p_weights.shop_tau_seconds end
$$;

ALTER FUNCTION internal.feed_rank_key(p_item_type text, p_published_at timestamp with time zone, p_bucket smallint, p_weights public.feed_weights) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_reaction_count(p_item_id uuid, p_kind text) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return coalesce(
        (
            select case p_kind when 'like' then c.likes else c.saves end
            from public.feed_counters c
            where c.item_id = p_item_id
        ),
        0
    );
end
$$;

ALTER FUNCTION internal.feed_reaction_count(p_item_id uuid, p_kind text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_reactions_add(p_viewer uuid, p_item_ids uuid[], p_kinds text[], p_at timestamp with time zone) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    with added as (
        insert into public.feed_reactions as r (user_id, item_id, kind, created_at)
        select distinct p_viewer, u.item_id, u.kind, p_at
        from unnest(p_item_ids, p_kinds) u (item_id, kind)
        order by u.item_id, u.kind
        on conflict (user_id, item_id, kind) do nothing
        returning r.item_id, r.kind
    )
    select internal.feed_warm(
        array_agg(p_viewer), array_agg(a.item_id), array_agg(case a.kind when 'like' then 1 else 2 end), array_agg(p_at)
    )
    from added a
    having count(*) > 0
$$;

ALTER FUNCTION internal.feed_reactions_add(p_viewer uuid, p_item_ids uuid[], p_kinds text[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_reactions_counted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    if tg_op = 'INSERT' then
        perform internal.feed_count(array_agg(
            (r.item_id, (r.kind = 'like')::int, (r.kind = 'save')::int, 0, 0, 0, 0, 0, 0, 0)::public.feed_counters
        ))
        from new_rows r
        join public.feed_items i on i.item_id = r.item_id and i.author_id <> r.user_id
        having count(*) > 0;
    else
        perform internal.feed_count(array_agg(
            (r.item_id, -(r.kind = 'like')::int, -(r.kind = 'save')::int, 0, 0, 0, 0, 0, 0, 0)::public.feed_counters
        ))
        from old_rows r
        join public.feed_items i on i.item_id = r.item_id and i.author_id <> r.user_id
        having count(*) > 0;
    end if;
    return null;
end
$$;

ALTER FUNCTION internal.feed_reactions_counted() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_reasons() RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
    return '{followed,interest,trending,new_author,seen,reposted,offered,similar}';
end
$$;

ALTER FUNCTION internal.feed_reasons() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_repost_boost(p_weights public.feed_weights) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$ select p_weights.follow_boost + ln(p_weights.repost_factor) $$;

ALTER FUNCTION internal.feed_repost_boost(p_weights public.feed_weights) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_repost_count(p_item_id uuid) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return coalesce((select c.reposts from public.feed_counters c where c.item_id = p_item_id), 0);
end
$$;

ALTER FUNCTION internal.feed_repost_count(p_item_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_reposter(p_viewer uuid, p_slate public.feed_slates, p_item_id uuid, p_unheard uuid[]) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return (
        select r.user_id
        from public.feed_reposts r
        join public.follows f on f.follower_id = p_viewer and f.followee_id = r.user_id
        where r.user_id = (p_slate.notes -> p_item_id::text ->> 'by')::uuid
            and r.item_id = p_item_id
            and r.user_id not in (select unnest(p_unheard))
    );
end
$$;

ALTER FUNCTION internal.feed_reposter(p_viewer uuid, p_slate public.feed_slates, p_item_id uuid, p_unheard uuid[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_reposts(p internal.feed_context) RETURNS internal.feed_repost[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    -- Three days are seven times the tau of a post: what was reposted before stands behind everything else anyhow.
    return array(
        select (r.item_id, r.user_id, r.at)::internal.feed_repost
        from (
            select distinct on (n.item_id) n.item_id, n.user_id, n.created_at as at
            from (
                select r.item_id, r.user_id, r.created_at
                from public.feed_reposts r
                where r.user_id = any (p.followees)
                    and r.user_id not in (select unnest(p.silenced))
                    and r.created_at between p.at - interval '72 hours' and p.at
                order by r.created_at desc, r.user_id, r.item_id
                limit 96
            ) n
            order by n.item_id, n.created_at desc, n.user_id
        ) r
    );
end
$$;

ALTER FUNCTION internal.feed_reposts(p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_reposts_counted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    if tg_op = 'INSERT' then
        perform internal.feed_count(array_agg((r.item_id, 0, 0, 0, 0, 0, 0, 0, 0, 1)::public.feed_counters))
        from new_rows r having count(*) > 0;
    else
        perform internal.feed_count(array_agg((r.item_id, 0, 0, 0, 0, 0, 0, 0, 0, -1)::public.feed_counters))
        from old_rows r having count(*) > 0;
    end if;
    return null;
end
$$;

ALTER FUNCTION internal.feed_reposts_counted() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_require_comparable(p_version integer) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    if not exists (
        select
        from public.feed_weights w, internal.feed_weights() d
        where w.version = p_version
            and not exists (
                select
                from unnest(internal.feed_weights_shared()) k
                where to_jsonb(w) -> k is distinct from to_jsonb(d) -> k
            )
    ) then
        raise sqlstate 'PT400' using
            message = format('No arm can have version %s of the weights.', coalesce(p_version::text, '(none)')),
            detail = 'invalid_value', hint = 'Make one from the current version with feed_weights_try().';
    end if;
end
$$;

ALTER FUNCTION internal.feed_require_comparable(p_version integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_require_kind(p_ids uuid[], p_item_type text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    if exists (
        select from public.feed_items i where i.item_id = any (p_ids) and i.item_type <> p_item_type
    ) then
        raise sqlstate 'PT409' using message = 'The id is taken.', detail = 'conflict';
    end if;
end
$$;

ALTER FUNCTION internal.feed_require_kind(p_ids uuid[], p_item_type text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_require_visible(p_item_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    if not internal.feed_is_visible(p_item_id) then
        raise sqlstate 'PT404' using message = 'There is nothing here that you may see.', detail = 'not_found';
    end if;
end
$$;

ALTER FUNCTION internal.feed_require_visible(p_item_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_require_weights(p_changes jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_unknown constant text[] := array(
        select k from jsonb_object_keys(p_changes) k where not to_jsonb(internal.feed_weights()) ? k order by k
    );
begin
    if v_unknown <> '{}' then
        raise sqlstate 'PT400' using
            message = 'There is no such weight: ' || array_to_string(v_unknown, ', ') || '.', detail = 'invalid_value';
    end if;
end
$$;

ALTER FUNCTION internal.feed_require_weights(p_changes jsonb) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_rerank(p_item_ids uuid[]) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    with moved as (
        update public.feed_items i
        set engagement_bucket = b.bucket,
            rank_key = internal.feed_rank_key(i.item_type, i.published_at, b.bucket, b.weights)
        from (
            select c.item_id, internal.feed_bucket(c, w) as bucket, w as weights
            from public.feed_counters c, internal.feed_weights() w
            where c.item_id = any (p_item_ids)
        ) b
        where i.item_id = b.item_id and i.engagement_bucket <> b.bucket
        returning i.item_id
    )
    insert into internal.feed_unrelated (item_id) select m.item_id from moved m
$$;

ALTER FUNCTION internal.feed_rerank(p_item_ids uuid[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_score(p_page internal.feed_page, p_n integer) RETURNS double precision
    LANGUAGE sql STABLE
    AS $$
    select (
        (p_page).epoch * 2097152 + 2097151
        - (p_page).places[p_n - least(p_n / 5, (p_page).shops)] * 512
        - coalesce((p_page).places[(p_page).posts + nullif(least(p_n / 5, (p_page).shops), 0)], (p_page).shop_from)
    )::double precision
$$;

ALTER FUNCTION internal.feed_score(p_page internal.feed_page, p_n integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_seen(p_viewer uuid, p_at timestamp with time zone) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return array(
        select f.item_id
        from public.feed_firsts f
        where f.viewer_id = p_viewer
            and f.at > p_at - make_interval(days => internal.setting('feed_seen_days')::integer)
        order by f.at desc
        limit 2000
    );
end
$$;

ALTER FUNCTION internal.feed_seen(p_viewer uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_seen_ranked(p internal.feed_context, p_mode text, OUT post_ids uuid[], OUT post_authors integer[], OUT shop_ids uuid[], OUT shop_authors integer[]) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_tired constant internal.feed_tired[] := p.tired;
begin
    with found as (
        select i.item_type, i.item_id, i.author_id,
            i.rank_key + case
                when v_tired is null then 0 else internal.feed_damp_of(v_tired, i.item_id, i.author_id)
            end as score
        from (select distinct u.item_id from unnest(p.seen[:400]) u (item_id)) s
        cross join lateral (select * from public.feed_items i where i.item_id = s.item_id offset 0) i
        where i.live
            and i.author_id <> p.viewer_id
            and i.author_id not in (select unnest(p.silenced))
            and (
                (i.visibility = 'public' and p_mode <> 'following')
                or exists (
                    select from public.follows f where f.follower_id = p.viewer_id and f.followee_id = i.author_id
                )
            )
    )
    select array_agg(f.item_id) filter (where f.item_type = 'post'),
        array_agg(f.author) filter (where f.item_type = 'post'),
        array_agg(f.item_id) filter (where f.item_type = 'shop_item'),
        array_agg(f.author) filter (where f.item_type = 'shop_item')
    into post_ids, post_authors, shop_ids, shop_authors
    from (
        select f.item_type, f.item_id, dense_rank() over (order by f.author_id)::integer as author
        from found f
        where f.score > '-infinity'
        order by f.score desc, f.item_id desc
    ) f;
end
$$;

ALTER FUNCTION internal.feed_seen_ranked(p internal.feed_context, p_mode text, OUT post_ids uuid[], OUT post_authors integer[], OUT shop_ids uuid[], OUT shop_authors integer[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_shop_items_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    if tg_op = 'DELETE' then
        delete from public.feed_items i using old_rows o where i.item_id = o.id;
        delete from internal.feed_item_json j using old_rows o where j.item_id = o.id;
        return null;
    end if;
    perform internal.feed_require_kind(array(select n.id from new_rows n), 'shop_item');
    if tg_op = 'UPDATE' then
        -- Counters before items, as whoever counts takes them: a payment changes the stock first and counts the sale last,
        -- and would wait in a ring with a like.
        perform internal.feed_counters_lock(array(select n.id from new_rows n));
    end if;
    insert into internal.feed_item_json as j (item_id, members)
    select n.id,
        internal.feed_members(
            n.id, 'shop_item', n.seller_id, n.title, n.description, n.image_url, n.tags, n.price_minor, n.currency,
            n.stock, n.created_at
        )
    from new_rows n
    on conflict (item_id) do update set members = excluded.members where j.members <> excluded.members;
    insert into public.feed_items as i
        (item_id, item_type, author_id, tags, live, removed, age_limited, in_stock, published_at, rank_key)
    select n.id, 'shop_item', n.seller_id, n.tags,
        n.state = 'listed' and n.removal_reason is null, n.removal_reason is not null, n.age_limited,
        coalesce(n.stock > 0, true), t.at,
        internal.feed_rank_key('shop_item', t.at, 0::smallint, w)
    from new_rows n, internal.feed_weights() w, lateral (select least(n.created_at, now()) as at) t
    on conflict (item_id) do update
    set tags = excluded.tags,
        live = excluded.live,
        removed = excluded.removed,
        age_limited = excluded.age_limited,
        -- Stock that comes back makes nothing newer, or selling out would pay.
        in_stock = excluded.in_stock,
        published_at = case when excluded.live and not i.live and not i.removed then now() else i.published_at end,
        rank_key = case
            when excluded.live and not i.live and not i.removed
                then internal.feed_rank_key('shop_item', now(), i.engagement_bucket, internal.feed_weights())
            else i.rank_key
        end
    where i.item_type = excluded.item_type
        and (i.tags, i.live, i.removed, i.age_limited, i.in_stock) is distinct from (
            excluded.tags, excluded.live, excluded.removed, excluded.age_limited, excluded.in_stock
        );
    return null;
end
$$;

ALTER FUNCTION internal.feed_shop_items_changed() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_shop_items_offered(p internal.feed_context, p_limit integer) RETURNS SETOF internal.feed_candidate
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_follow_boost constant double precision := (p.weights).follow_boost;
    -- Of very many the part that this slate asks: the table would be read item by item, or all that is the viewer's.
    v_followees constant uuid[] := coalesce(p.followees, internal.feed_followees_asked(p, 'trending'));
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
begin
    return query
    select i.item_id, i.author_id,
        i.rank_key + case when f.author_id is null then 0 else v_follow_boost end,
        case when f.author_id is null then 3 else 1 end::smallint
    from (
        select i.item_id, i.author_id, i.rank_key
        from (
            select i.item_id, i.author_id, i.rank_key
            from public.feed_items i
            where i.live and i.in_stock and i.item_type = 'shop_item'
                and (p.adult or not i.age_limited)
                and i.author_id <> p.viewer_id
                and i.author_id not in (select unnest(p.silenced))
                and i.item_id not in (select unnest(p.unwanted))
            order by i.rank_key desc, i.item_id desc
            limit case when v_bars then 500 else p_limit end
        ) i
        where not v_bars or not internal.feed_is_barred(i.item_id, v_muted, v_gone_tags)
        limit p_limit
    ) i
    left join unnest(v_followees) f (author_id) on f.author_id = i.author_id;
end
$$;

ALTER FUNCTION internal.feed_shop_items_offered(p internal.feed_context, p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_shop_ranked(p internal.feed_context, p_mode text, p_found internal.feed_candidate[], p_before uuid[], p_limit integer, OUT ids uuid[], OUT authors integer[], OUT reasons smallint[]) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_tired constant internal.feed_tired[] := p.tired;
    v_muted constant text := p.muted;
    v_extras constant internal.feed_extra[] := p.extras;
begin
    with found as (
        select distinct on (c.item_id) c.*
        from (
            select * from internal.feed_shop_items_offered(p, 2 * p_limit) where p_mode <> 'following'
            union all
            select * from unnest(p_found)
        ) c
        order by c.item_id, c.score desc, c.reason
    ),
    damped as (
        select f.item_id, f.author_id, f.reason,
            f.score + case
                when v_tired is null then 0 else internal.feed_damp_of(v_tired, f.item_id, f.author_id)
            end + case when v_extras is null then 0 else internal.feed_nudge_of(v_extras, f.item_id) end as score
        from found f
        where v_muted is null or not internal.feed_speaks_of(f.item_id, v_muted)
        union all
        select i.item_id, i.author_id, null, 1e6 - b.n
        from unnest(p_before) with ordinality b (item_id, n)
        cross join lateral (select * from public.feed_items i where i.item_id = b.item_id offset 0) i
    )
    select array_agg(f.item_id), array_agg(f.author), array_agg(f.reason)
    into ids, authors, reasons
    from (
        select f.item_id, f.reason, dense_rank() over (order by f.author_id)::integer as author
        from damped f
        where f.score > '-infinity'
        order by f.score desc, f.item_id desc
        limit p_limit + cardinality(p_before)
    ) f;
end
$$;

ALTER FUNCTION internal.feed_shop_ranked(p internal.feed_context, p_mode text, p_found internal.feed_candidate[], p_before uuid[], p_limit integer, OUT ids uuid[], OUT authors integer[], OUT reasons smallint[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_silenced(p_viewer uuid) RETURNS TABLE(user_id uuid)
    LANGUAGE sql STABLE
    AS $$
    select b.blocked_id from public.blocks b where b.user_id = p_viewer
    union all
    select b.user_id from public.blocks b where b.blocked_id = p_viewer
    union all
    select m.muted_id from public.mutes m where m.user_id = p_viewer
$$;

ALTER FUNCTION internal.feed_silenced(p_viewer uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_similar_boost(p_likeness double precision, p_boost double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    AS $$ select p_boost * ln(1 + 10 * p_likeness) $$;

ALTER FUNCTION internal.feed_similar_boost(p_likeness double precision, p_boost double precision) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_similar_found(p_item_ids uuid[]) RETURNS TABLE(item_id uuid, similar_id uuid, likeness double precision)
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return query
    with people as materialized (
        select a.item_id, l.user_id, count(*) over (partition by a.item_id) as asked
        from unnest(p_item_ids) a (item_id)
        cross join lateral (
            select distinct k.user_id
            from (
                select r.user_id
                from public.feed_reactions r
                where r.item_id = a.item_id
                order by r.created_at desc
                limit 300
            ) k
        ) l
    ),
    -- One person in common would tell everybody what that person likes.
    common as (
        select p.item_id, r.item_id as similar_id, count(*) as both_, max(p.asked) as asked
        from people p
        cross join lateral (
            select distinct k.item_id
            from (
                select r.item_id
                from public.feed_reactions r
                where r.user_id = p.user_id
                order by r.created_at desc
                limit 300
            ) k
            where k.item_id <> p.item_id
        ) r
        group by p.item_id, r.item_id
        having count(*) > 1
    )
    select b.item_id, b.similar_id, b.likeness
    from (
        select c.item_id, c.similar_id, s.likeness,
            row_number() over (partition by c.item_id order by s.likeness desc, c.similar_id) as nth
        from common c
        join public.feed_counters m on m.item_id = c.item_id
        join public.feed_counters o on o.item_id = c.similar_id
        cross join lateral (
            select least(
                c.both_::double precision / c.asked
                * sqrt(
                    greatest(m.likes, m.saves, c.asked)::double precision / greatest(o.likes, o.saves, c.both_)
                ), 1
            ) * c.both_ / (c.both_ + 10) as likeness
        ) s
    ) b
    where b.nth <= 50;
end
$$;

ALTER FUNCTION internal.feed_similar_found(p_item_ids uuid[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_similar_write(p_item_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    -- A list that an item newly belongs to takes it in; otherwise what is new would wait until the old is liked again.
    with found as materialized (
        select f.* from internal.feed_similar_found(p_item_ids) f
    ),
    -- Likes were taken back, or those who liked went: a list that stayed would tell what one person likes. What it named
    -- is looked at next, because its own list may rest on nothing else.
    emptied as (
        delete from internal.feed_similar s
        where s.item_id = any (p_item_ids) and s.item_id not in (select f.item_id from found f)
        returning s.similar_ids
    ),
    again as (
        insert into internal.feed_unrelated (item_id)
        select distinct u.id
        from emptied e
        cross join unnest(e.similar_ids) u (id)
        where u.id <> all (p_item_ids)
    ),
    joining as materialized (
        select f.similar_id as item_id, f.item_id as similar_id, f.likeness
        from found f
        left join internal.feed_similar s on s.item_id = f.similar_id
        where f.similar_id <> all (p_item_ids)
            and f.item_id <> all (coalesce(s.similar_ids, '{}'))
            and (coalesce(cardinality(s.similar_ids), 0) < 50 or f.likeness > s.likeness[50])
    ),
    pairs as (
        select f.item_id, f.similar_id, f.likeness from found f
        union all
        select j.item_id, j.similar_id, j.likeness from joining j
        union all
        select s.item_id, u.similar_id, u.likeness
        from internal.feed_similar s
        cross join unnest(s.similar_ids, s.likeness) u (similar_id, likeness)
        where s.item_id in (select j.item_id from joining j)
    ),
    best as (
        select p.*, row_number() over (partition by p.item_id order by p.likeness desc, p.similar_id) as nth
        from pairs p
    )
    insert into internal.feed_similar (item_id, similar_ids, likeness)
    select b.item_id, array_agg(b.similar_id order by b.nth), array_agg(b.likeness::real order by b.nth)
    from best b
    where b.nth <= 50
    group by b.item_id
    on conflict (item_id) do update set similar_ids = excluded.similar_ids, likeness = excluded.likeness;
end
$$;

ALTER FUNCTION internal.feed_similar_write(p_item_ids uuid[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_build(p_viewer uuid, p_mode text, p_epoch bigint, p_extras internal.feed_extra[], p_at timestamp with time zone) RETURNS public.feed_slates
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_context internal.feed_context := internal.feed_context_of(p_viewer, p_mode, p_at);
    v_slate public.feed_slates;
begin
    v_context.extras := p_extras;
    v_slate.viewer_id := p_viewer;
    v_slate.mode := p_mode;
    v_slate.epoch := p_epoch;
    v_slate.weights_version := (v_context.weights).version;
    v_slate.post_ids := '{}';
    v_slate.post_reasons := '{}';
    v_slate.shop_ids := '{}';
    v_slate.shop_reasons := '{}';
    v_slate.notes := '{}';
    v_slate.complete := false;
    return case p_mode
        when 'latest' then internal.feed_slate_latest(v_slate, v_context)
        else internal.feed_slate_more(v_slate, v_context)
    end;
end
$$;

ALTER FUNCTION internal.feed_slate_build(p_viewer uuid, p_mode text, p_epoch bigint, p_extras internal.feed_extra[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_end(p_viewer uuid, p_epoch bigint) RETURNS TABLE(ends timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
    select to_timestamp(p_epoch) + make_interval(mins => (
        select s.value::integer
        from internal.settings s
        where s.key = case
            when p_viewer = internal.feed_visitor() then 'feed_visitor_slate_minutes'
            else 'feed_slate_minutes'
        end
    ))
$$;

ALTER FUNCTION internal.feed_slate_end(p_viewer uuid, p_epoch bigint) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_fill(p_viewer uuid, p_mode text, p_fresh boolean, p_extras internal.feed_extra[], p_at timestamp with time zone) RETURNS public.feed_slates
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_slate public.feed_slates;
    v_epoch bigint;
begin
    if current_setting('transaction_read_only') = 'on' then
        return internal.feed_slate_build(
            p_viewer, p_mode, floor(extract(epoch from p_at))::bigint, p_extras, p_at
        );
    end if;

    -- Calls that arrive together wait for the first and then read what it stored: this function is volatile, so the
    -- statement after the lock sees the commit that released it.
    perform pg_advisory_xact_lock(hashtextextended(p_viewer || ' ' || p_mode, 7));
    if not p_fresh then
        select (l.slate).* into v_slate from internal.feed_slate_live(p_viewer, p_mode, p_at) l;
        if found then
            return v_slate;
        end if;
    end if;

    select greatest(floor(extract(epoch from p_at))::bigint, max(s.epoch) + 1) into v_epoch
    from public.feed_slates s
    where s.viewer_id = p_viewer and s.mode = p_mode;
    v_slate := internal.feed_slate_build(p_viewer, p_mode, v_epoch, p_extras, p_at);
    insert into public.feed_slates values (v_slate.*);
    perform internal.feed_expose(v_slate, p_at);

    -- Three walks may be under way; the fourth closes the first, whose cursors are expired from now on.
    delete from public.feed_slates s
    where s.viewer_id = p_viewer and s.mode = p_mode and s.epoch not in (
        select k.epoch
        from public.feed_slates k
        where k.viewer_id = p_viewer and k.mode = p_mode
        order by k.epoch desc
        limit 3
    );
    return v_slate;
end
$$;

ALTER FUNCTION internal.feed_slate_fill(p_viewer uuid, p_mode text, p_fresh boolean, p_extras internal.feed_extra[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_grow(p_slate public.feed_slates, p_at timestamp with time zone) RETURNS public.feed_slates
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_stored boolean := false;
    v_slate public.feed_slates := p_slate;
    v_context internal.feed_context;
begin
    if current_setting('transaction_read_only') = 'off' then
        -- As internal.feed_slate_fill(): those who come together are given what the first has added.
        perform pg_advisory_xact_lock(hashtextextended(p_slate.viewer_id || ' ' || p_slate.mode, 7));
        select s.* into v_slate
        from public.feed_slates s
        where s.viewer_id = p_slate.viewer_id and s.mode = p_slate.mode and s.epoch = p_slate.epoch;
        v_stored := found;
        if v_slate.complete or cardinality(v_slate.post_ids) > cardinality(p_slate.post_ids) then
            return v_slate;
        end if;
    end if;
    v_context := internal.feed_context_of(p_slate.viewer_id, p_slate.mode, p_at);
    v_context.weights := (select w from public.feed_weights w where w.version = p_slate.weights_version);
    v_slate := internal.feed_slate_more(case when v_stored then v_slate else p_slate end, v_context);
    if v_stored then
        update public.feed_slates s
        set post_ids = v_slate.post_ids, post_reasons = v_slate.post_reasons,
            shop_ids = v_slate.shop_ids, shop_reasons = v_slate.shop_reasons,
            notes = v_slate.notes, complete = v_slate.complete
        where s.viewer_id = v_slate.viewer_id and s.mode = v_slate.mode and s.epoch = v_slate.epoch;
    end if;
    return v_slate;
end
$$;

ALTER FUNCTION internal.feed_slate_grow(p_slate public.feed_slates, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_latest(p_slate public.feed_slates, p internal.feed_context) RETURNS public.feed_slates
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_slate public.feed_slates := p_slate;
    v_each constant integer := greatest(8, 512 / greatest(1, cardinality(p.followees)));
begin
    v_slate.complete := true;
    with found as (
        select i.item_id, i.published_at as at, 1::smallint as reason
        from unnest(p.followees) f (author_id)
        cross join lateral (
            select i.item_id, i.published_at
            from public.feed_items i
            where i.author_id = f.author_id and i.item_type = 'post' and i.live and (p.adult or not i.age_limited)
            order by i.published_at desc, i.item_id desc
            limit v_each
            offset 0
        ) i
        where f.author_id not in (select unnest(p.silenced))
        union all
        select r.item_id, r.at, 6::smallint
        from unnest(p.reposts) r
        where r.item_id in (select c.item_id from internal.feed_items_reposted(p) c where c.item_type = 'post')
    ),
    newest as (
        select n.*
        from (select distinct on (f.item_id) f.* from found f order by f.item_id, f.at desc, f.reason) n
        order by n.at desc, n.item_id desc
        limit 500
    )
    select
        coalesce(array_agg(n.item_id order by n.at desc, n.item_id desc), '{}'),
        coalesce(array_agg(n.reason order by n.at desc, n.item_id desc), '{}')
    into v_slate.post_ids, v_slate.post_reasons
    from newest n;
    v_slate.notes := internal.feed_slate_notes(v_slate, p);
    return v_slate;
end
$$;

ALTER FUNCTION internal.feed_slate_latest(p_slate public.feed_slates, p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_live(p_viewer uuid, p_mode text, p_at timestamp with time zone) RETURNS TABLE(slate public.feed_slates, ends timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
    select n.slate, n.ends from internal.feed_slate_newest(p_viewer, p_mode) n where n.ends > p_at
$$;

ALTER FUNCTION internal.feed_slate_live(p_viewer uuid, p_mode text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_more(p_slate public.feed_slates, p internal.feed_context) RETURNS public.feed_slates
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_enough constant integer := cardinality(p_slate.post_ids) + internal.setting('feed_slate_posts')::integer;
    v_slate public.feed_slates := p_slate;
    v_posts integer;
begin
    loop
        v_posts := cardinality(v_slate.post_ids);
        v_slate := internal.feed_slate_stretch(v_slate, p);
        v_slate.complete := cardinality(v_slate.post_ids) in (v_posts, 1000);
        exit when v_slate.complete or cardinality(v_slate.post_ids) >= v_enough;
    end loop;
    v_slate.notes := p_slate.notes || internal.feed_slate_notes(v_slate, p);
    return case when v_slate.complete and p.seen <> '{}' then internal.feed_slate_with_seen(v_slate, p) else v_slate end;
end
$$;

ALTER FUNCTION internal.feed_slate_more(p_slate public.feed_slates, p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_newest(p_viewer uuid, p_mode text) RETURNS TABLE(slate public.feed_slates, ends timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
    select s, e.ends
    from public.feed_slates s
    cross join internal.feed_slate_end(s.viewer_id, s.epoch) e
    where s.viewer_id = p_viewer and s.mode = p_mode
    order by s.epoch desc
    limit 1
$$;

ALTER FUNCTION internal.feed_slate_newest(p_viewer uuid, p_mode text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_notes(p_slate public.feed_slates, p internal.feed_context) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    if coalesce(p.reposts, '{}') = '{}' and p.extras is null then
        return '{}';
    end if;
    return (
        with placed as materialized (
            select u.item_id, u.reason
            from unnest(p_slate.post_ids || p_slate.shop_ids, p_slate.post_reasons || p_slate.shop_reasons) u (item_id, reason)
            where u.reason in (6, 7) or p.extras is not null
        ),
        brought as (
            select r.item_id, 6 as reason, jsonb_build_object('by', r.user_id) as note from unnest(p.reposts) r
            union all
            select e.item_id, 7, jsonb_build_object('source', e.by, 'words', e.words, 'boost', e.boost)
            from (
                select distinct on (o.item_id) o.* from unnest(p.extras) o where o.offered order by o.item_id, o.boost desc
            ) e
        ),
        moved as (
            select e.item_id,
                jsonb_build_object('nudges', jsonb_agg(jsonb_build_object('by', e.by, 'words', e.words, 'boost', e.boost))) as note
            from unnest(p.extras) e
            where not e.offered
            group by e.item_id
        )
        select coalesce(jsonb_object_agg(s.item_id, coalesce(b.note, '{}') || coalesce(m.note, '{}')), '{}')
        from placed s
        left join brought b on b.item_id = s.item_id and b.reason = s.reason
        left join moved m on m.item_id = s.item_id
        where b.note is not null or m.note is not null
    );
end
$$;

ALTER FUNCTION internal.feed_slate_notes(p_slate public.feed_slates, p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_stretch(p_slate public.feed_slates, p internal.feed_context) RETURNS public.feed_slates
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    -- Who has read a thousand is better served by a new one; and a score carries no more than 511 shop items.
    v_limit constant integer := least(
        internal.setting('feed_slate_posts')::integer, 1000 - cardinality(p_slate.post_ids)
    );
    v_shop_limit constant integer := least((v_limit + 3) / 4, 511 - cardinality(p_slate.shop_ids));
    v_slate public.feed_slates := p_slate;
    v_found record;
    -- Variables of their own: an array inside a record is unpacked again for each element that is asked of it.
    v_ids uuid[];
    v_authors integer[];
    v_reasons smallint[];
begin
    p.unwanted := p.unwanted || p_slate.post_ids || p_slate.shop_ids;
    select f.posts, f.shop into v_found from internal.feed_items_found(p, p_slate.mode) f;

    select r.ids, r.authors, r.reasons into v_ids, v_authors, v_reasons
    from internal.feed_posts_ranked(
        p, p_slate.mode, v_found.posts, p_slate.post_ids[cardinality(p_slate.post_ids) - 18:], v_limit
    ) r;
    select p_slate.post_ids || coalesce(array_agg(v_ids[o.i]), '{}'),
        p_slate.post_reasons || coalesce(array_agg(v_reasons[o.i]), '{}')
    into v_slate.post_ids, v_slate.post_reasons
    from unnest(internal.feed_spread(v_authors, 20)) o (i)
    where v_reasons[o.i] is not null;

    select r.ids, r.authors, r.reasons into v_ids, v_authors, v_reasons
    from internal.feed_shop_ranked(
        p, p_slate.mode, v_found.shop, p_slate.shop_ids[cardinality(p_slate.shop_ids) - 2:], v_shop_limit
    ) r;
    select p_slate.shop_ids || coalesce(array_agg(v_ids[o.i]), '{}'),
        p_slate.shop_reasons || coalesce(array_agg(v_reasons[o.i]), '{}')
    into v_slate.shop_ids, v_slate.shop_reasons
    from unnest(internal.feed_spread(v_authors, 4)) o (i)
    where v_reasons[o.i] is not null;
    return v_slate;
end
$$;

ALTER FUNCTION internal.feed_slate_stretch(p_slate public.feed_slates, p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_slate_with_seen(p_slate public.feed_slates, p internal.feed_context) RETURNS public.feed_slates
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_seen constant smallint := array_position(internal.feed_reasons(), 'seen');
    v_room constant integer := 511 - cardinality(p_slate.shop_ids); -- a score carries no more
    v_slate public.feed_slates := p_slate;
    v_post_ids uuid[];
    v_post_authors integer[];
    v_shop_ids uuid[];
    v_shop_authors integer[];
begin
    p.seen := array(
        select s.item_id
        from unnest(p.seen) with ordinality s (item_id, n)
        where s.item_id not in (select unnest(p_slate.post_ids || p_slate.shop_ids))
        order by s.n
    );
    select r.post_ids, r.post_authors, r.shop_ids, r.shop_authors
    into v_post_ids, v_post_authors, v_shop_ids, v_shop_authors
    from internal.feed_seen_ranked(p, p_slate.mode) r;
    v_slate.post_ids := v_slate.post_ids || array(
        select v_post_ids[o.i] from unnest(internal.feed_spread(v_post_authors, 20)) o (i)
    );
    v_slate.post_reasons := v_slate.post_reasons || array_fill(v_seen, array[coalesce(cardinality(v_post_ids), 0)]);

    if p_slate.mode <> 'following' then
        v_slate.shop_ids := v_slate.shop_ids || array(
            select v_shop_ids[o.i] from unnest(internal.feed_spread(v_shop_authors, 4)) o (i) limit v_room
        );
        v_slate.shop_reasons := v_slate.shop_reasons
            || array_fill(v_seen, array[least(coalesce(cardinality(v_shop_ids), 0), v_room)]);
    end if;
    return v_slate;
end
$$;

ALTER FUNCTION internal.feed_slate_with_seen(p_slate public.feed_slates, p internal.feed_context) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_speaks_of(p_item_id uuid, p_muted text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return exists (
        select
        from public.posts p
        where p.id = p_item_id and concat_ws(' ', p.title, p.body, array_to_string(p.tags, ' ')) ~* p_muted
    ) or exists (
        select
        from public.shop_items s
        where s.id = p_item_id and concat_ws(' ', s.title, s.description, array_to_string(s.tags, ' ')) ~* p_muted
    );
end
$$;

ALTER FUNCTION internal.feed_speaks_of(p_item_id uuid, p_muted text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_spread(p_authors integer[], p_window integer) RETURNS integer[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
    v_order integer[] := '{}';
    v_next integer := 1; -- the first place that is free
    v_last integer[] := '{}'; -- where each author stands last; null: nowhere yet
    v_open integer[] := '{}'; -- from where on each has room again
    v_item integer := 0;
    v_author integer;
    v_place integer;
begin
    foreach v_author in array coalesce(p_authors, '{}') loop
        v_item := v_item + 1;
        v_place := greatest(v_next, v_open[v_author]);
        while v_order[v_place] > 0 loop
            v_place := v_place + 1;
        end loop;
        v_order[v_place] := v_item;
        v_open[v_author] := greatest(v_place + 2, v_last[v_author] + p_window);
        v_last[v_author] := v_place;
        while v_order[v_next] > 0 loop
            v_next := v_next + 1;
        end loop;
    end loop;
    if v_next > v_item then
        return v_order;
    end if;
    -- Nobody who is left has room at v_next, so they are at most half a window of authors.
    return v_order[:v_next - 1]
        || internal.feed_turns(p_authors, v_order[v_next:], p_authors[v_order[v_next - 1]]);
end
$$;

ALTER FUNCTION internal.feed_spread(p_authors integer[], p_window integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_tired(p_viewer uuid, p_weights public.feed_weights, p_at timestamp with time zone) RETURNS internal.feed_tired[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return (
        select array_agg(
            (t.subject_type, t.subject, internal.feed_damp(t.since, p_at, p_weights))::internal.feed_tired
        )
        from (
            select f.subject_type, f.subject, f.since
            from public.feed_fatigues f
            where f.viewer_id = p_viewer
            union all
            select 'item', h.item_id::text, h.created_at
            from public.feed_hides h
            where h.user_id = p_viewer and h.reason = 'not_interested'
        ) t
        where t.since > p_at
            - make_interval(secs => 86400) * (p_weights.fatigue_days + p_weights.fatigue_fade_days)
    );
end
$$;

ALTER FUNCTION internal.feed_tired(p_viewer uuid, p_weights public.feed_weights, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_turns(p_authors integer[], p_items integer[], p_prior integer) RETURNS integer[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
    return array(
        select t.item
        from (
            select i.item, i.author,
                row_number() over (partition by i.author order by i.item) as turn,
                min(i.item) over (partition by i.author) as best
            from (select u.item, p_authors[u.item] as author from unnest(p_items) u (item) where u.item > 0) i
        ) t
        order by t.turn, t.author = p_prior, t.best
    );
end
$$;

ALTER FUNCTION internal.feed_turns(p_authors integer[], p_items integer[], p_prior integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_viewers_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    delete from public.feed_slates s using old_rows o where s.viewer_id = o.id;
    return null;
end
$$;

ALTER FUNCTION internal.feed_viewers_left() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_viewers_touched() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.touch('viewer', array(
        select distinct (r.touched ->> c.name)::uuid
        from (select to_jsonb(t) as touched from touched_rows t) r, unnest(tg_argv) c (name)
        limit 201
    ));
    return null;
end
$$;

ALTER FUNCTION internal.feed_viewers_touched() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_visitor() RETURNS uuid
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
    return '00000000-0000-0000-0000-000000000000';
end
$$;

ALTER FUNCTION internal.feed_visitor() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_walk(p_viewer uuid, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_make boolean, p_at timestamp with time zone, OUT page internal.feed_page, OUT ends timestamp with time zone) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_from record;
    v_slate public.feed_slates;
    v_posts integer := 0;
    v_shop integer := 0;
begin
    if coalesce(p_limit not between 1 and 100, true) then
        raise sqlstate 'PT400' using message = 'A page has 1 to 100 items.', detail = 'invalid_value';
    end if;
    if p_cursor_score is null and p_cursor_id is null then
        select n.slate, n.ends into v_from from internal.feed_slate_newest(p_viewer, p_mode) n;
        v_slate := v_from.slate;
        ends := v_from.ends;
        if v_slate.epoch is null or ends <= p_at then
            if not p_make then
                return;
            end if;
            v_slate := internal.feed_slate_fill(p_viewer, p_mode, false, null, p_at);
            ends := (select e.ends from internal.feed_slate_end(p_viewer, v_slate.epoch) e);
        end if;
    else
        select * into v_from from internal.feed_cursor(p_viewer, p_mode, p_cursor_score, p_cursor_id);
        v_slate := v_from.slate;
        v_posts := v_from.posts;
        v_shop := v_from.shop;
    end if;
    loop
        page := internal.feed_page(p_viewer, v_slate, v_posts, v_shop, p_limit, p_at);
        exit when v_slate.complete or page.posts + page.shops = p_limit;
        page := null;
        exit when not p_make;
        v_slate := internal.feed_slate_grow(v_slate, p_at);
    end loop;
end
$$;

ALTER FUNCTION internal.feed_walk(p_viewer uuid, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_make boolean, p_at timestamp with time zone, OUT page internal.feed_page, OUT ends timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_warm(p_viewers uuid[], p_item_ids uuid[], p_weights double precision[], p_ats timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    insert into public.feed_affinities as a (viewer_id, subject_type, subject, heat_key)
    select n.viewer_id, n.subject_type, n.subject,
        ln(sum(n.weight * exp(greatest(n.at - n.latest, -700)))) + n.latest
    from (
        select u.viewer_id, s.subject_type, s.subject, u.weight, t.at,
            max(t.at) over (partition by u.viewer_id, s.subject_type, s.subject) as latest
        from unnest(p_viewers, p_item_ids, p_weights, p_ats) u (viewer_id, item_id, weight, at)
        join public.profiles p on p.id = u.viewer_id
        join public.feed_items i on i.item_id = u.item_id
        cross join internal.feed_weights() w
        cross join lateral (
            select extract(epoch from u.at)::double precision / w.affinity_tau_seconds as at
        ) t
        cross join lateral (
            select 'author' as subject_type, i.author_id::text as subject
            union
            select 'tag', tag from unnest(i.tags) tag
        ) s
        where i.author_id <> u.viewer_id and u.weight > 0
    ) n
    group by n.viewer_id, n.subject_type, n.subject, n.latest
    order by n.viewer_id, n.subject_type, n.subject
    on conflict (viewer_id, subject_type, subject) do update
    set heat_key = greatest(a.heat_key, excluded.heat_key)
        + ln(1 + exp(greatest(-abs(a.heat_key - excluded.heat_key), -700)));
end
$$;

ALTER FUNCTION internal.feed_warm(p_viewers uuid[], p_item_ids uuid[], p_weights double precision[], p_ats timestamp with time zone[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_weights() RETURNS public.feed_weights
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return (select w from public.feed_weights w where not w.trial order by w.version desc limit 1);
end
$$;

ALTER FUNCTION internal.feed_weights() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_weights_of(p_viewer uuid) RETURNS public.feed_weights
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_version constant integer := (internal.feed_arm_of(p_viewer)).weights_version;
begin
    if v_version is null then
        return internal.feed_weights();
    end if;
    return (select w from public.feed_weights w where w.version = v_version);
end
$$;

ALTER FUNCTION internal.feed_weights_of(p_viewer uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_weights_shared() RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    select '{like_weight,save_weight,share_weight,click_weight,purchase_weight,cart_weight,repost_weight,post_tau_seconds,shop_tau_seconds,affinity_tau_seconds,fatigue_days}'::text[]
$$;

ALTER FUNCTION internal.feed_weights_shared() OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_word(p_word text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
    return lower(btrim(regexp_replace(ltrim(btrim(p_word), '#'), '\s+', ' ', 'g')));
end
$$;

ALTER FUNCTION internal.feed_word(p_word text) OWNER TO rambla_owner;

CREATE FUNCTION internal.feed_words_touched() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.touch(tg_argv[0], array(
        select c.id
        from (
            select n.id, array(select to_jsonb(n) -> shown from unnest(tg_argv[1:]) shown) from new_rows n
            except
            select o.id, array(select to_jsonb(o) -> shown from unnest(tg_argv[1:]) shown) from old_rows o
        ) c
        limit 201
    ));
    return null;
end
$$;

ALTER FUNCTION internal.feed_words_touched() OWNER TO rambla_owner;

CREATE FUNCTION internal.follows_notify() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_follow record;
begin
    -- In the order of the recipients' ids, because each send locks its recipient's state row. The key is the
    -- follower's, so following again and again tells the person once. Rows that are not the caller's own act, such
    -- as a graph that is copied in, are nobody's news.
    for v_follow in
        select n.followee_id, p.id, p.handle, p.display_name
        from new_rows n
        join public.profiles p on p.id = n.follower_id
        where n.follower_id = auth.uid()
        order by n.followee_id
    loop
        perform internal.notify(
            v_follow.followee_id, 'inapp', 'new_follower', v_follow.display_name || ' follows you', '',
            jsonb_build_object('follower_id', v_follow.id, 'handle', v_follow.handle), 'follow:' || v_follow.id
        );
    end loop;
    return null;
end
$$;

ALTER FUNCTION internal.follows_notify() OWNER TO rambla_owner;

CREATE FUNCTION internal.gate_opened(p_scope text, p_name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_told integer;
begin
    if p_scope = 'type' then
        -- Claims look at what a type holds while it has a row. This one has no number, and worker_reopen() takes
        -- it away when nothing is held any more; a million jobs need not be touched at once.
        insert into public.worker_limits (scope, name, source) values ('type', p_name, 'code') on conflict do nothing;
    end if;
    select count(pg_notify('jobs', q.queue)) into v_told
    from (
        select p_name as queue where p_scope = 'queue'
        union
        select l.queue from public.worker_lanes l where p_scope = 'type'
    ) q;
end
$$;

ALTER FUNCTION internal.gate_opened(p_scope text, p_name text) OWNER TO rambla_owner;

CREATE FUNCTION internal.is_adult(p_user_id uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return exists (select from public.age_confirmations a where a.user_id = p_user_id);
end
$$;

ALTER FUNCTION internal.is_adult(p_user_id uuid) OWNER TO rambla_owner;

CREATE TABLE public.shop_items (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    seller_id uuid NOT NULL,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    image_url text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    price_minor bigint NOT NULL,
    currency text NOT NULL,
    stock integer,
    creator_rate_bp integer DEFAULT 9000 NOT NULL,
    state text DEFAULT 'listed'::text NOT NULL,
    age_limited boolean DEFAULT false NOT NULL,
    removal_reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT shop_items_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT shop_items_description_length CHECK ((char_length(description) <= 5000)),
    CONSTRAINT shop_items_price_positive CHECK ((price_minor > 0)),
    CONSTRAINT shop_items_rate_in_range CHECK (((creator_rate_bp >= 0) AND (creator_rate_bp <= 10000))),
    CONSTRAINT shop_items_removal_reason_length CHECK (((char_length(removal_reason) >= 1) AND (char_length(removal_reason) <= 500))),
    CONSTRAINT shop_items_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'listed'::text, 'removed'::text]))),
    CONSTRAINT shop_items_stock_not_negative CHECK ((stock >= 0)),
    CONSTRAINT shop_items_tags_count CHECK ((cardinality(tags) <= 20)),
    CONSTRAINT shop_items_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 200)))
);

ALTER TABLE ONLY public.shop_items FORCE ROW LEVEL SECURITY;

ALTER TABLE public.shop_items OWNER TO rambla_owner;

CREATE FUNCTION internal.is_for_sale(p_item public.shop_items, p_quantity integer, p_buyer_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select internal.is_on_offer(p_item, p_buyer_id) and coalesce(p_item.stock >= p_quantity, true)
$$;

ALTER FUNCTION internal.is_for_sale(p_item public.shop_items, p_quantity integer, p_buyer_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.is_on_offer(p_item public.shop_items, p_buyer_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    -- To others than its seller, the policy of shop_items shows the same: nobody is sold what they may not see.
    select p_item.state = 'listed'
        and p_item.removal_reason is null
        and p_item.seller_id <> p_buyer_id
        and (not p_item.age_limited or internal.is_adult(p_buyer_id))
        and not exists (
            select from public.blocks b
            where (b.user_id, b.blocked_id) in ((p_buyer_id, p_item.seller_id), (p_item.seller_id, p_buyer_id))
        )
$$;

ALTER FUNCTION internal.is_on_offer(p_item public.shop_items, p_buyer_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.job_backoff(p_job_type text, p_attempts integer) RETURNS interval
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    select make_interval(
        -- Attempts past the fiftieth wait for the cap anyway, and the power would overflow.
        secs => least(t.cap, t.base * power(t.factor, least(p_attempts, 50) - 1)) * (1 + t.jitter * random())
    )
    from (
        select
            coalesce(max(o.backoff_base), 60) as base,
            coalesce(max(o.backoff_factor), 2) as factor,
            coalesce(max(o.backoff_cap), 2592000) as cap,
            coalesce(max(o.jitter), 0) as jitter
        from public.worker_job_types o
        where o.job_type = p_job_type
    ) t
$$;

ALTER FUNCTION internal.job_backoff(p_job_type text, p_attempts integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.job_candidates(p_rows tid[], p_queues text[], p_gates text[], p_rooms bigint[], p_limit integer, p_at timestamp with time zone) RETURNS tid[]
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    return (
        with rooms as materialized (
            select r.gate, least(p_limit, r.room) as room
            from unnest(p_gates, p_rooms) r (gate, room)
            where r.room > 0 or r.room is null
        ), ready as materialized (
            select j.ctid as row, j.queue, j.priority, j.next_run_at, j.id
            from unnest(p_rows) r (row)
            inner join public.worker_jobs j on j.ctid = r.row
        ), counted as materialized (
            select c.*
            from rooms
            inner join public.worker_lanes l on rooms.gate = 'queue:' || l.queue
            cross join lateral (
                select j.ctid as row, j.queue, j.priority, j.next_run_at, j.id
                from public.worker_jobs j
                where j.status = 'pending'
                    and j.held_by is null
                    and j.queue = l.queue
                    and j.priority = l.priority
                    and j.next_run_at <= p_at
                order by j.next_run_at, j.id
                limit rooms.room
                for update skip locked
            ) c
        ), held as materialized (
            select h.*
            from rooms g
            cross join unnest(p_queues) q (queue)
            cross join lateral (
                select j.ctid as row, j.queue, j.priority, j.next_run_at, j.id
                from public.worker_jobs j
                where j.held_by = g.gate -- which a queue's never is
                    and j.queue = q.queue and j.next_run_at <= p_at
                order by j.priority, j.next_run_at, j.id
                limit g.room
                for update skip locked
            ) h
        )
        select array_agg(a.row order by array_position(p_queues, a.queue), a.priority, a.next_run_at, a.id)
        from (
            select * from ready
            union all
            select * from counted
            union all
            select * from held
        ) a
    );
end
$$;

ALTER FUNCTION internal.job_candidates(p_rows tid[], p_queues text[], p_gates text[], p_rooms bigint[], p_limit integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.job_event(p_job public.worker_jobs, p_outcome text, p_error text, p_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select jsonb_build_object(
        'at', p_at,
        'outcome', p_outcome,
        'attempt', p_job.attempts,
        'run_no', p_job.run_no,
        'error', p_error,
        'started_at', p_job.started_at,
        'worker_id', p_job.worker_id
    )
$$;

ALTER FUNCTION internal.job_event(p_job public.worker_jobs, p_outcome text, p_error text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.job_hash(p_job_type text, p_payload jsonb) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$ select sha256(convert_to(concat_ws(' ', p_job_type, p_payload::text), 'UTF8')) $$;

ALTER FUNCTION internal.job_hash(p_job_type text, p_payload jsonb) OWNER TO rambla_owner;

CREATE FUNCTION internal.job_history(p_history jsonb, p_entry jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
    select case
        when p_history is null then jsonb_build_array(p_entry)
        when jsonb_array_length(p_history) >= 50 then (p_history - 0) || p_entry
        else p_history || p_entry
    end
$$;

ALTER FUNCTION internal.job_history(p_history jsonb, p_entry jsonb) OWNER TO rambla_owner;

CREATE FUNCTION internal.job_keep(p_job_type text, p_state text) RETURNS interval
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select coalesce(
        (
            select case p_state
                when 'completed' then t.keep_completed
                when 'cancelled' then t.keep_cancelled
                when 'dead' then t.keep_dead
            end
            from public.worker_job_types t
            where t.job_type = p_job_type
        ),
        (internal.setting('jobs_keep_' || p_state) #>> '{}')::interval
    )
$$;

ALTER FUNCTION internal.job_keep(p_job_type text, p_state text) OWNER TO rambla_owner;

CREATE FUNCTION internal.job_rooms(p_types text[], p_queues text[], p_at timestamp with time zone) RETURNS TABLE(gate text, room bigint)
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_ours text[];
begin
    -- A try, because a claim that waits could be part of a deadlock. Whoever has the lock takes what fits.
    select array_agg(g.gate) into v_ours
    from (
        select 'type:' || t.name from unnest(p_types) t (name)
        union all
        select 'queue:' || q.name from unnest(p_queues) q (name)
    ) g (gate)
    where pg_try_advisory_xact_lock(hashtextextended(g.gate, 0));

    -- Counted in a statement of its own, which sees what the last holder of the lock has committed.
    return query
    select
        'type:' || t.name,
        case
            when s.name is not null or ('type:' || t.name) = any (v_ours) is not true then 0
            else least(
                l.most_running - (
                    select count(*)
                    from public.worker_jobs j
                    where j.limited and j.worker_id is not null and j.run_no > 0 and j.job_type = t.name
                ),
                l.rate_count - (
                    select coalesce(sum(r.started), 0)::bigint
                    from public.worker_rate_starts r
                    where r.job_type = t.name and r.until > p_at - make_interval(secs => l.rate_seconds)
                )
            )
        end
    from unnest(p_types) t (name)
    left join public.worker_pauses s on s.scope = 'type' and s.name = t.name
    left join lateral internal.limit_now('type', t.name) l on true
    union all
    select
        'queue:' || q.name,
        case
            when ('queue:' || q.name) = any (v_ours) is not true then 0
            else l.most_running - (
                select count(*)
                from public.worker_jobs j
                where j.limited and j.worker_id is not null and j.attempts > 0 and j.queue = q.name
            )
        end
    from unnest(p_queues) q (name)
    left join lateral internal.limit_now('queue', q.name) l on true;
end
$$;

ALTER FUNCTION internal.job_rooms(p_types text[], p_queues text[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.job_types_over() RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    with recursive types (job_type) as (
        select min(j.job_type) from public.worker_jobs j where j.status in ('completed', 'cancelled')
        union all
        select (
            select min(j.job_type)
            from public.worker_jobs j
            where j.status in ('completed', 'cancelled') and j.job_type > t.job_type
        )
        from types t
        where t.job_type is not null
    )
    select t.job_type from types t where t.job_type is not null
$$;

ALTER FUNCTION internal.job_types_over() OWNER TO rambla_owner;

CREATE FUNCTION internal.job_verdicts(p_rows tid[], p_gates text[], p_rooms bigint[], p_types text[], p_keys text[], p_ours boolean[], p_limit integer) RETURNS TABLE("row" tid, held_by text, runs boolean, lane text, left_out boolean)
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    return query
    with given as materialized (
        select r.place, r.row, j.job_type, j.partition_key, j.queue, j.held_by
        from unnest(p_rows) with ordinality r (row, place)
        inner join public.worker_jobs j on j.ctid = r.row
    ), rooms as materialized (
        select * from unnest(p_gates, p_rooms) r (gate, room)
    ), keys as materialized (
        select
            k.job_type,
            k.partition_key,
            k.ours,
            internal.most_per_key(k.job_type) as most,
            (
                select count(*)
                from public.worker_jobs j
                where j.limited
                    and j.worker_id is not null
                    and j.run_no > 0
                    and j.job_type = k.job_type
                    and j.partition_key = k.partition_key
            ) as running,
            -- Runs that cannot end before this claim does: their end will see what is held because of them.
            (
                select count(*)
                from (
                    select
                    from public.worker_jobs j
                    where j.limited
                        and j.worker_id is not null
                        and j.run_no > 0
                        and j.job_type = k.job_type
                        and j.partition_key = k.partition_key
                    for share skip locked
                ) w
            ) as witnesses
        from unnest(p_types, p_keys, p_ours) k (job_type, partition_key, ours)
    ), by_key as (
        select
            g.*,
            k.most,
            k.ours,
            k.witnesses,
            g.partition_key is not null and k.ours is null as left_out,
            g.partition_key is null
            or coalesce(
                k.ours
                and row_number() over (partition by g.job_type, g.partition_key order by g.place) <= k.most - k.running,
                false
            ) as key_fits
        from given g
        left join keys k on k.job_type = g.job_type and k.partition_key = g.partition_key
    ), by_type as (
        select
            b.*,
            r.gate as type_gate,
            r.gate is null
            or r.room is null
            or count(*) filter (where b.key_fits) over (partition by b.job_type order by b.place) <= r.room as type_fits
        from by_key b
        left join rooms r on r.gate = 'type:' || b.job_type
    ), by_queue as (
        select
            b.*,
            b.key_fits and b.type_fits
            and (
                r.gate is null
                or r.room is null
                or count(*) filter (where b.key_fits and b.type_fits) over (partition by b.queue order by b.place)
                <= r.room
            ) as fits
        from by_type b
        left join rooms r on r.gate = 'queue:' || b.queue
    ), cut as (
        select b.*, b.fits and count(*) filter (where b.fits) over (order by b.place) <= p_limit as runs
        from by_queue b
    )
    select
        c.row,
        c.held_by,
        c.runs,
        case
            when c.key_fits and c.type_fits then c.held_by
            when c.key_fits then c.type_gate
            when c.left_out then c.held_by
            when c.ours and c.witnesses + count(*) filter (where c.runs) over (partition by c.job_type, c.partition_key) >= c.most
                then internal.key_gate(c.job_type, c.partition_key)
            -- Another claim has this key now. What stayed in the ready lane could be behind a low-water mark by
            -- the next claim.
            else coalesce(c.held_by, 'turn')
        end,
        c.left_out
    from cut c;
end
$$;

ALTER FUNCTION internal.job_verdicts(p_rows tid[], p_gates text[], p_rooms bigint[], p_types text[], p_keys text[], p_ours boolean[], p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.jobs_arrived() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    insert into public.worker_lanes (queue, priority)
    select distinct a.queue, a.priority
    from added a
    where not exists (select from public.worker_lanes l where l.queue = a.queue and l.priority = a.priority)
    order by a.queue, a.priority
    on conflict do nothing;

    -- One notification a queue and statement: committing one takes a lock of the whole server. Jobs for later
    -- need none, the poll finds them.
    perform pg_notify('jobs', q.queue)
    from (
        select distinct a.queue from added a where a.status = 'pending' and a.held_by is null and a.next_run_at <= clock_timestamp()
    ) q;
    return null;
end
$$;

ALTER FUNCTION internal.jobs_arrived() OWNER TO rambla_owner;

CREATE FUNCTION internal.jobs_claim(p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    perform set_config('request.jwt.claims', p_claims, true), set_config('role', p_claims::jsonb ->> 'role', true);
    -- One JSON text, because decoding five hundred rows one by one costs more than the claim. Each job an array,
    -- because nine names a job are half of the bytes. A claim that cannot be read takes its worker along, so whatever
    -- somebody has put into a job is read: its payload only as its own run begins.
    return (
        select json_build_object(
            'at', now(),
            'goes_on', current_setting('rambla.claim_goes_on', true) = 'yes',
            'jobs', coalesce(
                json_agg(json_build_array(
                    j.id, j.run_no, j.job_type, j.queue, j.priority, j.next_run_at, j.payload::text,
                    j.attempt, j.max_attempts
                )),
                '[]'
            )
        )::text
        from public.worker_claim_jobs(p_worker_id, p_queues, p_limit, p_low_water) j
    );
end
$$;

ALTER FUNCTION internal.jobs_claim(p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.jobs_claim_json(p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    perform set_config('request.jwt.claims', p_claims, true), set_config('role', p_claims::jsonb ->> 'role', true);
    return (
        select json_build_object(
            'at', now(),
            'goes_on', current_setting('rambla.claim_goes_on', true) = 'yes',
            'jobs', coalesce(json_agg(j), '[]')
        )::text
        from public.worker_claim_jobs(p_worker_id, p_queues, p_limit, p_low_water) j
    );
end
$$;

ALTER FUNCTION internal.jobs_claim_json(p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.jobs_complete_json(p_claims text, p_ids bigint[], p_run_nos integer[], p_results text[]) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    perform set_config('request.jwt.claims', p_claims, true), set_config('role', p_claims::jsonb ->> 'role', true);
    return (
        select coalesce(json_agg(c), '[]')::text
        from public.worker_complete_jobs(p_ids, p_run_nos, p_results::jsonb[]) c
    );
end
$$;

ALTER FUNCTION internal.jobs_complete_json(p_claims text, p_ids bigint[], p_run_nos integer[], p_results text[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.jobs_enqueue_apart(p_claims text, p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    perform set_config('request.jwt.claims', p_claims, true), set_config('role', p_claims::jsonb ->> 'role', true);
    return public.worker_enqueue(
        p_job_type, p_payload, p_idempotency_key, p_queue, p_priority, p_next_run_at, p_max_attempts,
        p_partition_key, p_after, p_on_parent_failure, p_tags, p_unique
    );
end
$$;

ALTER FUNCTION internal.jobs_enqueue_apart(p_claims text, p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text) OWNER TO rambla_owner;

CREATE FUNCTION internal.jobs_given(p_jobs jsonb, p_at timestamp with time zone) RETURNS TABLE(place bigint, job_type text, payload jsonb, idempotency_key text, queue text, priority integer, next_run_at timestamp with time zone, max_attempts integer, partition_key text, after bigint[], on_parent_failure text, tags text[], uniqueness text)
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select
        e.place,
        g.job_type,
        coalesce(g.payload, '{}'::jsonb),
        g.idempotency_key,
        coalesce(g.queue, 'default'),
        coalesce(g.priority, 0),
        coalesce(g.next_run_at, p_at),
        g.max_attempts,
        g.partition_key,
        nullif(g.after, '{}'),
        coalesce(g.on_parent_failure, 'wait'),
        coalesce(g.tags, '{}'),
        internal.key_window(g."unique")
    from jsonb_array_elements(p_jobs) with ordinality e (job, place)
    cross join lateral jsonb_to_record(e.job) as g (
        job_type text, payload jsonb, idempotency_key text, queue text, priority integer, next_run_at timestamptz,
        max_attempts integer, partition_key text, after bigint[], on_parent_failure text, tags text[], "unique" text
    )
$$;

ALTER FUNCTION internal.jobs_given(p_jobs jsonb, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.jobs_keyed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_owner bigint;
begin
    insert into public.worker_job_keys (idempotency_key, job_id, payload_hash)
    values (new.idempotency_key, new.id, internal.job_hash(new.job_type, new.payload))
    on conflict do nothing;
    select k.job_id into v_owner from public.worker_job_keys k where k.idempotency_key = new.idempotency_key;
    if v_owner is distinct from new.id then
        raise sqlstate 'PT409' using
            message = format('Job %s has this idempotency key already.', v_owner),
            detail = 'conflict',
            hint = 'worker_enqueue() returns the id of that job instead.';
    end if;
    return null;
end
$$;

ALTER FUNCTION internal.jobs_keyed() OWNER TO rambla_owner;

CREATE FUNCTION internal.key_counts(p_job_id bigint, p_since timestamp with time zone, p_unique text, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select case p_unique
        when 'forever' then true
        when 'pending' then exists (
            select from public.worker_jobs j where j.id = p_job_id and j.status in ('pending', 'running')
        )
        else p_since > p_at - p_unique::interval
    end
$$;

ALTER FUNCTION internal.key_counts(p_job_id bigint, p_since timestamp with time zone, p_unique text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.key_gate(p_job_type text, p_partition_key text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
    return 'key:' || p_job_type || ':' || p_partition_key;
end
$$;

ALTER FUNCTION internal.key_gate(p_job_type text, p_partition_key text) OWNER TO rambla_owner;

CREATE FUNCTION internal.key_window(p_unique text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select case
        when p_unique in ('forever', 'pending') then p_unique
        else coalesce((p_unique::interval)::text, 'forever')
    end
$$;

ALTER FUNCTION internal.key_window(p_unique text) OWNER TO rambla_owner;

CREATE TABLE public.worker_limits (
    scope text NOT NULL,
    name text NOT NULL,
    source text DEFAULT 'operator'::text NOT NULL,
    most_running integer,
    most_per_key integer,
    rate_count integer,
    rate_seconds double precision,
    reason text DEFAULT ''::text NOT NULL,
    set_by uuid,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT worker_limits_most_per_key_in_range CHECK (((most_per_key >= 1) AND (most_per_key <= 100000))),
    CONSTRAINT worker_limits_most_running_in_range CHECK (((most_running >= 1) AND (most_running <= 100000))),
    CONSTRAINT worker_limits_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT worker_limits_queues_only_count CHECK (((scope = 'type'::text) OR ((most_per_key IS NULL) AND (rate_count IS NULL)))),
    CONSTRAINT worker_limits_rate_in_range CHECK ((((rate_count >= 1) AND (rate_count <= 1000000)) AND ((rate_seconds >= (0.1)::double precision) AND (rate_seconds <= (2678400)::double precision)))),
    CONSTRAINT worker_limits_rate_whole CHECK (((rate_count IS NULL) = (rate_seconds IS NULL))),
    CONSTRAINT worker_limits_scope_known CHECK ((scope = ANY (ARRAY['queue'::text, 'type'::text]))),
    CONSTRAINT worker_limits_source_known CHECK ((source = ANY (ARRAY['code'::text, 'operator'::text])))
);

ALTER TABLE ONLY public.worker_limits FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_limits OWNER TO rambla_owner;

CREATE FUNCTION internal.limit_now(p_scope text, p_name text) RETURNS SETOF public.worker_limits
    LANGUAGE plpgsql STABLE ROWS 1
    SET search_path TO ''
    AS $$
begin
    return query
    select l.*
    from public.worker_limits l
    where l.scope = p_scope and l.name = p_name
    order by l.source desc -- operator before code
    limit 1;
end
$$;

ALTER FUNCTION internal.limit_now(p_scope text, p_name text) OWNER TO rambla_owner;

CREATE FUNCTION internal.may_act_for(p_user_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select p_user_id = auth.uid() or auth.role() = 'service_role' or public.has_role('admin')
$$;

ALTER FUNCTION internal.may_act_for(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.moderate(p_item_id uuid, p_removal_reason text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_changed boolean;
begin
    update public.posts p
    set removal_reason = p_removal_reason
    where p.id = p_item_id and p.removal_reason is distinct from p_removal_reason;
    v_changed := found;
    update public.shop_items s
    set removal_reason = p_removal_reason
    where s.id = p_item_id and s.removal_reason is distinct from p_removal_reason;
    v_changed := v_changed or found;
    if not v_changed and not exists (
        select from public.posts p where p.id = p_item_id
        union all
        select from public.shop_items s where s.id = p_item_id
    ) then
        raise sqlstate 'PT404' using message = 'There is no such post or shop item.', detail = 'not_found';
    end if;
    return v_changed;
end
$$;

ALTER FUNCTION internal.moderate(p_item_id uuid, p_removal_reason text) OWNER TO rambla_owner;

CREATE FUNCTION internal.money(p_minor bigint, p_currency text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select concat(
        case when p_minor < 0 then '-' end,
        case when d.exponent = 0 then d.digits else overlay(d.digits placing '.' from length(d.digits) - d.exponent + 1 for 0) end,
        ' ', p_currency
    )
    from (
        select c.exponent, lpad(ltrim(p_minor::text, '-'), greatest(c.exponent + 1, length(ltrim(p_minor::text, '-'))), '0') as digits
        from (select coalesce((select c.exponent from public.currencies c where c.code = p_currency), 2) as exponent) c
    ) d
$$;

ALTER FUNCTION internal.money(p_minor bigint, p_currency text) OWNER TO rambla_owner;

CREATE FUNCTION internal.most_per_key(p_job_type text) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return coalesce(
        (
            select l.most_per_key
            from public.worker_limits l
            where l.scope = 'type' and l.name = p_job_type and l.most_per_key is not null
            order by l.source desc -- operator before code
            limit 1
        ),
        1
    );
end
$$;

ALTER FUNCTION internal.most_per_key(p_job_type text) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_add_unread(p_users uuid[], p_changes integer[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_seq bigint;
begin
    if cardinality(p_users) = 1 then -- what nearly every statement is about, at a third of the price
        update public.notification_states s
        set unread = s.unread + p_changes[1]
        where s.user_id = p_users[1]
        returning s.seq into v_seq;
        if found then -- gone when the person leaves
            perform pg_notify('notifications', p_users[1] || ':' || v_seq);
        end if;
        return;
    end if;

    with locked as materialized ( -- in one order: two statements over the same people must not wait crosswise
        select s.user_id
        from public.notification_states s
        where s.user_id = any (p_users)
        order by s.user_id
        for no key update
    ),
    counted as (
        update public.notification_states s
        set unread = s.unread + c.change
        from unnest(p_users, p_changes) as c (user_id, change)
        inner join locked l on l.user_id = c.user_id
        where s.user_id = c.user_id
        returning s.user_id, s.seq
    )
    -- Ids only, and once for each recipient: it says "look", never what there is to see.
    select count(pg_notify('notifications', c.user_id || ':' || c.seq)) into v_seq from counted c;
end
$$;

ALTER FUNCTION internal.notif_add_unread(p_users uuid[], p_changes integer[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_cap() RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select coalesce(internal.setting('notif_daily_cap')::integer, 5) $$;

ALTER FUNCTION internal.notif_cap() OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_check(p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_key text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
declare
    v_wrong constant text := case
        when p_type is null or char_length(p_type) not between 1 and 100 then 'The type must have 1 to 100 characters.'
        when p_title is null or char_length(p_title) not between 1 and 200 then 'The title must have 1 to 200 characters.'
        when char_length(p_body) > 5000 then 'The body must have at most 5000 characters.'
        when jsonb_typeof(p_data) <> 'object' then 'The data must be an object.'
        when octet_length(p_data::text) > 16384 then 'The data must have at most 16384 bytes.'
        when char_length(p_key) > 200 then 'The idempotency key must have at most 200 characters.'
    end;
begin
    if p_channel is null or p_channel not in ('inapp', 'email', 'push', 'sms') then
        raise sqlstate 'PT400' using
            message = 'There is no such channel.', detail = 'unknown_channel', hint = 'inapp, email, push or sms';
    end if;
    if v_wrong is not null then
        raise sqlstate 'PT400' using message = v_wrong, detail = 'invalid_value';
    end if;
end
$$;

ALTER FUNCTION internal.notif_check(p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_key text) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_day(p_user_id uuid, p_at timestamp with time zone) RETURNS tstzrange
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_timezone constant text := internal.notif_timezone(p_user_id);
    v_midnight constant timestamp := date_trunc('day', p_at at time zone v_timezone);
begin
    -- From midnight to midnight of the wall clock: 23, 24 or 25 hours, so never "+ 24 hours".
    return tstzrange(
        v_midnight at time zone v_timezone,
        (v_midnight + interval '1 day') at time zone v_timezone
    );
end
$$;

ALTER FUNCTION internal.notif_day(p_user_id uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_enqueue_delivery(p_user_id uuid, p_notification_id uuid, p_critical boolean, p_not_before timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    perform internal.enqueue(
        p_job_type := 'notification_deliver',
        p_payload := jsonb_build_object('user_id', p_user_id, 'notification_id', p_notification_id),
        p_idempotency_key := concat_ws(':', 'notification', p_notification_id, extract(epoch from p_not_before)),
        p_queue := case when p_critical then 'critical' else 'default' end,
        p_next_run_at := p_not_before
    );
end
$$;

ALTER FUNCTION internal.notif_enqueue_delivery(p_user_id uuid, p_notification_id uuid, p_critical boolean, p_not_before timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_in_window(p_local timestamp without time zone, p_start time without time zone, p_end time without time zone, p_days integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
    select case
        when p_start < p_end then p_local::time >= p_start and p_local::time < p_end and d.today
        when p_start > p_end then p_local::time >= p_start and d.today or p_local::time < p_end and d.yesterday
        else false
    end
    from (
        select
            (p_days >> extract(isodow from p_local)::integer - 1) & 1 = 1 as today,
            (p_days >> extract(isodow from p_local - interval '1 day')::integer - 1) & 1 = 1 as yesterday
    ) d
$$;

ALTER FUNCTION internal.notif_in_window(p_local timestamp without time zone, p_start time without time zone, p_end time without time zone, p_days integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_is_full(p_user_id uuid, p_channel text, p_at timestamp with time zone, p_open integer DEFAULT 0) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select p_open + internal.notif_sent_today(p_user_id, p_channel, internal.notif_day(p_user_id, p_at), c.cap) >= c.cap
    from (select internal.notif_cap() as cap) c
$$;

ALTER FUNCTION internal.notif_is_full(p_user_id uuid, p_channel text, p_at timestamp with time zone, p_open integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_lock(p_user_id uuid) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    perform from public.notification_states s where s.user_id = p_user_id for no key update;
    return found;
end
$$;

ALTER FUNCTION internal.notif_lock(p_user_id uuid) OWNER TO rambla_owner;

CREATE TABLE public.notifications (
    user_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    seq bigint NOT NULL,
    channel text NOT NULL,
    type text NOT NULL,
    lane text DEFAULT 'system'::text NOT NULL,
    critical boolean DEFAULT false NOT NULL,
    title text NOT NULL,
    body text DEFAULT ''::text NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    url text GENERATED ALWAYS AS (
CASE
    WHEN ((data ->> 'url'::text) ~ '^/([^/\\[:cntrl:]][^[:cntrl:]]*)?$'::text) THEN (data ->> 'url'::text)
    ELSE NULL::text
END) STORED,
    status text NOT NULL,
    idempotency_key text,
    payload_hash bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    seen_at timestamp with time zone,
    read_at timestamp with time zone,
    archived_at timestamp with time zone,
    unread boolean GENERATED ALWAYS AS (((channel = 'inapp'::text) AND (read_at IS NULL))) STORED NOT NULL,
    CONSTRAINT notifications_archived_is_read CHECK (((archived_at IS NULL) OR (read_at IS NOT NULL))),
    CONSTRAINT notifications_body_length CHECK ((char_length(body) <= 5000)),
    CONSTRAINT notifications_channel_known CHECK ((channel = ANY (ARRAY['inapp'::text, 'email'::text, 'push'::text, 'sms'::text]))),
    CONSTRAINT notifications_data_object CHECK ((jsonb_typeof(data) = 'object'::text)),
    CONSTRAINT notifications_idempotency_key_length CHECK (((char_length(idempotency_key) >= 1) AND (char_length(idempotency_key) <= 200))),
    CONSTRAINT notifications_lane_known CHECK ((lane = ANY (ARRAY['orders'::text, 'social'::text, 'earnings'::text, 'system'::text]))),
    CONSTRAINT notifications_sent_has_time CHECK (((status <> 'sent'::text) OR (sent_at IS NOT NULL))),
    CONSTRAINT notifications_seq_positive CHECK ((seq > 0)),
    CONSTRAINT notifications_status_known CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text]))),
    CONSTRAINT notifications_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 200))),
    CONSTRAINT notifications_type_length CHECK (((char_length(type) >= 1) AND (char_length(type) <= 100)))
);

ALTER TABLE ONLY public.notifications FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notifications OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_may_deliver(p_notification public.notifications, p_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_reason text;
begin
    if p_notification.critical then
        return true;
    end if;
    v_reason := coalesce(
        internal.notif_objection(p_notification.user_id, p_notification.channel, p_notification.type, p_at),
        case when internal.notif_is_full(
            p_notification.user_id, p_notification.channel, p_at,
            internal.notif_open_deliveries(p_notification, p_at)
        ) then 'cap' end
    );
    if v_reason is null then
        return true;
    end if;

    insert into public.notification_suppressions (user_id, channel, type, reason, idempotency_key, notification_id, at)
    values (
        p_notification.user_id, p_notification.channel, p_notification.type, v_reason,
        p_notification.idempotency_key, p_notification.id, p_at
    );
    if v_reason = 'quiet_hours' then -- it was promised by day; it comes when the night is over
        perform internal.notif_enqueue_delivery(
            p_notification.user_id, p_notification.id, false,
            internal.notif_quiet_until(p_notification.user_id, p_at)
        );
    else
        update public.notifications n
        set status = 'failed'
        where n.user_id = p_notification.user_id and n.id = p_notification.id;
    end if;
    return false;
end
$$;

ALTER FUNCTION internal.notif_may_deliver(p_notification public.notifications, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_next_seq(p_user_id uuid) RETURNS bigint
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    insert into public.notification_states as s (user_id, seq)
    values (p_user_id, 1)
    on conflict (user_id) do update set seq = s.seq + 1
    returning s.seq
$$;

ALTER FUNCTION internal.notif_next_seq(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_objection(p_user_id uuid, p_channel text, p_type text, p_at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select case
        when not internal.notif_wants(p_user_id, p_channel, p_type) then 'preference'
        when internal.notif_quiet_until(p_user_id, p_at) is not null then 'quiet_hours'
    end
$$;

ALTER FUNCTION internal.notif_objection(p_user_id uuid, p_channel text, p_type text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_open_deliveries(p_notification public.notifications, p_at timestamp with time zone) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    -- A worker that died leaves its attempt open; after a quarter of an hour nobody is in the middle of it any more.
    select count(*)::integer
    from public.notification_deliveries d
    inner join public.notifications n on n.user_id = d.user_id and n.id = d.notification_id
    where d.user_id = p_notification.user_id
        and d.finished_at is null
        and d.started_at > p_at - interval '15 minutes'
        and d.notification_id <> p_notification.id
        and n.channel = p_notification.channel
        and not n.critical
$$;

ALTER FUNCTION internal.notif_open_deliveries(p_notification public.notifications, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_payload_hash(p_type text, p_title text, p_body text, p_data jsonb) RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    -- jsonb orders its keys, so the same content has one text.
    select sha256(convert_to(jsonb_build_array(p_type, p_title, p_body, p_data)::text, 'UTF8'))
$$;

ALTER FUNCTION internal.notif_payload_hash(p_type text, p_title text, p_body text, p_data jsonb) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_quiet_until(p_user_id uuid, p_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select (
        -- Only here does the change to summer time bite: an end that the clock skips lies after the gap, one that it
        -- strikes twice is the second. Whoever waits for it has to ask again then, for the next window may follow.
        case when q.start_time > q.end_time and l.now::time >= q.start_time then l.now::date + 1 else l.now::date end
        + q.end_time
    ) at time zone z.timezone
    from public.notification_quiet_hours q
    cross join lateral (
        select case
            when q.timezone is null then internal.notif_timezone(p_user_id)
            else internal.valid_timezone(q.timezone)
        end as timezone
    ) z
    cross join lateral (select p_at at time zone z.timezone as now) l
    where q.user_id = p_user_id
        and internal.notif_in_window(l.now, q.start_time, q.end_time, q.days)
$$;

ALTER FUNCTION internal.notif_quiet_until(p_user_id uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_replay(p_user_id uuid, p_channel text, p_key text, p_hash bytea, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    if p_key is null then
        return;
    end if;
    select n.id, case when n.payload_hash <> p_hash then 'mismatch' else 'replay' end
    into notification_id, outcome
    from public.notifications n
    where n.user_id = p_user_id and n.channel = p_channel and n.idempotency_key = p_key;

    if outcome = 'mismatch' then
        insert into public.notification_replays as r (user_id, notification_id, payload_hash, first_at, last_at)
        values (p_user_id, notif_replay.notification_id, p_hash, p_at, p_at)
        on conflict on constraint notification_replays_pkey do update
        set replays = r.replays + 1, last_at = excluded.last_at;
    end if;
end
$$;

ALTER FUNCTION internal.notif_replay(p_user_id uuid, p_channel text, p_key text, p_hash bytea, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_sent_today(p_user_id uuid, p_channel text, p_day tstzrange, p_at_most integer) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    -- From rows and not from a counter, so that rows which somebody wrote or took back by hand count as well.
    select count(*)::integer
    from (
        select
        from public.notifications n
        where n.user_id = p_user_id
            and n.channel = p_channel
            and n.status = 'sent'
            and not n.critical
            and n.sent_at >= lower(p_day)
            and n.sent_at < upper(p_day)
        limit p_at_most
    ) sent
$$;

ALTER FUNCTION internal.notif_sent_today(p_user_id uuid, p_channel text, p_day tstzrange, p_at_most integer) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_submit(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_key constant text := nullif(p_idempotency_key, '');
    v_body constant text := coalesce(p_body, '');
    v_data constant jsonb := coalesce(nullif(p_data, 'null'), '{}');
    v_hash constant bytea := internal.notif_payload_hash(p_type, p_title, v_body, v_data);
    v_type record;
    v_seq bigint;
begin
    perform internal.notif_check(p_channel, p_type, p_title, v_body, v_data, v_key);

    -- 1. A key that was used answers before anything else: at night, past the cap, whatever the preference is by now.
    select r.notification_id, r.outcome into notification_id, outcome
    from internal.notif_replay(p_user_id, p_channel, v_key, v_hash, p_at) r;
    if notification_id is not null then
        return;
    end if;

    -- 2. Preference and quiet hours; critical types ask neither, nor the cap.
    select t.lane, t.critical into v_type from internal.notif_type(p_type) t;
    if not v_type.critical then
        outcome := internal.notif_objection(p_user_id, p_channel, p_type, p_at);
    end if;

    -- 3. From here on the recipient's other sends wait. What they did before we came shows only now, so the key is
    --    looked up again. Under repeatable read it would not show: there this raises 40001 instead.
    if outcome is null then
        v_seq := internal.notif_next_seq(p_user_id);
        select r.notification_id, r.outcome into notification_id, outcome
        from internal.notif_replay(p_user_id, p_channel, v_key, v_hash, p_at) r;
        if notification_id is not null then
            return;
        end if;
        if not v_type.critical and internal.notif_is_full(p_user_id, p_channel, p_at) then
            outcome := 'cap';
        end if;
    end if;

    if outcome is not null then
        insert into public.notification_suppressions (user_id, channel, type, reason, idempotency_key, at)
        values (p_user_id, p_channel, p_type, outcome, v_key, p_at);
        return;
    end if;

    -- 4. In the app it has arrived by being there; other channels are a job of this same transaction.
    outcome := case p_channel when 'inapp' then 'sent' else 'queued' end;
    insert into public.notifications as n (
        user_id, id, seq, channel, type, lane, critical, title, body, data, status,
        idempotency_key, payload_hash, created_at, sent_at
    )
    values (
        p_user_id, public.uuid7(), v_seq, p_channel, p_type, v_type.lane, v_type.critical, p_title, v_body, v_data,
        outcome, v_key, v_hash, p_at, case outcome when 'sent' then p_at end
    )
    returning n.id into notification_id;
    if outcome = 'queued' then
        perform internal.notif_enqueue_delivery(p_user_id, notification_id, v_type.critical);
    end if;
end
$$;

ALTER FUNCTION internal.notif_submit(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_timezone(p_user_id uuid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select internal.valid_timezone((select p.timezone from public.profiles p where p.id = p_user_id))
$$;

ALTER FUNCTION internal.notif_timezone(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_type(p_type text, OUT lane text, OUT critical boolean) RETURNS record
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select coalesce(max(t.lane), 'system'), coalesce(bool_or(t.critical), false)
    from public.notification_types t
    where t.type = p_type
$$;

ALTER FUNCTION internal.notif_type(p_type text, OUT lane text, OUT critical boolean) OWNER TO rambla_owner;

CREATE FUNCTION internal.notif_wants(p_user_id uuid, p_channel text, p_type text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select coalesce(
        (
            select p.enabled
            from public.notification_preferences p
            where p.user_id = p_user_id and p.channel = p_channel and p.type in (p_type, '*')
            order by p.type = '*'
            limit 1
        ),
        true
    )
$$;

ALTER FUNCTION internal.notif_wants(p_user_id uuid, p_channel text, p_type text) OWNER TO rambla_owner;

CREATE FUNCTION internal.notifications_complete() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    if new.seq is null then
        new.seq := internal.notif_next_seq(new.user_id);
    end if;
    if new.status = 'sent' then
        new.sent_at := coalesce(new.sent_at, now());
    end if;
    return new;
end
$$;

ALTER FUNCTION internal.notifications_complete() OWNER TO rambla_owner;

CREATE FUNCTION internal.notifications_count() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_users uuid[];
    v_changes integer[];
begin
    -- A branch is planned when it first runs, so each may name only the transition tables that its event has.
    if tg_op = 'INSERT' then
        select array_agg(c.user_id), array_agg(c.change) into v_users, v_changes
        from (select g.user_id, count(*) as change from gained g where g.unread group by g.user_id) c;
    elsif tg_op = 'DELETE' then
        select array_agg(c.user_id), array_agg(c.change) into v_users, v_changes
        from (select l.user_id, - count(*) as change from lost l where l.unread group by l.user_id) c;
    else
        select array_agg(c.user_id), array_agg(c.change) into v_users, v_changes
        from (
            select r.user_id, sum(r.change) as change
            from (
                select g.user_id, 1 as change from gained g where g.unread
                union all
                select l.user_id, -1 from lost l where l.unread
            ) r
            group by r.user_id
            having sum(r.change) <> 0
        ) c;
    end if;
    perform internal.notif_add_unread(v_users, v_changes);
    return null;
end
$$;

ALTER FUNCTION internal.notifications_count() OWNER TO rambla_owner;

CREATE FUNCTION internal.notify(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone DEFAULT now()) RETURNS uuid
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    select s.notification_id
    from internal.notif_submit(
        p_user_id, p_channel, p_type, p_title, p_body, p_data, p_idempotency_key, p_at
    ) s
$$;

ALTER FUNCTION internal.notify(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE TABLE public.orders (
    buyer_id uuid NOT NULL,
    id uuid NOT NULL,
    state text DEFAULT 'placed'::text NOT NULL,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    checkout_key text NOT NULL,
    request_hash text NOT NULL,
    placed_at timestamp with time zone DEFAULT now() NOT NULL,
    paid_at timestamp with time zone,
    payment_provider text,
    payment_reference text,
    CONSTRAINT orders_currency_form CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT orders_paid_has_payment CHECK (((state = 'paid'::text) = ((paid_at IS NOT NULL) AND (payment_provider IS NOT NULL) AND (payment_reference IS NOT NULL)))),
    CONSTRAINT orders_state_known CHECK ((state = ANY (ARRAY['placed'::text, 'paid'::text, 'cancelled'::text]))),
    CONSTRAINT orders_total_positive CHECK ((total_minor > 0))
);

ALTER TABLE ONLY public.orders FORCE ROW LEVEL SECURITY;

ALTER TABLE public.orders OWNER TO rambla_owner;

CREATE FUNCTION internal.order_book_earnings(p_order public.orders) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    -- numeric rounds half away from zero, as invoices do; the rate is the one of the day of the order.
    select count(
        internal.earnings_record(
            p_user_id => s.seller_id,
            p_currency => p_order.currency,
            p_amount_minor => s.share,
            p_kind => 'sale',
            p_idem_key => format('order:%s:%s', p_order.id, s.line_no),
            p_source => 'order',
            p_source_ref => format('%s:%s', p_order.id, s.line_no),
            p_reason => format('%s × %s', s.title, s.quantity),
            p_occurred_at => p_order.paid_at
        )
    )
    from (
        select l.*, round(l.line_total_minor * l.creator_rate_bp * 0.0001)::bigint as share
        from public.order_lines l
        where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
        order by l.seller_id, l.line_no
    ) s
    where s.share > 0
$$;

ALTER FUNCTION internal.order_book_earnings(p_order public.orders) OWNER TO rambla_owner;

CREATE FUNCTION internal.order_notify(p_order public.orders) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$
    with lines as (
        select l.*, format('%s × %s', l.title, l.quantity) as words
        from public.order_lines l
        where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
    ),
    -- By recipient, buyer and sellers together: two people who buy from each other would otherwise deadlock.
    -- A message is cut, never refused: what a person wrote must not stop a payment.
    messages as (
        select
            l.seller_id as user_id, 'inapp' as channel, 'item_sold' as type, 'You made a sale' as title,
            left(string_agg(l.words, ', ' order by l.title, l.line_no), 500) as body,
            '/earnings' as url,
            format('order:%s:sale', p_order.id) as idempotency_key
        from lines l
        group by l.seller_id
        union all
        select
            p_order.buyer_id, 'email', 'order_receipt', 'Your receipt',
            left(string_agg(l.words || ': ' || internal.money(l.line_total_minor, p_order.currency), e'\n' order by l.title, l.line_no), 4800)
            || e'\n\nTotal: ' || internal.money(p_order.total_minor, p_order.currency),
            format('/orders/%s', p_order.id),
            format('order:%s:receipt', p_order.id)
        from lines l
        order by user_id, channel
    )
    select count(
        internal.notify(
            m.user_id, m.channel, m.type, m.title, m.body,
            jsonb_build_object('order_id', p_order.id, 'url', m.url), m.idempotency_key, p_order.paid_at
        )
    )
    from messages m
$$;

ALTER FUNCTION internal.order_notify(p_order public.orders) OWNER TO rambla_owner;

CREATE FUNCTION internal.order_replay(p_order public.orders, p_currency text) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    -- Its own payment empties the cart; then there is nothing left to compare.
    if coalesce(p_currency, p_order.currency) <> p_order.currency
        or internal.cart_hash(internal.cart_lines(p_order.buyer_id, p_order.currency)) <> p_order.request_hash
    then
        raise sqlstate 'PT409' using
            message = 'The key was used for an order of another cart.', detail = 'idempotency_mismatch';
    end if;
    return p_order.id;
end
$$;

ALTER FUNCTION internal.order_replay(p_order public.orders, p_currency text) OWNER TO rambla_owner;

CREATE FUNCTION internal.order_require_provider(p_provider text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $_$
begin
    if coalesce(p_provider, '') !~ '^[a-z][a-z_]{0,39}$' then
        raise sqlstate 'PT400' using message = 'That is no name of a payment provider.', detail = 'invalid_value';
    end if;
    -- Only whoever took the money may say so; a buyer's word counts as long as payments are a test.
    if p_provider <> 'manual' or internal.setting('order_manual_payment') <> 'true' then
        perform internal.require_service();
    end if;
end
$_$;

ALTER FUNCTION internal.order_require_provider(p_provider text) OWNER TO rambla_owner;

CREATE FUNCTION internal.order_settle(p_order public.orders, p_provider text, p_reference text, p_at timestamp with time zone) RETURNS public.orders
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_paid public.orders;
begin
    perform internal.order_take_stock(p_order);

    update public.orders o
    set state = 'paid', paid_at = p_at, payment_provider = p_provider, payment_reference = p_reference
    where o.buyer_id = p_order.buyer_id and o.id = p_order.id
    returning o.* into v_paid;

    update public.order_lines l
    set sold_at = p_at
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id;

    delete from public.shopping_cart_items c
    using public.order_lines l
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
        and c.user_id = p_order.buyer_id and c.item_id = l.item_id;

    insert into public.owned_items (user_id, item_id, order_id, bought_at)
    select l.buyer_id, l.item_id, l.order_id, p_at
    from public.order_lines l
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
    on conflict (user_id, item_id) do nothing;

    perform internal.order_book_earnings(v_paid);
    perform internal.order_notify(v_paid);
    perform internal.audit(
        'order.paid', v_paid.id::text,
        jsonb_build_object(
            'buyer_id', v_paid.buyer_id, 'total_minor', v_paid.total_minor, 'currency', v_paid.currency,
            'provider', p_provider, 'reference', p_reference
        )
    );
    return v_paid;
end
$$;

ALTER FUNCTION internal.order_settle(p_order public.orders, p_provider text, p_reference text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.order_take_stock(p_order public.orders) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_titles text;
begin
    -- By item id: two buyers of the same two items would otherwise wait for each other. The check is a statement of
    -- its own: as a condition around the locking one it would be pushed into it, and only what is short be locked.
    perform
    from public.order_lines l
    join public.shop_items i on i.id = l.item_id
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
    order by i.id
    for no key update of i;

    select string_agg(l.title, ', ' order by l.title) into v_titles
    from public.order_lines l
    join public.shop_items i on i.id = l.item_id
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id and not internal.is_for_sale(i, l.quantity, p_order.buyer_id);
    if v_titles is not null then
        raise sqlstate 'PT409' using
            message = format('Not to be had any more, or not so many: %s.', v_titles), detail = 'sold_out';
    end if;

    update public.shop_items i
    set stock = i.stock - l.quantity
    from public.order_lines l
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id and i.id = l.item_id and i.stock is not null;
end
$$;

ALTER FUNCTION internal.order_take_stock(p_order public.orders) OWNER TO rambla_owner;

CREATE FUNCTION internal.parents_completed(p_parents bigint[], p_at timestamp with time zone, p_children bigint[] DEFAULT NULL::bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_children bigint[] := array(
        select distinct e.child_id
        from public.worker_job_parents e
        where e.parent_id = any (p_parents) and (p_children is null or e.child_id = any (p_children))
    );
    v_told integer;
begin
    -- In order, because two workers may complete parents of the same children.
    perform from public.worker_jobs j where j.id = any (v_children) order by j.id for no key update;
    with released as (
        update public.worker_jobs j
        set parents_left = j.parents_left - c.completed,
            held_by = case
                when j.held_by is distinct from 'parents' or j.parents_left > c.completed then j.held_by
                when j.next_run_at <= p_at then 'turn'
            end
        from (
            select e.child_id, count(*) as completed
            from public.worker_job_parents e
            where e.child_id = any (v_children) and e.parent_id = any (p_parents)
            group by e.child_id
        ) c
        where j.id = c.child_id
        returning j.queue, j.held_by
    )
    select count(pg_notify('jobs', q.queue)) into v_told
    from (select distinct r.queue from released r where r.held_by = 'turn') q;
end
$$;

ALTER FUNCTION internal.parents_completed(p_parents bigint[], p_at timestamp with time zone, p_children bigint[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.parents_failed(p_parents bigint[], p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_failed bigint[] := p_parents;
begin
    while v_failed is not null loop
        perform
        from public.worker_jobs j
        where j.id in (select e.child_id from public.worker_job_parents e where e.parent_id = any (v_failed))
        order by j.id
        for no key update;
        with cancelled as (
            update public.worker_jobs j
            set status = 'cancelled',
                finished_at = p_at,
                held_by = null,
                last_error = format('Job %s, which it was to come after, did not complete.', e.parent_id),
                history = internal.job_history(j.history, internal.job_event(j, 'cancelled', null, p_at))
            from (
                select e.child_id, min(e.parent_id) as parent_id
                from public.worker_job_parents e
                where e.parent_id = any (v_failed)
                group by e.child_id
            ) e
            where j.id = e.child_id
                and j.status = 'pending'
                and j.held_by = 'parents'
                and j.on_parent_failure = 'cancel'
            returning j.id
        )
        select array_agg(c.id) into v_failed from cancelled c;
    end loop;
end
$$;

ALTER FUNCTION internal.parents_failed(p_parents bigint[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.profile_timezone() RETURNS trigger
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    -- The view reads files, tens of milliseconds of it; asked only when somebody changes the zone.
    if not exists (select from pg_catalog.pg_timezone_names z where z.name = new.timezone) then
        raise sqlstate 'PT400' using
            message = 'The time zone is not in the IANA list.', detail = 'unknown_timezone',
            hint = 'Write it like Europe/Madrid.';
    end if;
    return new;
end
$$;

ALTER FUNCTION internal.profile_timezone() OWNER TO rambla_owner;

CREATE FUNCTION internal.redrive(p_job_ids bigint[], p_at timestamp with time zone) RETURNS bigint[]
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_locked bigint[];
    v_back bigint[];
begin
    -- Locks first: the next statement then sees every child that was enqueued after one of them, and nobody finds
    -- a job dead and gives its key away in this moment.
    select array_agg(d.job_id) into v_locked
    from (
        select d.job_id
        from public.dead_letter_queue d
        where d.job_id = any (p_job_ids)
        order by d.job_id
        for update skip locked
    ) d;
    perform
    from public.worker_job_keys k
    where k.idempotency_key in (select d.idempotency_key from public.dead_letter_queue d where d.job_id = any (v_locked))
    order by k.idempotency_key
    for update;

    with back as (
        insert into public.worker_jobs (
            id, job_type, queue, priority, payload, tags, max_attempts, run_no, next_run_at, idempotency_key,
            partition_key, is_parent, on_parent_failure, last_error, redrives, created_at, history
        ) overriding system value
        select
            d.job_id, d.job_type, d.queue, d.priority, d.payload, d.tags, d.max_attempts,
            d.run_no, -- stays: a run that was thought dead must not come back as this one
            p_at,
            (
                select k.idempotency_key
                from public.worker_job_keys k
                where k.idempotency_key = d.idempotency_key and k.job_id = d.job_id
            ),
            d.partition_key,
            exists (select from public.worker_job_parents e where e.parent_id = d.job_id),
            (select 'wait' from public.worker_job_parents e where e.child_id = d.job_id limit 1),
            d.last_error, d.redrives + 1, d.created_at,
            internal.job_history(d.history, jsonb_build_object(
                'at', p_at, 'outcome', 'redriven', 'attempt', d.attempts, 'run_no', d.run_no
            ))
        from public.dead_letter_queue d
        where d.job_id = any (v_locked)
        order by d.job_id
        on conflict do nothing -- then the letter stays where it is
        returning id
    ), gone as (
        delete from public.dead_letter_queue d using back b where d.job_id = b.id
    )
    select coalesce(array_agg(b.id), '{}') into v_back from back b;
    return v_back;
end
$$;

ALTER FUNCTION internal.redrive(p_job_ids bigint[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.refuse_job(p_job_id bigint, p_fenced boolean) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    v_status text;
begin
    select j.status into v_status from public.worker_jobs j where j.id = p_job_id;
    if found and p_fenced then
        raise sqlstate 'PT409' using message = 'The job belongs to another run by now.', detail = 'lease_lost';
    elsif found then
        raise sqlstate 'PT409' using
            message = format('The job is %s, which does not allow this.', v_status), detail = 'invalid_job_state';
    elsif exists (select from public.dead_letter_queue d where d.job_id = p_job_id) then
        raise sqlstate 'PT409' using
            message = 'The job is a dead letter.', detail = 'invalid_job_state', hint = 'worker_redrive() moves it back.';
    end if;
    raise sqlstate 'PT404' using message = 'There is no such job.', detail = 'not_found';
end
$$;

ALTER FUNCTION internal.refuse_job(p_job_id bigint, p_fenced boolean) OWNER TO rambla_owner;

CREATE FUNCTION internal.register_limits(p_types jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    -- A type without a limit gets no row; one that had a limit keeps an empty one, see internal.gate_opened().
    insert into public.worker_limits as l (scope, name, source, most_running, most_per_key, rate_count, rate_seconds)
    select 'type', g.job_type, 'code', g.most_running, g.most_per_key, g.rate_count, g.rate_seconds
    from jsonb_to_recordset(p_types) g (
        job_type text, most_running integer, most_per_key integer, rate_count integer, rate_seconds double precision
    )
    where num_nonnulls(g.most_running, g.most_per_key, g.rate_count) > 0
        or exists (
            select from public.worker_limits o where o.scope = 'type' and o.name = g.job_type and o.source = 'code'
        )
    order by g.job_type
    on conflict (scope, name, source) do update
    set most_running = excluded.most_running,
        most_per_key = excluded.most_per_key,
        rate_count = excluded.rate_count,
        rate_seconds = excluded.rate_seconds,
        set_at = now()
    where (l.most_running, l.most_per_key, l.rate_count, l.rate_seconds)
        is distinct from (excluded.most_running, excluded.most_per_key, excluded.rate_count, excluded.rate_seconds);
    perform internal.count_runs();
end
$$;

ALTER FUNCTION internal.register_limits(p_types jsonb) OWNER TO rambla_owner;

CREATE FUNCTION internal.require_may_act_for(p_user_id uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    if not coalesce(internal.may_act_for(p_user_id), false) then
        raise sqlstate 'PT403' using message = 'You may not do this.', detail = 'forbidden';
    end if;
end
$$;

ALTER FUNCTION internal.require_may_act_for(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.require_reason(p_reason text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
    if coalesce(char_length(btrim(p_reason)) not between 1 and 500, true) then
        raise sqlstate 'PT400' using
            message = 'A reason has 1 to 500 characters.', detail = 'invalid_value',
            hint = 'The author reads it, and it stands in the audit log.';
    end if;
end
$$;

ALTER FUNCTION internal.require_reason(p_reason text) OWNER TO rambla_owner;

CREATE FUNCTION internal.require_scope(p_scope text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO ''
    AS $$
begin
    if p_scope is null or p_scope not in ('queue', 'type') then
        raise sqlstate 'PT400' using message = 'What is limited or paused is a queue or a type.', detail = 'invalid_value';
    end if;
end
$$;

ALTER FUNCTION internal.require_scope(p_scope text) OWNER TO rambla_owner;

CREATE FUNCTION internal.require_service() RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    if auth.role() is distinct from 'service_role' and not public.has_role('admin') then
        raise sqlstate 'PT403' using message = 'You may not do this.', detail = 'forbidden';
    end if;
end
$$;

ALTER FUNCTION internal.require_service() OWNER TO rambla_owner;

CREATE FUNCTION internal.running_jobs(p_scope text, p_name text, p_key text, OUT jobs_count bigint, OUT jobs text) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    select count(*), string_agg(format('%s on worker %s', r.id, r.worker_id), ', ' order by r.id) filter (where r.place <= 10)
    into jobs_count, jobs
    from (
        select j.id, j.worker_id, row_number() over (order by j.id) as place
        from public.worker_jobs j
        where j.status = 'running'
            and j.limited
            and case when p_scope = 'queue' then j.queue else j.job_type end = p_name
            and (p_key is null or j.partition_key = p_key)
    ) r;
end
$$;

ALTER FUNCTION internal.running_jobs(p_scope text, p_name text, p_key text, OUT jobs_count bigint, OUT jobs text) OWNER TO rambla_owner;

CREATE FUNCTION internal.runs_ended(p_types text[], p_keys text[], p_queues text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_told integer;
begin
    with opened as (
        update public.worker_jobs j
        set held_by = 'turn'
        where j.ctid = any (array(
            select n.row
            from (
                select e.job_type, e.partition_key, count(*) as ended
                from unnest(p_types, p_keys) e (job_type, partition_key)
                group by e.job_type, e.partition_key
                order by e.job_type, e.partition_key -- two ends wait for each other, but not in a circle
            ) e
            cross join lateral (
                select h.ctid as row
                from public.worker_jobs h
                where h.held_by = internal.key_gate(e.job_type, e.partition_key)
                    and h.job_type = e.job_type
                    and h.partition_key = e.partition_key
                order by h.queue, h.priority, h.next_run_at, h.id
                limit e.ended
                -- Not past locked ones: a claim that found them free a moment ago keeps its locks on them although
                -- they are held now, and nobody would come back for them. It waits for nobody, so this is short.
                for update
            ) n
        ))
        returning j.queue
    )
    select count(pg_notify('jobs', q.queue)) into v_told
    from (
        select o.queue from opened o
        union
        select q.queue from unnest(p_queues) q (queue)
    ) q;
end
$$;

ALTER FUNCTION internal.runs_ended(p_types text[], p_keys text[], p_queues text[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.sessions_touched() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    -- The service's tokens are nobody's: they share the nil uuid.
    perform internal.touch(
        'sessions', array[coalesce(old.user_id, '00000000-0000-0000-0000-000000000000')]
    );
    return null;
end
$$;

ALTER FUNCTION internal.sessions_touched() OWNER TO rambla_owner;

CREATE FUNCTION internal.setting(p_key text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ select s.value from internal.settings s where s.key = p_key $$;

ALTER FUNCTION internal.setting(p_key text) OWNER TO rambla_owner;

CREATE FUNCTION internal.state_moves_forward() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_states constant text[] := '{draft,published,listed,removed}';
begin
    if array_position(v_states, new.state) < array_position(v_states, old.state) then
        raise sqlstate 'PT409' using
            message = 'What is ' || old.state || ' does not become ' || new.state || ' again.',
            detail = 'invalid_transition';
    end if;
    return new;
end
$$;

ALTER FUNCTION internal.state_moves_forward() OWNER TO rambla_owner;

CREATE FUNCTION internal.take_keys(p_keys text[], p_hashes bytea[], p_uniques text[], p_at timestamp with time zone) RETURNS bigint[]
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_ids bigint[];
begin
    -- Locked first and looked at in the next statement, whose snapshot has what a rival did with them meanwhile;
    -- in the order of the keys, so that two callers with the same ones wait for each other and do not deadlock.
    perform
    from public.worker_job_keys k
    where k.idempotency_key = any (p_keys)
    order by k.idempotency_key
    for update;

    with taken as (
        update public.worker_job_keys k
        set job_id = nextval('public.worker_jobs_id_seq'), payload_hash = g.hash, created_at = p_at, pruned_at = null
        from unnest(p_keys, p_hashes, p_uniques) g (key, hash, uniqueness)
        where k.idempotency_key = g.key and not internal.key_counts(k.job_id, k.created_at, g.uniqueness, p_at)
        returning k.idempotency_key, k.job_id
    ), parted as (
        -- A period can end before the job does. It goes on, and without the key it is in nobody's way.
        update public.worker_jobs j
        set idempotency_key = null
        from taken t
        where j.idempotency_key = t.idempotency_key and j.status in ('pending', 'running')
    )
    select array_agg(t.job_id) into v_ids from taken t;
    return v_ids;
end
$$;

ALTER FUNCTION internal.take_keys(p_keys text[], p_hashes bytea[], p_uniques text[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.touch(p_what text, p_ids uuid[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    v_so_far constant text := coalesce(current_setting('rambla.touched', true), '');
    v_told text[];
begin
    if cardinality(p_ids) = 0 then
        return;
    end if;
    -- Of a great many it is enough to say that nothing remembered is to be trusted.
    v_told := case
        when cardinality(p_ids) > 200 or length(v_so_far) > 20000 then array['all:' || pg_current_xact_id()]
        else array(select distinct p_what || '/' || u.id || ':' || pg_current_xact_id() from unnest(p_ids) u (id))
    end;
    perform pg_notify('touched', t.told) from unnest(v_told) t (told) where position(t.told in v_so_far) = 0;
    perform set_config('rambla.touched', concat_ws(' ', nullif(v_so_far, ''), array_to_string(
        array(select t.told from unnest(v_told) t (told) where position(t.told in v_so_far) = 0), ' '
    )), true);
end
$$;

ALTER FUNCTION internal.touch(p_what text, p_ids uuid[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.types_in_sight(p_types text[], p_rows tid[], p_queues text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return array(
        select t.name
        from unnest(p_types) t (name)
        where exists (
            select from public.worker_jobs j where j.held_by = 'type:' || t.name and j.queue = any (p_queues)
        )
        union
        select j.job_type
        from unnest(p_rows) r (row)
        inner join public.worker_jobs j on j.ctid = r.row
        where j.job_type = any (p_types)
    );
end
$$;

ALTER FUNCTION internal.types_in_sight(p_types text[], p_rows tid[], p_queues text[]) OWNER TO rambla_owner;

CREATE FUNCTION internal.uuid7_floor(p_at timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    select rpad(lpad(to_hex(floor(extract(epoch from p_at) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

ALTER FUNCTION internal.uuid7_floor(p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION internal.uuid7_time(p_id uuid) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    select case
        when substr(p_id::text, 15, 1) = '7'
            then to_timestamp(('x' || replace(left(p_id::text, 13), '-', ''))::bit(48)::bigint / 1000.0)
    end
$$;

ALTER FUNCTION internal.uuid7_time(p_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION internal.valid_timezone(p_timezone text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    perform now() at time zone p_timezone;
    return coalesce(p_timezone, 'UTC');
exception when data_exception then
    return 'UTC'; -- profiles hold what people typed; a wrong zone must not stop what others send them
end
$$;

ALTER FUNCTION internal.valid_timezone(p_timezone text) OWNER TO rambla_owner;

CREATE FUNCTION public.age_confirm(p_of_age boolean DEFAULT true) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    if p_of_age then
        insert into public.age_confirmations (user_id) values (auth.uid()) on conflict (user_id) do nothing;
    else
        delete from public.age_confirmations a where a.user_id = auth.uid();
    end if;
end
$$;

ALTER FUNCTION public.age_confirm(p_of_age boolean) OWNER TO rambla_owner;

CREATE FUNCTION public.auth_credential(p_name text) RETURNS TABLE(user_id uuid, password_hash text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    -- A handle cannot contain an @, so one name never means two people.
    return query
    select c.user_id, c.password_hash
    from internal.credentials c
    where c.user_id in (
        select p.id from public.profiles p where p.handle = lower(p_name)
        union all
        select u.id from auth.users u where lower(u.email) = lower(p_name)
    );
end
$$;

ALTER FUNCTION public.auth_credential(p_name text) OWNER TO rambla_owner;

CREATE FUNCTION public.auth_failure_note(p_user_id uuid, p_details jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    -- Never the name as it was typed: people type passwords into that field.
    perform internal.audit('sign_in.fail', coalesce(p_user_id::text, ''), p_details);
end
$$;

ALTER FUNCTION public.auth_failure_note(p_user_id uuid, p_details jsonb) OWNER TO rambla_owner;

CREATE FUNCTION public.auth_has_password() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$ select exists (select from internal.credentials c where c.user_id = auth.uid()) $$;

ALTER FUNCTION public.auth_has_password() OWNER TO rambla_owner;

CREATE FUNCTION public.auth_link_make(p_user_id uuid, p_token_hash bytea, p_lifetime interval DEFAULT '00:30:00'::interval, p_at timestamp with time zone DEFAULT now()) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    if octet_length(p_token_hash) is distinct from 32 then
        raise sqlstate 'PT400' using message = 'A token is stored as its sha256.', detail = 'invalid_value';
    end if;
    delete from internal.sign_in_links l where l.user_id = p_user_id and l.expires_at <= p_at;
    insert into internal.sign_in_links (token_hash, user_id, created_at, expires_at)
    values (p_token_hash, p_user_id, p_at, p_at + p_lifetime);
    perform internal.audit('link.make', p_user_id::text);
    return p_at + p_lifetime;
end
$$;

ALTER FUNCTION public.auth_link_make(p_user_id uuid, p_token_hash bytea, p_lifetime interval, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.auth_link_use(p_token_hash bytea, p_at timestamp with time zone DEFAULT now()) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_user_id uuid;
begin
    perform internal.require_service();
    -- Of two at once the second waits for the first one's row lock and then finds it used.
    update internal.sign_in_links l
    set used_at = p_at
    where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > p_at
    returning l.user_id into v_user_id;
    if not found then
        raise sqlstate 'PT410' using
            message = 'This link was used already or has expired. Make a new one.', detail = 'link_used';
    end if;
    perform internal.audit('link.use', v_user_id::text);
    return v_user_id;
end
$$;

ALTER FUNCTION public.auth_link_use(p_token_hash bytea, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.auth_password_rehash(p_user_id uuid, p_old_hash text, p_new_hash text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    update internal.credentials c
    set password_hash = p_new_hash
    where c.user_id = p_user_id and c.password_hash = p_old_hash;
    return found;
end
$$;

ALTER FUNCTION public.auth_password_rehash(p_user_id uuid, p_old_hash text, p_new_hash text) OWNER TO rambla_owner;

CREATE FUNCTION public.auth_password_set(p_user_id uuid, p_password_hash text, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    insert into internal.credentials as c (user_id, password_hash, changed_at)
    values (p_user_id, p_password_hash, p_at)
    on conflict (user_id) do update
    set password_hash = excluded.password_hash, changed_at = excluded.changed_at;
    -- Whoever knew the old password may hold a session or a link that it gave.
    delete from internal.sessions s where s.user_id = p_user_id;
    delete from internal.sign_in_links l where l.user_id = p_user_id and l.used_at is null;
    perform internal.audit('password.set', p_user_id::text);
end
$$;

ALTER FUNCTION public.auth_password_set(p_user_id uuid, p_password_hash text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.auth_register(p_email text, p_handle text, p_display_name text, p_password_hash text DEFAULT NULL::text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
    v_id uuid;
begin
    perform internal.require_service();
    if p_email !~ '^[^@\s]+@[^@\s]+$' or char_length(p_email) > 254 then
        raise sqlstate 'PT400' using message = 'This is not an e-mail address.', detail = 'invalid_value';
    end if;

    insert into auth.users (id, email) values (public.uuid7(), p_email) on conflict do nothing;
    select u.id into v_id from auth.users u where lower(u.email) = lower(p_email);
    insert into public.profiles (id, handle, display_name) values (v_id, lower(p_handle), p_display_name)
    on conflict do nothing;
    if not exists (select from public.profiles p where p.id = v_id and p.handle = lower(p_handle)) then
        raise sqlstate 'PT409' using message = 'The address or the handle belongs to somebody.', detail = 'conflict';
    end if;
    insert into internal.credentials (user_id, password_hash)
    select v_id, p_password_hash where p_password_hash is not null
    on conflict do nothing;
    return v_id;
end
$_$;

ALTER FUNCTION public.auth_register(p_email text, p_handle text, p_display_name text, p_password_hash text) OWNER TO rambla_owner;

CREATE FUNCTION public.content_removals(p_limit integer DEFAULT 100) RETURNS TABLE(item_id uuid, item_type text, author_handle text, author_name text, words text, reason text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_service();
    return query
    select r.item_id, r.item_type, a.handle, a.display_name, left(r.words, 200), r.reason
    from (
        select p.id as item_id, 'post' as item_type, p.author_id, coalesce(nullif(p.title, ''), p.body) as words,
            p.removal_reason as reason, p.created_at
        from public.posts p
        where p.removal_reason is not null
        union all
        select s.id, 'shop_item', s.seller_id, s.title, s.removal_reason, s.created_at
        from public.shop_items s
        where s.removal_reason is not null
    ) r
    join public.profiles a on a.id = r.author_id
    order by r.created_at desc, r.item_id
    limit least(p_limit, 1000);
end
$$;

ALTER FUNCTION public.content_removals(p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION public.content_remove(p_item_id uuid, p_reason text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_service();
    perform internal.require_reason(p_reason);
    if not internal.moderate(p_item_id, btrim(p_reason)) then
        return false;
    end if;
    perform internal.audit('content.remove', p_item_id::text, jsonb_build_object('reason', btrim(p_reason)));
    return true;
end
$$;

ALTER FUNCTION public.content_remove(p_item_id uuid, p_reason text) OWNER TO rambla_owner;

CREATE FUNCTION public.content_restore(p_item_id uuid, p_reason text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_service();
    perform internal.require_reason(p_reason);
    if not internal.moderate(p_item_id, null) then
        return false;
    end if;
    perform internal.audit('content.restore', p_item_id::text, jsonb_build_object('reason', btrim(p_reason)));
    return true;
end
$$;

ALTER FUNCTION public.content_restore(p_item_id uuid, p_reason text) OWNER TO rambla_owner;

CREATE FUNCTION public.earnings_explain(p_event_id uuid, p_user_id uuid DEFAULT auth.uid()) RETURNS TABLE(event_id uuid, words text, expected_at timestamp with time zone, currency text, amount_minor bigint, pending bigint, captured bigint, reversed bigint, expired bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(p_user_id);

    return query
    select
        root.id,
        concat_ws(
            ' ',
            internal.earnings_words(root.kind, root.reason) || '.',
            internal.money(r.captured, r.currency) || ' captured.',
            case when r.pending > 0 then
                internal.money(r.pending, r.currency) || ' pending, '
                || coalesce('expected on ' || to_char(r.matures_at at time zone p.timezone, 'YYYY-MM-DD'), 'no date yet') || '.'
            end,
            (
                select string_agg(
                    format('%s %s.', internal.money(m.amount_minor, m.currency), lower(left(w.words, 1)) || substr(w.words, 2)),
                    ' ' order by m.seq
                )
                from public.earnings_events m, internal.earnings_words(m.kind, m.reason) w (words)
                where m.user_id = root.user_id and m.parent_id = root.id and m.amount_minor > 0
                    and m.status in ('reversed', 'expired')
            )
        ),
        case when r.pending > 0 then r.matures_at end,
        r.currency, root.amount_minor, r.pending, r.captured, r.reversed, r.expired
    from public.earnings_events e
    join public.earnings_events root on root.user_id = e.user_id and root.id = coalesce(e.parent_id, e.id)
    join internal.earnings_accruals r on r.user_id = root.user_id and r.event_id = root.id
    join public.profiles p on p.id = root.user_id
    where e.user_id = p_user_id and e.id = p_event_id;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such event.', detail = 'not_found';
    end if;
end
$$;

ALTER FUNCTION public.earnings_explain(p_event_id uuid, p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.earnings_mature(p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_most constant integer := 1000;
    v_users uuid[];
    v_currencies text[];
    v_matured integer := 0;
    v_told record;
begin
    perform internal.require_service();

    -- Ledger rows first and in order, as every posting takes them. Who is busy now is matured by the next call.
    select array_agg(locked.user_id), array_agg(locked.currency) into v_users, v_currencies
    from (
        select l.user_id, l.currency
        from public.earnings_ledger l
        where (l.user_id, l.currency) in (
            select due.user_id, due.currency
            from (
                select r.user_id, r.currency
                from internal.earnings_accruals r
                where r.pending > 0 and r.matures_at <= p_at
                order by r.matures_at
                limit v_most
            ) due
        )
        order by l.user_id, l.currency
        for no key update skip locked
    ) locked;

    -- A second statement: its snapshot has what committed before the locks came.
    for v_told in
        with postings as (
            insert into public.earnings_events (
                user_id, id, currency, amount_minor, status, kind, reason, parent_id, group_id, source, source_ref,
                idem_key, occurred_at, rule_version
            )
            select
                e.user_id, leg.id, e.currency, leg.amount_minor, leg.status, 'capture', 'matured', e.id, due.move_id,
                e.source, e.source_ref, leg.idem_key, p_at, e.rule_version
            from (
                select r.*, gen_random_uuid() as move_id
                from internal.earnings_accruals r
                join unnest(v_users, v_currencies) as locked (user_id, currency)
                    on r.user_id = locked.user_id and r.currency = locked.currency
                where r.pending > 0 and r.matures_at <= p_at
                order by r.matures_at
                limit v_most
            ) due
            join public.earnings_events e on e.user_id = due.user_id and e.id = due.event_id
            cross join lateral (values
                (gen_random_uuid(), 'pending', -due.pending, null),
                (due.move_id, 'captured', due.pending, 'mature:' || due.event_id)
            ) as leg (id, status, amount_minor, idem_key)
            returning user_id, currency, status, amount_minor, idem_key
        )
        select
            p.user_id, p.currency, count(*) as events, sum(p.amount_minor)::bigint as amount_minor,
            min(p.idem_key) as idem_key
        from postings p
        where p.status = 'captured'
        group by p.user_id, p.currency
        order by p.user_id, p.currency
    loop
        v_matured := v_matured + v_told.events;
        perform internal.earnings_tell(
            v_told.user_id, 'captured', v_told.amount_minor, v_told.currency, 'matured', v_told.idem_key, p_at
        );
    end loop;
    return v_matured;
end
$$;

ALTER FUNCTION public.earnings_mature(p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.earnings_recompute(p_user_id uuid) RETURNS TABLE(currency text, total bigint, captured bigint, pending bigint, missed bigint, reversed bigint, expired bigint, event_count bigint, new_events bigint, drift bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_tallies internal.earnings_tally[];
begin
    perform internal.require_may_act_for(p_user_id);
    perform internal.earnings_lock(p_user_id);

    v_tallies := array(select t from internal.earnings_fold(p_user_id) t);
    if exists (select from unnest(v_tallies) t where internal.earnings_drifted(t)) then
        v_tallies := internal.earnings_settle(p_user_id, v_tallies);
    end if;

    return query
    select
        t.currency,
        t.captured + t.pending + t.reversed + t.expired,
        t.captured,
        t.pending,
        t.pending + t.reversed + t.expired,
        t.reversed,
        t.expired,
        t.event_count,
        t.new_events,
        abs(t.captured_drift) + abs(t.pending_drift) + abs(t.reversed_drift) + abs(t.expired_drift)
    from unnest(v_tallies) t;
end
$$;

ALTER FUNCTION public.earnings_recompute(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.earnings_record(p_user_id uuid, p_currency text, p_amount_minor bigint, p_kind text, p_idem_key text, p_source text, p_source_ref text, p_reason text DEFAULT ''::text, p_occurred_at timestamp with time zone DEFAULT now(), p_matures_at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_service();
    return internal.earnings_record(
        p_user_id, p_currency, p_amount_minor, p_kind, p_idem_key, p_source, p_source_ref, p_reason, p_occurred_at,
        p_matures_at
    );
end
$$;

ALTER FUNCTION public.earnings_record(p_user_id uuid, p_currency text, p_amount_minor bigint, p_kind text, p_idem_key text, p_source text, p_source_ref text, p_reason text, p_occurred_at timestamp with time zone, p_matures_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.earnings_summary(p_user_id uuid DEFAULT auth.uid()) RETURNS TABLE(currency text, total bigint, captured bigint, pending bigint, missed bigint, missed_open bigint, missed_lost bigint, reversed bigint, expired bigint, event_count bigint, next_capture_at timestamp with time zone, changed_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(p_user_id);

    return query
    select
        l.currency, l.total, l.captured, l.pending, l.missed, l.pending, l.reversed + l.expired, l.reversed, l.expired,
        l.event_count,
        (
            select min(r.matures_at)
            from internal.earnings_accruals r
            where r.user_id = l.user_id and r.currency = l.currency and r.pending > 0
        ),
        l.changed_at
    from public.earnings_ledger l
    where l.user_id = p_user_id
    order by l.currency;
end
$$;

ALTER FUNCTION public.earnings_summary(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.earnings_timeline(p_user_id uuid DEFAULT auth.uid(), p_currency text DEFAULT NULL::text, p_cursor_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_cursor_seq bigint DEFAULT NULL::bigint, p_limit integer DEFAULT 50) RETURNS TABLE(id uuid, seq bigint, occurred_at timestamp with time zone, currency text, amount_minor bigint, status text, kind text, reason text, words text, from_pending bigint, from_captured bigint, pending_left bigint, expected_at timestamp with time zone, parent_id uuid, source text, source_ref text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(p_user_id);

    return query
    select
        e.id, e.seq, e.occurred_at, e.currency, e.amount_minor, e.status, e.kind, e.reason,
        internal.earnings_words(e.kind, e.reason),
        coalesce(taken.pending, 0)::bigint, coalesce(taken.captured, 0)::bigint,
        coalesce(r.pending, 0), case when r.pending > 0 then r.matures_at end,
        e.parent_id, e.source, e.source_ref
    from public.earnings_events e
    left join internal.earnings_accruals r on r.user_id = e.user_id and r.event_id = e.id
    left join lateral (
        select
            -sum(t.amount_minor) filter (where t.status = 'pending') as pending,
            -sum(t.amount_minor) filter (where t.status = 'captured') as captured
        from public.earnings_events t
        where t.user_id = e.user_id and t.parent_id = e.parent_id and t.group_id = e.group_id and t.amount_minor < 0
    ) taken on e.group_id is not null
    where e.user_id = p_user_id
        and (p_currency is null or e.currency = p_currency)
        -- Of a transition only the posting that arrives; what left is in from_pending and from_captured.
        and (e.group_id is null or e.amount_minor > 0)
        and (
            p_cursor_at is null
            or (e.occurred_at, e.seq) < (p_cursor_at, p_cursor_seq)
        )
    order by e.occurred_at desc, e.seq desc
    limit least(greatest(p_limit, 1), 200);
end
$$;

ALTER FUNCTION public.earnings_timeline(p_user_id uuid, p_currency text, p_cursor_at timestamp with time zone, p_cursor_seq bigint, p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION public.earnings_transition(p_user_id uuid, p_event_id uuid, p_to text, p_amount_minor bigint, p_reason text, p_idem_key text, p_at timestamp with time zone DEFAULT now()) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_event public.earnings_events;
    v_open internal.earnings_accruals;
    v_left bigint;
    v_amount bigint;
    v_id uuid;
begin
    perform internal.require_service();
    if p_idem_key is null or p_amount_minor <= 0 or p_to not in ('captured', 'reversed', 'expired') then
        raise sqlstate 'PT400' using
            message = 'A transition has a key of its own, an amount above zero and leads to captured, reversed or expired.',
            detail = 'invalid_value';
    end if;
    v_event := internal.earnings_event_to_move(p_user_id, p_event_id);

    -- The row that every posting of this user and currency writes: whoever has it is alone with the accruals.
    perform from public.earnings_ledger l
    where l.user_id = p_user_id and l.currency = v_event.currency
    for no key update;

    v_id := internal.earnings_replay(p_user_id, p_event_id, p_to, p_amount_minor, p_idem_key);
    if v_id is not null then
        return v_id;
    end if;

    select r.* into v_open from internal.earnings_accruals r where r.user_id = p_user_id and r.event_id = p_event_id;
    v_left := v_open.pending + case when p_to = 'reversed' then v_open.captured else 0 end;
    v_amount := coalesce(p_amount_minor, v_left);
    if (v_amount between 1 and v_left) is not true then
        raise sqlstate 'PT409' using
            message = format(
                '%s pending and %s captured are left of this event.',
                internal.money(v_open.pending, v_open.currency), internal.money(v_open.captured, v_open.currency)
            ),
            detail = 'invalid_transition';
    end if;

    v_id := internal.earnings_move(v_event, v_open, p_to, v_amount, p_reason, p_idem_key, p_at);
    perform internal.earnings_tell(
        p_user_id, p_to, v_amount, v_event.currency, p_reason, 'transition:' || v_id, p_at
    );
    if auth.uid() is not null then
        perform internal.audit(
            'earnings.transition', p_event_id::text,
            jsonb_build_object('user_id', p_user_id, 'to', p_to, 'amount_minor', v_amount, 'reason', p_reason)
        );
    end if;
    return v_id;
end
$$;

ALTER FUNCTION public.earnings_transition(p_user_id uuid, p_event_id uuid, p_to text, p_amount_minor bigint, p_reason text, p_idem_key text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.earnings_verify(p_users integer DEFAULT 20, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(users integer, drifted integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_user_id uuid;
    v_accruals integer;
begin
    perform internal.require_service();
    users := 0;
    drifted := 0;

    -- By user id: recomputes lock one user after another, and two calls must not wait for each other crosswise.
    for v_user_id in
        select due.user_id
        from (
            select l.user_id
            from (
                select distinct a.user_id from public.earnings_ledger a where a.event_count <> 0 or a.total <> 0
            ) l
            left join internal.earnings_heads h on h.user_id = l.user_id
            where coalesce(h.folded_at < p_at, true)
            order by h.folded_at nulls first
            limit p_users
        ) due
        order by due.user_id
    loop
        users := users + 1;
        perform internal.earnings_lock(v_user_id);
        perform internal.earnings_forget(v_user_id);
        v_accruals := internal.earnings_settle_accruals(v_user_id);
        if exists (select from public.earnings_recompute(v_user_id) r where r.drift <> 0) or v_accruals > 0 then
            drifted := drifted + 1;
        end if;
    end loop;
    return next;
end
$$;

ALTER FUNCTION public.earnings_verify(p_users integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_candidates(p_viewer uuid, p_mode text, p_extras jsonb DEFAULT '[]'::jsonb, p_limit integer DEFAULT 200, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(item_id uuid, item_type text, author_id uuid, tags text[], reason text, published_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_slate public.feed_slates;
begin
    perform internal.require_service();
    v_slate := internal.feed_slate_build(
        p_viewer, internal.feed_mode(p_viewer, p_mode), 1, internal.feed_extras(p_extras), least(p_at, now())
    );
    return query
    select i.item_id, i.item_type, i.author_id, i.tags, (internal.feed_reasons())[s.reason], i.published_at
    from (
        select u.item_id, u.reason, u.n * 5 as nth
        from unnest(v_slate.post_ids, v_slate.post_reasons) with ordinality u (item_id, reason, n)
        union all
        select u.item_id, u.reason, u.n * 20 + 1
        from unnest(v_slate.shop_ids, v_slate.shop_reasons) with ordinality u (item_id, reason, n)
    ) s
    join public.feed_items i on i.item_id = s.item_id
    order by s.nth
    limit least(p_limit, 500);
end
$$;

ALTER FUNCTION public.feed_candidates(p_viewer uuid, p_mode text, p_extras jsonb, p_limit integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_ends(p_mode text, p_at timestamp with time zone DEFAULT now()) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
begin
    return (
        select l.ends
        from internal.feed_slate_live(v_viewer, internal.feed_mode(v_viewer, p_mode), least(p_at, now())) l
    );
end
$$;

ALTER FUNCTION public.feed_ends(p_mode text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_epoch(p_mode text, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
begin
    return (
        select (l.slate).epoch
        from internal.feed_slate_live(v_viewer, internal.feed_mode(v_viewer, p_mode), least(p_at, now())) l
    );
end
$$;

ALTER FUNCTION public.feed_epoch(p_mode text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_events_turn(p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    -- A day later than need be: an event that was taken just in time has to find its week.
    v_ended constant text[] := internal.feed_events_ended(internal.feed_events_since(p_at) - interval '1 day');
    v_mondays constant timestamptz[] := array(
        select date_trunc('week', p_at, 'UTC') + n * interval '168 hours' from generate_series(0, 2) n
    );
    v_turned integer := 0;
begin
    perform internal.require_service();
    if v_ended = '{}' and not exists (select from unnest(v_mondays) m where internal.feed_events_week(m) is null) then
        return 0;
    end if;

    -- The whole table first: locked part by part, a writer that has the whole and wants a part would wait for this one
    -- and this one for it. Who waits for a lock holds up whoever comes after, so not for long; the job comes again.
    perform set_config('lock_timeout', '3s', true);
    lock table public.feed_events in access exclusive mode;
    for n in 1 .. cardinality(v_mondays) loop
        v_turned := v_turned + internal.feed_events_make(v_mondays[n])::integer;
    end loop;
    for n in 1 .. cardinality(v_ended) loop
        execute format('drop table if exists internal.%I', v_ended[n]);
    end loop;
    return v_turned + cardinality(v_ended);
end
$$;

ALTER FUNCTION public.feed_events_turn(p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_experiment_figures(p_name text, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(arm text, weights_version integer, share double precision, viewers bigint, exposures bigint, clicks bigint, likes bigint, hides bigint, clicked bigint, liked bigint, hid bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_until constant timestamptz := least(
        p_at, (select coalesce(e.stopped_at, 'infinity') from public.feed_experiments e where e.name = p_name)
    );
begin
    perform internal.require_service();
    return query
    with shown as (
        select x.arm, x.viewer_id, count(*) as exposures, min(x.at) as since
        from public.feed_exposures x
        where x.experiment = p_name and x.at <= p_at
        group by x.arm, x.viewer_id
    ),
    did as (
        select s.arm, s.exposures,
            (
                select count(*)
                from public.feed_events v
                where v.viewer_id = s.viewer_id and v.kind = 'click' and v.received_at between s.since and v_until
            ) as clicks,
            (
                select count(*)
                from public.feed_reactions r
                where r.user_id = s.viewer_id and r.kind = 'like' and r.created_at between s.since and v_until
            ) as likes,
            (
                select count(*)
                from public.feed_hides h
                where h.user_id = s.viewer_id and h.created_at between s.since and v_until
            ) as hides
        from shown s
    )
    select a.arm, a.weights_version, (a.to_bucket - a.from_bucket) / 100.0::double precision,
        count(d.arm), coalesce(sum(d.exposures), 0)::bigint, coalesce(sum(d.clicks), 0)::bigint,
        coalesce(sum(d.likes), 0)::bigint, coalesce(sum(d.hides), 0)::bigint,
        -- Of viewers, because viewers were drawn: what one of them does twice tells no more about the arm.
        count(*) filter (where d.clicks > 0), count(*) filter (where d.likes > 0), count(*) filter (where d.hides > 0)
    from public.feed_experiment_arms a
    left join did d on d.arm = a.arm
    where a.experiment = p_name
    group by a.arm, a.weights_version, a.from_bucket, a.to_bucket
    order by a.from_bucket;
end
$$;

ALTER FUNCTION public.feed_experiment_figures(p_name text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_experiment_start(p_name text, p_arms jsonb, p_salt text DEFAULT NULL::text, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_arm record;
    v_from integer := 0;
begin
    perform internal.require_service();
    if jsonb_typeof(p_arms) is distinct from 'array' or coalesce(jsonb_array_length(p_arms) not between 1 and 10, true) then
        raise sqlstate 'PT400' using
            message = 'An experiment has one to ten arms.', detail = 'invalid_value',
            hint = '[{"arm": "control", "weights_version": 1, "share": 50}, ...]; shares in percent.';
    end if;
    if exists (select from public.feed_experiments e where e.stopped_at is null or e.name = p_name) then
        raise sqlstate 'PT409' using
            message = 'Another experiment runs, or had this name.', detail = 'conflict',
            hint = 'Stop it first; a new experiment takes a new name.';
    end if;
    insert into public.feed_experiments (name, salt, started_at) values (p_name, coalesce(p_salt, p_name), p_at);
    for v_arm in
        select * from jsonb_to_recordset(p_arms) a (arm text, weights_version integer, share numeric)
    loop
        perform internal.feed_require_comparable(v_arm.weights_version);
        -- Above 100 is also what is no number.
        if v_arm.share > 100 then
            raise sqlstate 'PT400' using
                message = 'A share is a percentage of the viewers.', detail = 'invalid_value';
        end if;
        insert into public.feed_experiment_arms (experiment, arm, weights_version, from_bucket, to_bucket)
        values (p_name, v_arm.arm, v_arm.weights_version, v_from, v_from + round(v_arm.share * 100)::integer);
        v_from := v_from + round(v_arm.share * 100)::integer;
    end loop;
    -- An object, as all details are: a list would be a page that the operator cannot open.
    perform internal.audit('feed.experiment_start', p_name, (
        select jsonb_object_agg(
            a.arm, format('version %s, %s %%', a.weights_version, (a.to_bucket - a.from_bucket) / 100.0::double precision)
        )
        from public.feed_experiment_arms a
        where a.experiment = p_name
    ));
end
$$;

ALTER FUNCTION public.feed_experiment_start(p_name text, p_arms jsonb, p_salt text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_experiment_stop(p_name text, p_at timestamp with time zone DEFAULT now()) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_service();
    if not exists (select from public.feed_experiments e where e.name = p_name) then
        raise sqlstate 'PT404' using message = 'There is no such experiment.', detail = 'not_found';
    end if;
    update public.feed_experiments e set stopped_at = greatest(p_at, e.started_at) where e.name = p_name and e.stopped_at is null;
    if not found then
        return false;
    end if;
    perform internal.audit('feed.experiment_stop', p_name, '{}');
    return true;
end
$$;

ALTER FUNCTION public.feed_experiment_stop(p_name text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_explain(p_item_id uuid, p_mode text DEFAULT 'for_you'::text, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(term text, value double precision, words text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_viewer constant uuid := auth.uid();
    v_mode constant text := internal.feed_mode(v_viewer, p_mode);
    v_at constant timestamptz := least(p_at, now());
begin
    perform internal.require_may_act_for(v_viewer);
    perform internal.feed_require_visible(p_item_id);
    if v_mode = 'latest' then
        return query
        select 'newest', null::double precision, 'Here the newest stands first: nothing else counts'
        union all
        select * from internal.feed_explain_place(v_viewer, p_item_id, v_mode);
        return;
    end if;
    return query
    select * from internal.feed_explain_item(p_item_id, v_at)
    union all
    select * from internal.feed_explain_viewer(v_viewer, p_item_id, v_mode, v_at)
    union all
    select * from internal.feed_explain_tired(v_viewer, p_item_id, v_at)
    union all
    select * from internal.feed_explain_extras(v_viewer, p_item_id, v_mode)
    union all
    select 'experiment', null::double precision,
        'Your feed is ranked by version ' || x.weights_version || ' of the weights: arm ' || x.arm || ' of ' || x.experiment
    from internal.feed_explain_arm(v_viewer, v_mode) x
    union all
    select * from internal.feed_explain_place(v_viewer, p_item_id, v_mode);
end
$$;

ALTER FUNCTION public.feed_explain(p_item_id uuid, p_mode text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_extend(p_viewer uuid, p_mode text, p_extras jsonb, p_fresh boolean DEFAULT false, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_slate public.feed_slates;
begin
    perform internal.require_service();
    v_slate := internal.feed_slate_fill(
        p_viewer, internal.feed_mode(p_viewer, p_mode), p_fresh, internal.feed_extras(p_extras), least(p_at, now())
    );
    if p_fresh then
        perform internal.touch('viewer', array[p_viewer]);
    end if;
    return v_slate.epoch;
end
$$;

ALTER FUNCTION public.feed_extend(p_viewer uuid, p_mode text, p_extras jsonb, p_fresh boolean, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_fold(p_limit integer DEFAULT 5000) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_taken internal.feed_unfolded[];
begin
    perform internal.require_service();
    -- Taken out in the transaction that counts them, so each is counted once whoever crashes; what another fold holds
    -- is left to it.
    with taken as (
        delete from internal.feed_unfolded u
        where u.id in (
            select n.id
            from internal.feed_unfolded n
            order by n.id
            limit least(p_limit, 50000)
            for update skip locked
        )
        returning u.*
    )
    select array_agg(t) into v_taken from taken t;
    if v_taken is null then
        return 0;
    end if;
    perform internal.feed_count(array_agg((
        t.item_id, 0, 0, (t.kind = 'share')::int, (t.kind = 'click')::int, 0, (t.kind = 'impression')::int,
        (t.kind = 'add_to_cart')::int, (t.kind = 'dwell')::int, 0
    )::public.feed_counters))
    from unnest(v_taken) t;
    perform internal.feed_warm(
        array_agg(t.viewer_id),
        array_agg(t.item_id),
        array_agg(case t.kind when 'share' then 2 when 'add_to_cart' then 2 when 'click' then 0.3 else 0.2 end),
        array_agg(t.at)
    )
    from unnest(v_taken) t
    where t.kind <> 'impression'
    having count(*) > 0;
    return cardinality(v_taken);
end
$$;

ALTER FUNCTION public.feed_fold(p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_fusion_home(p_mode text, p_cursor_score double precision DEFAULT NULL::double precision, p_cursor_id uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 50, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(item_id uuid, item_type text, score double precision, reason text, author_id uuid, author_handle text, author_name text, author_avatar_url text, title text, body text, image_url text, tags text[], price_minor bigint, currency text, stock integer, created_at timestamp with time zone, likes bigint, saves bigint, liked boolean, saved boolean, reposts bigint, reposted boolean, reposter_id uuid, reposter_handle text, reposter_name text, source text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path TO ''
    SET row_security TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
    v_mode constant text := internal.feed_mode(v_viewer, p_mode);
    -- Time moves backwards only, or whoever names a day to come would keep everybody's slate until then.
    v_at constant timestamptz := least(p_at, now());
    v_page constant internal.feed_page := (
        internal.feed_walk(v_viewer, v_mode, p_cursor_score, p_cursor_id, p_limit, true, v_at)
    ).page;
begin
    return query
    select c.item_id, c.item_type, c.score,
        -- In the words of release 0.1.0, which knows no others; source has all of them.
        case
            when c.source = 'reposted' then 'followed'
            when c.source in ('similar', 'offered') then 'interest'
            else c.source
        end,
        c.author_id, c.author_handle, c.author_name, c.author_avatar_url,
        c.title, c.body, c.image_url, c.tags, c.price_minor, c.currency, c.stock, c.created_at,
        c.likes, c.saves, c.liked, c.saved, c.reposts, c.reposted,
        c.reposter_id, c.reposter_handle, c.reposter_name, c.source
    from internal.feed_cards(v_viewer, v_page) c
    order by c.score desc;
end
$$;

ALTER FUNCTION public.feed_fusion_home(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_hide(p_item_id uuid, p_reason text DEFAULT 'hidden'::text, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(p_reason not in ('hidden', 'not_interested'), true) then
        raise sqlstate 'PT400' using
            message = 'There is no such reason.', detail = 'invalid_value',
            hint = 'Reasons are hidden and not_interested.';
    end if;
    perform internal.feed_require_visible(p_item_id);
    -- Said again once it is back, not_interested begins anew; hidden stays hidden.
    insert into public.feed_hides as h (user_id, item_id, reason, created_at)
    values (auth.uid(), p_item_id, p_reason, least(p_at, now()))
    on conflict (user_id, item_id) do update
    set reason = excluded.reason, created_at = excluded.created_at
    where h.reason = 'not_interested'
        and (
            excluded.reason = 'hidden'
            or h.created_at <= (select g.since from internal.feed_gone_since(excluded.created_at) g)
        );
    if found and p_reason = 'not_interested' then
        perform internal.feed_cool(auth.uid(), p_item_id);
    end if;
end
$$;

ALTER FUNCTION public.feed_hide(p_item_id uuid, p_reason text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_mute_word(p_word text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_word constant text := internal.feed_word(p_word);
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(char_length(v_word) not between 1 and 80, true) then
        raise sqlstate 'PT400' using message = 'A muted word has 1 to 80 characters.', detail = 'invalid_value';
    end if;
    -- Each page matches all of them against every post.
    if (select count(*) from public.feed_muted_words m where m.viewer_id = auth.uid() and m.word <> v_word) >= 100 then
        raise sqlstate 'PT400' using
            message = 'There may be 100 muted words.', detail = 'invalid_value', hint = 'Take one back first.';
    end if;
    insert into public.feed_muted_words (viewer_id, word) values (auth.uid(), v_word)
    on conflict (viewer_id, word) do nothing;
    return v_word;
end
$$;

ALTER FUNCTION public.feed_mute_word(p_word text) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_new_count(p_mode text, p_since double precision DEFAULT NULL::double precision, p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
    v_mode constant text := internal.feed_mode(v_viewer, p_mode);
    v_at constant timestamptz := least(p_at, now());
    v_epoch bigint;
    v_unheard uuid[];
    v_adult boolean;
    v_muted text;
    v_seen_since constant timestamptz := v_at
        - make_interval(days => internal.setting('feed_seen_days')::integer);
    v_tired constant internal.feed_tired[] := internal.feed_tired(v_viewer, internal.feed_weights(), v_at);
    v_anybody constant boolean := v_mode = 'trending' or v_mode = 'for_you' and not exists (
        select from public.follows f where f.follower_id = v_viewer
    );
    v_known uuid[];
begin
    if not coalesce(p_since between 2097152 and 9007199254740991, true) then
        raise sqlstate 'PT400' using
            message = 'The score is not of this feed.', detail = 'invalid_cursor', hint = 'Pass the score of any row.';
    end if;
    select e.unheard, e.adult, e.muted into v_unheard, v_adult, v_muted from internal.feed_eyes(v_viewer, v_at) e;
    select s.epoch, s.post_ids into v_epoch, v_known
    from public.feed_slates s
    where s.viewer_id = v_viewer and s.mode = v_mode
        and (p_since is null or s.epoch = floor(p_since / 2097152))
    order by s.epoch desc
    limit 1;
    v_epoch := coalesce(v_epoch, floor(p_since / 2097152)::bigint);

    return (
        select count(*)
        from (
            select distinct i.item_id
            from (
                (
                    select i.item_id, i.author_id, i.visibility, i.age_limited, v_anybody as to_anybody
                    from public.feed_items i
                    where i.live and i.item_type = 'post'
                        and i.published_at >= to_timestamp(v_epoch) and i.published_at <= v_at
                    order by i.published_at desc
                    limit 1000
                )
                union all
                select i.item_id, i.author_id, i.visibility, i.age_limited, true
                from internal.feed_new_reposts(v_viewer, v_unheard, to_timestamp(v_epoch), v_at) r (item_id)
                cross join lateral (select * from public.feed_items i where i.item_id = r.item_id offset 0) i
                where v_mode <> 'trending' and i.live and i.item_type = 'post'
            ) i
            cross join lateral (
                select exists (
                    select from public.follows f where f.follower_id = v_viewer and f.followee_id = i.author_id
                ) as followed
            ) f
            where i.author_id <> v_viewer
                and i.author_id not in (select unnest(v_unheard))
                and (v_adult or not i.age_limited)
                and (f.followed or i.to_anybody and i.visibility = 'public')
                -- The epoch is a whole second: what was published in it may be in the slate already.
                and i.item_id not in (select unnest(v_known))
                -- One by one (offset 0): the planner would rather read all that a viewer has ever seen and hidden.
                and not exists (
                    select from public.feed_firsts s
                    where s.viewer_id = v_viewer and s.item_id = i.item_id and s.at > v_seen_since
                    offset 0
                )
                and not exists (
                    select from public.feed_hides h
                    where h.user_id = v_viewer and h.item_id = i.item_id and h.reason = 'hidden'
                    offset 0
                )
                and (
                    v_tired is null
                    or internal.feed_damp_of(v_tired, i.item_id, i.author_id) > '-infinity'
                )
                and (v_muted is null or not internal.feed_speaks_of(i.item_id, v_muted))
            limit 100
        ) n
    );
end
$$;

ALTER FUNCTION public.feed_new_count(p_mode text, p_since double precision, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_place(p_mode text) RETURNS TABLE(score double precision, item_id uuid, passed integer, kept_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
    -- Of a slate that is not kept any more there is no going on.
    select p.score, p.item_id, (c.consumed / 512 + c.consumed % 512)::integer, p.kept_at
    from public.feed_places p
    cross join lateral (select 2097151 - p.score::bigint % 2097152 as consumed) c
    where p.viewer_id = auth.uid() and p.mode = p_mode
        and exists (
            select from public.feed_slates s
            where s.viewer_id = p.viewer_id and s.mode = p.mode and s.epoch = p.score::bigint / 2097152
        )
$$;

ALTER FUNCTION public.feed_place(p_mode text) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_place_keep(p_mode text, p_cursor_score double precision DEFAULT NULL::double precision, p_cursor_id uuid DEFAULT NULL::uuid, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_mode constant text := internal.feed_mode(auth.uid(), p_mode);
begin
    perform internal.require_may_act_for(auth.uid());
    if p_cursor_score is null and p_cursor_id is null then
        delete from public.feed_places p where p.viewer_id = auth.uid() and p.mode = v_mode;
        return;
    end if;
    perform internal.feed_cursor(auth.uid(), v_mode, p_cursor_score, p_cursor_id);
    insert into public.feed_places (viewer_id, mode, score, item_id, kept_at)
    values (auth.uid(), v_mode, p_cursor_score, p_cursor_id, least(p_at, now()))
    on conflict (viewer_id, mode) do update
    set score = excluded.score, item_id = excluded.item_id, kept_at = excluded.kept_at;
end
$$;

ALTER FUNCTION public.feed_place_keep(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_prune(p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_since constant timestamptz := internal.feed_events_since(p_at);
    v_timeless bigint;
    v_events bigint;
    v_slates bigint;
begin
    perform internal.require_service();
    delete from internal.feed_events_timeless e where e.received_at < v_since;
    get diagnostics v_timeless = row_count;
    delete from internal.feed_events_default e where e.received_at < v_since;
    get diagnostics v_events = row_count;
    delete from public.feed_firsts f where f.at < v_since;
    delete from public.feed_slates s where s.epoch < extract(epoch from p_at) - 86400;
    get diagnostics v_slates = row_count;
    delete from public.feed_exposures e
    using public.feed_experiments x
    where x.name = e.experiment and x.stopped_at < v_since;
    return v_timeless + v_events + v_slates;
end
$$;

ALTER FUNCTION public.feed_prune(p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_react(p_item_id uuid, p_kind text, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(p_kind not in ('like', 'save'), true) then
        raise sqlstate 'PT400' using
            message = 'There is no such reaction.', detail = 'invalid_value', hint = 'Reactions are like and save.';
    end if;
    perform internal.feed_require_visible(p_item_id);
    perform internal.feed_reactions_add(auth.uid(), array[p_item_id], array[p_kind], least(p_at, now()));
    return internal.feed_reaction_count(p_item_id, p_kind);
end
$$;

ALTER FUNCTION public.feed_react(p_item_id uuid, p_kind text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_ready(p_mode text, p_cursor_score double precision DEFAULT NULL::double precision, p_cursor_id uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 50) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
begin
    return (
        (
            internal.feed_walk(
                v_viewer, internal.feed_mode(v_viewer, p_mode), p_cursor_score, p_cursor_id, p_limit, false, now()
            )
        ).page
    ).epoch is not null;
end
$$;

ALTER FUNCTION public.feed_ready(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_record(p_events jsonb, p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_viewer constant uuid := auth.uid();
    v_at constant timestamptz := least(p_at, now());
    v_new public.feed_events[];
begin
    perform internal.require_may_act_for(v_viewer);
    if jsonb_typeof(p_events) is distinct from 'array' or jsonb_array_length(p_events) > 500 then
        raise sqlstate 'PT400' using
            message = 'Events come as a list of at most 500.', detail = 'invalid_value',
            hint = 'Each event has event_id, item_id, kind and, when it is a dwell, dwell_ms.';
    end if;

    -- What is not in the feed, or no longer, or not for the caller, is dropped in silence: the client could not have
    -- known, and a stranger is not to learn whether it is there. So is an event
    -- older than any that is kept, of which nobody could tell whether it was counted before.
    with recorded as (
        insert into public.feed_events as r (viewer_id, event_id, item_id, kind, dwell_ms, received_at)
        select distinct on (e.event_id) v_viewer, e.event_id, i.item_id, e.kind, e.dwell_ms, v_at
        from jsonb_to_recordset(p_events) e (event_id uuid, item_id uuid, kind text, dwell_ms integer)
        join public.feed_items i on i.item_id = e.item_id and i.live
        where (
            internal.uuid7_time(e.event_id) >= internal.feed_events_since(v_at)
            or internal.uuid7_time(e.event_id) is null
        )
            and (
                i.visibility = 'public'
                or i.author_id = v_viewer
                or exists (
                    select from public.follows f where f.follower_id = v_viewer and f.followee_id = i.author_id offset 0
                )
            )
            and not exists (
                select from public.blocks b where b.user_id = i.author_id and b.blocked_id = v_viewer offset 0
            )
        order by e.event_id
        on conflict (viewer_id, event_id) do nothing
        returning r.*
    )
    select array_agg(r) into v_new from recorded r;
    if v_new is null then
        return 0;
    end if;
    perform internal.feed_first(array_agg((0, v_viewer, e.item_id, e.kind, v_at)::internal.feed_unfolded))
    from unnest(v_new) e
    where e.kind not in ('like', 'save')
    having count(*) > 0;
    -- A like told of as an event is the like itself, so it counts once however the app says it.
    perform internal.feed_reactions_add(v_viewer, array_agg(e.item_id), array_agg(e.kind), v_at)
    from unnest(v_new) e
    where e.kind in ('like', 'save') and internal.feed_is_visible(e.item_id)
    having count(*) > 0;
    return cardinality(v_new);
end
$$;

ALTER FUNCTION public.feed_record(p_events jsonb, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_refresh(p_mode text, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_slate public.feed_slates;
begin
    if auth.uid() is null then
        raise sqlstate 'PT401' using message = 'Sign in to do this.', detail = 'not_signed_in';
    end if;
    v_slate := internal.feed_slate_fill(auth.uid(), internal.feed_mode(auth.uid(), p_mode), true, null, least(p_at, now()));
    perform internal.touch('viewer', array[auth.uid()]);
    return v_slate.epoch;
end
$$;

ALTER FUNCTION public.feed_refresh(p_mode text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_relate(p_limit integer DEFAULT 50) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_taken uuid[];
begin
    perform internal.require_service();
    -- Two at once would each write lists without what the other found.
    if not pg_try_advisory_xact_lock(hashtextextended('feed_relate', 7)) then
        return 0;
    end if;
    with taken as (
        delete from internal.feed_unrelated u
        where u.id in (select n.id from internal.feed_unrelated n order by n.id limit least(p_limit, 1000))
        returning u.item_id
    )
    select coalesce(array_agg(t.item_id), '{}') into v_taken from taken t;
    perform internal.feed_similar_write(array(
        select i.item_id from public.feed_items i where i.item_id in (select unnest(v_taken))
    ));
    return cardinality(v_taken);
end
$$;

ALTER FUNCTION public.feed_relate(p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_repost(p_item_id uuid, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_at constant timestamptz := least(p_at, now());
    v_author constant uuid := (select i.author_id from public.feed_items i where i.item_id = p_item_id and i.live);
begin
    perform internal.require_may_act_for(auth.uid());
    perform internal.feed_require_visible(p_item_id);
    if coalesce(v_author = auth.uid(), true) then
        raise sqlstate 'PT400' using
            message = 'One does not repost what is one''s own.', detail = 'invalid_value',
            hint = 'Followers get it in their feed already.';
    end if;
    insert into public.feed_reposts (user_id, item_id, created_at)
    values (auth.uid(), p_item_id, v_at)
    on conflict (user_id, item_id) do nothing;
    if found then
        perform internal.feed_warm(array[auth.uid()], array[p_item_id], array[2], array[v_at]);
        -- The key is the reposter's and the item's, so taking it back and doing it again tells the author once.
        perform internal.notify(
            v_author, 'inapp', 'item_reposted',
            left(p.display_name || ' reposted ' || coalesce(n.words, 'something of yours'), 200), '',
            jsonb_build_object('item_id', p_item_id, 'handle', p.handle), 'repost:' || p_item_id || ':' || p.id
        )
        from public.profiles p
        cross join lateral (
            select left(coalesce(
                (select coalesce(nullif(o.title, ''), o.body) from public.posts o where o.id = p_item_id),
                (select o.title from public.shop_items o where o.id = p_item_id)
            ), 80) as words
        ) n
        where p.id = auth.uid();
    end if;
    return internal.feed_repost_count(p_item_id);
end
$$;

ALTER FUNCTION public.feed_repost(p_item_id uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_see_again(p_subject_type text, p_subject text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    delete from public.feed_fatigues f
    where f.viewer_id = auth.uid() and f.subject_type = p_subject_type and f.subject = p_subject;
end
$$;

ALTER FUNCTION public.feed_see_again(p_subject_type text, p_subject text) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_see_fewer(p_subject_type text, p_subject text, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(p_subject_type not in ('author', 'tag') or char_length(p_subject) not between 1 and 50, true) then
        raise sqlstate 'PT400' using
            message = 'One may see fewer of an author or of a tag.', detail = 'invalid_value',
            hint = 'Pass author and their id, or tag and the tag.';
    end if;
    if p_subject_type = 'author' and not exists (
        select from public.profiles p where p.id::text = p_subject and p.id <> auth.uid() and not public.is_blocked(p.id)
    ) then
        raise sqlstate 'PT404' using message = 'There is nobody here of whom you could see fewer.', detail = 'not_found';
    end if;
    -- Each new slate weighs all of them.
    if (select count(*) from public.feed_fatigues f where f.viewer_id = auth.uid()) >= 500 then
        delete from public.feed_fatigues f
        where (f.viewer_id, f.subject_type, f.subject) in (
            select o.viewer_id, o.subject_type, o.subject
            from public.feed_fatigues o
            where o.viewer_id = auth.uid()
            order by o.since
            limit 1
        );
    end if;
    insert into public.feed_fatigues (viewer_id, subject_type, subject, since)
    values (auth.uid(), p_subject_type, p_subject, least(p_at, now()))
    on conflict (viewer_id, subject_type, subject) do update set since = excluded.since;
end
$$;

ALTER FUNCTION public.feed_see_fewer(p_subject_type text, p_subject text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_tagged(p_tag text, p_before timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before_id uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 20) RETURNS TABLE(item_id uuid, published_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_silenced constant uuid[] := array(select s.user_id from internal.feed_silenced(auth.uid()) s);
begin
    if coalesce(p_limit not between 1 and 100, true) then
        raise sqlstate 'PT400' using message = 'A page has 1 to 100 posts.', detail = 'invalid_value';
    end if;
    -- By when it was published, which never changes, so no post comes twice or is passed over while others come and go.
    return query
    select t.item_id, t.published_at
    from public.feed_item_tags t
    where t.tag = p_tag and t.item_type = 'post'
        and (t.published_at, t.item_id)
        < (coalesce(p_before, 'infinity'), coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
        and t.author_id not in (select unnest(v_silenced))
    order by t.published_at desc, t.item_id desc
    limit p_limit;
end
$$;

ALTER FUNCTION public.feed_tagged(p_tag text, p_before timestamp with time zone, p_before_id uuid, p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_unhide(p_item_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$ delete from public.feed_hides h where h.user_id = auth.uid() and h.item_id = p_item_id $$;

ALTER FUNCTION public.feed_unhide(p_item_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_unmute_word(p_word text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    delete from public.feed_muted_words m
    where m.viewer_id = auth.uid() and m.word = internal.feed_word(p_word);
end
$$;

ALTER FUNCTION public.feed_unmute_word(p_word text) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_unreact(p_item_id uuid, p_kind text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    delete from public.feed_reactions r
    where r.user_id = auth.uid() and r.item_id = p_item_id and r.kind = p_kind;
    -- One may always take back; only of what one may see is there a count to tell.
    return case when internal.feed_is_visible(p_item_id) then internal.feed_reaction_count(p_item_id, p_kind) end;
end
$$;

ALTER FUNCTION public.feed_unreact(p_item_id uuid, p_kind text) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_unrepost(p_item_id uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    delete from public.feed_reposts r where r.user_id = auth.uid() and r.item_id = p_item_id;
    -- As with a reaction: one may always take back, but hears only of what one may see.
    return case when internal.feed_is_visible(p_item_id) then internal.feed_repost_count(p_item_id) end;
end
$$;

ALTER FUNCTION public.feed_unrepost(p_item_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_weights_publish(p_changes jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_old public.feed_weights;
    v_new public.feed_weights;
begin
    perform internal.require_service();
    perform internal.feed_require_weights(p_changes);
    -- A key that somebody else makes of the old weights meanwhile would be corrected by nobody, and stand above or below
    -- everything for good: whoever ranks an item is waited for, and waits, and so does an experiment that begins. Who
    -- waits for a lock holds up whoever comes after, so not for long.
    perform set_config('lock_timeout', '3s', true);
    lock table public.feed_experiments, public.feed_items in share row exclusive mode;
    v_old := internal.feed_weights();
    if exists (select from public.feed_experiments e where e.stopped_at is null) then
        raise sqlstate 'PT409' using
            message = 'An experiment runs, and its arms were made from the current weights.', detail = 'conflict',
            hint = 'Stop it first, with feed_experiment_stop().';
    end if;
    v_new := jsonb_populate_record(v_old, p_changes - '{version,created_at,trial}'::text[]);
    if v_new is not distinct from v_old then
        return v_old.version;
    end if;
    v_new.version := nextval(pg_get_serial_sequence('public.feed_weights', 'version'));
    v_new.created_at := now();
    insert into public.feed_weights overriding system value values (v_new.*);
    perform internal.audit('feed.weights_publish', v_new.version::text, p_changes);

    -- Keys are comparable only when all were made with the same weights.
    update public.feed_items i
    set engagement_bucket = k.bucket,
        rank_key = internal.feed_rank_key(i.item_type, i.published_at, k.bucket, v_new)
    from (
        select f.item_id, coalesce(internal.feed_bucket(c, v_new), 0::smallint) as bucket
        from public.feed_items f
        left join public.feed_counters c on c.item_id = f.item_id
    ) k
    where i.item_id = k.item_id
        and (i.engagement_bucket, i.rank_key)
        <> (k.bucket, internal.feed_rank_key(i.item_type, i.published_at, k.bucket, v_new));
    return v_new.version;
end
$$;

ALTER FUNCTION public.feed_weights_publish(p_changes jsonb) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_weights_try(p_changes jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_new public.feed_weights;
begin
    perform internal.require_service();
    if jsonb_typeof(p_changes) is distinct from 'object' or p_changes ?| internal.feed_weights_shared() then
        raise sqlstate 'PT400' using
            message = 'An arm differs only in what is a viewer''s own.', detail = 'invalid_value',
            hint = 'Shared by all: ' || array_to_string(internal.feed_weights_shared(), ', ') || '.';
    end if;
    perform internal.feed_require_weights(p_changes);
    v_new := jsonb_populate_record(internal.feed_weights(), p_changes - '{version,created_at,trial}'::text[]);
    v_new.version := nextval(pg_get_serial_sequence('public.feed_weights', 'version'));
    v_new.created_at := now();
    v_new.trial := true;
    insert into public.feed_weights overriding system value values (v_new.*);
    perform internal.audit('feed.weights_try', v_new.version::text, p_changes);
    return v_new.version;
end
$$;

ALTER FUNCTION public.feed_weights_try(p_changes jsonb) OWNER TO rambla_owner;

CREATE FUNCTION public.feed_wishes() RETURNS TABLE(kind text, subject text, label text, since timestamp with time zone, gone_until timestamp with time zone, fades_until timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_weights constant public.feed_weights := internal.feed_weights();
    v_gone constant interval := make_interval(secs => 86400) * v_weights.fatigue_days;
    v_fades constant interval := v_gone + make_interval(secs => 86400) * v_weights.fatigue_fade_days;
begin
    perform internal.require_may_act_for(auth.uid());
    return query
    select w.kind, w.subject, w.label, w.since,
        case when w.kind in ('author', 'tag', 'not_interested') then w.since + v_gone end,
        case when w.kind in ('author', 'tag', 'not_interested') then w.since + v_fades end
    from (
        select 'word' as kind, m.word as subject, m.word as label, m.created_at as since
        from public.feed_muted_words m
        where m.viewer_id = auth.uid()
        union all
        select f.subject_type, f.subject, coalesce(p.display_name, '#' || f.subject), f.since
        from public.feed_fatigues f
        left join public.profiles p on f.subject_type = 'author' and p.id::text = f.subject
        where f.viewer_id = auth.uid()
        union all
        select h.reason, h.item_id::text,
            -- What one may not see any more has no words here either.
            case
                when internal.feed_is_visible(h.item_id)
                    then left(coalesce(nullif(p.title, ''), p.body, s.title), 100)
                else ''
            end,
            h.created_at
        from (
            select o.*
            from public.feed_hides o
            where o.user_id = auth.uid()
            order by o.created_at desc
            limit 100
        ) h
        left join public.posts p on p.id = h.item_id
        left join public.shop_items s on s.id = h.item_id
    ) w
    order by w.since desc, w.kind, w.subject;
end
$$;

ALTER FUNCTION public.feed_wishes() OWNER TO rambla_owner;

CREATE FUNCTION public.has_role(p_role text, p_user_id uuid DEFAULT auth.uid()) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
    select exists (
        select
        from public.user_roles r
        where r.user_id = p_user_id
            and r.role = p_role
            -- Others' roles are nobody's business but an admin's, and answer as if there were none.
            and (
                p_user_id = auth.uid()
                or auth.role() = 'service_role'
                or exists (select from public.user_roles a where a.user_id = auth.uid() and a.role = 'admin')
            )
    )
$$;

ALTER FUNCTION public.has_role(p_role text, p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.is_adult() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$ select internal.is_adult(auth.uid()) $$;

ALTER FUNCTION public.is_adult() OWNER TO rambla_owner;

CREATE FUNCTION public.is_blocked(p_user_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
    select exists (
        select from public.blocks b where b.user_id = auth.uid() and b.blocked_id = p_user_id
    ) or exists (
        select from public.blocks b where b.user_id = p_user_id and b.blocked_id = auth.uid()
    )
$$;

ALTER FUNCTION public.is_blocked(p_user_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.migrations_missing(p_names text[]) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    select array(
        select n.name
        from unnest(p_names) as n (name)
        where not exists (select from internal.migrations m where m.name = n.name)
        order by n.name
    )
$$;

ALTER FUNCTION public.migrations_missing(p_names text[]) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_archive(p_ids uuid[], p_archived boolean DEFAULT true, p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_changed integer;
begin
    if not internal.notif_lock(auth.uid()) then
        return 0;
    end if;
    update public.notifications n
    set archived_at = case when p_archived then p_at end,
        read_at = coalesce(n.read_at, p_at),
        seen_at = coalesce(n.seen_at, p_at)
    where n.user_id = auth.uid() and n.id = any (p_ids) and (n.archived_at is null) = p_archived;
    get diagnostics v_changed = row_count;
    return v_changed;
end
$$;

ALTER FUNCTION public.notif_archive(p_ids uuid[], p_archived boolean, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_delivery_begin(p_user_id uuid, p_notification_id uuid, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(user_id uuid, notification_id uuid, attempt integer, channel text, type text, critical boolean, title text, body text, url text, created_at timestamp with time zone, name text, address text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_notification public.notifications;
    v_attempt integer;
begin
    perform internal.require_service();
    perform internal.notif_lock(p_user_id);
    select n.* into v_notification
    from public.notifications n
    where n.user_id = p_user_id and n.id = p_notification_id and n.status <> 'sent';
    if v_notification.id is null or not internal.notif_may_deliver(v_notification, p_at) then
        return;
    end if;

    update public.notification_deliveries d
    set finished_at = p_at, outcome = 'unknown', detail = 'The worker was gone before it could say.'
    where d.user_id = p_user_id and d.notification_id = p_notification_id and d.finished_at is null;

    insert into public.notification_deliveries as d (user_id, notification_id, attempt, started_at)
    select p_user_id, p_notification_id, coalesce(max(o.attempt), 0) + 1, p_at
    from public.notification_deliveries o
    where o.user_id = p_user_id and o.notification_id = p_notification_id
    returning d.attempt into v_attempt;

    return query
    select
        p_user_id, p_notification_id, v_attempt, v_notification.channel, v_notification.type,
        v_notification.critical, v_notification.title, v_notification.body, v_notification.url,
        v_notification.created_at, p.display_name, case v_notification.channel when 'email' then u.email::text end
    from public.profiles p
    inner join auth.users u on u.id = p.id
    where p.id = p_user_id;
end
$$;

ALTER FUNCTION public.notif_delivery_begin(p_user_id uuid, p_notification_id uuid, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_delivery_finish(p_user_id uuid, p_notification_id uuid, p_attempt integer, p_outcome text, p_detail text DEFAULT ''::text, p_final boolean DEFAULT false, p_at timestamp with time zone DEFAULT now()) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_status text;
begin
    perform internal.require_service();
    perform internal.notif_lock(p_user_id);
    update public.notification_deliveries d
    set finished_at = p_at, outcome = p_outcome, detail = left(p_detail, 500)
    where d.user_id = p_user_id and d.notification_id = p_notification_id and d.attempt = p_attempt;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such delivery.', detail = 'not_found';
    end if;

    update public.notifications n
    set status = case
            when p_outcome = 'sent' then 'sent'
            when p_outcome = 'rejected' or p_final then 'failed'
            else 'queued'
        end,
        sent_at = case p_outcome when 'sent' then p_at end
    where n.user_id = p_user_id and n.id = p_notification_id
        and n.status <> 'sent' -- a slower worker does not take back what another one has sent
    returning n.status into v_status;
    return coalesce(v_status, 'sent');
end
$$;

ALTER FUNCTION public.notif_delivery_finish(p_user_id uuid, p_notification_id uuid, p_attempt integer, p_outcome text, p_detail text, p_final boolean, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_explain(p_user_id uuid, p_channel text DEFAULT 'inapp'::text, p_type text DEFAULT '*'::text, p_at timestamp with time zone DEFAULT now(), OUT outcome text, OUT critical boolean, OUT sent_today integer, OUT cap integer, OUT day_ends timestamp with time zone, OUT quiet_until timestamp with time zone, OUT timezone text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_day tstzrange;
begin
    perform internal.require_may_act_for(p_user_id);
    v_day := internal.notif_day(p_user_id, p_at);
    critical := (internal.notif_type(p_type)).critical;
    cap := internal.notif_cap();
    sent_today := internal.notif_sent_today(p_user_id, p_channel, v_day, cap);
    day_ends := upper(v_day);
    quiet_until := internal.notif_quiet_until(p_user_id, p_at);
    timezone := internal.notif_timezone(p_user_id);
    outcome := case
        when critical then 'send'
        else coalesce(
            internal.notif_objection(p_user_id, p_channel, p_type, p_at),
            case when sent_today >= cap then 'cap' else 'send' end
        )
    end;
end
$$;

ALTER FUNCTION public.notif_explain(p_user_id uuid, p_channel text, p_type text, p_at timestamp with time zone, OUT outcome text, OUT critical boolean, OUT sent_today integer, OUT cap integer, OUT day_ends timestamp with time zone, OUT quiet_until timestamp with time zone, OUT timezone text) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_mark_all_read(p_up_to_seq bigint DEFAULT NULL::bigint, p_lane text DEFAULT NULL::text, p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_changed integer;
begin
    if not internal.notif_lock(auth.uid()) then
        return 0;
    end if;
    update public.notifications n
    set read_at = p_at, seen_at = coalesce(n.seen_at, p_at)
    where n.user_id = auth.uid()
        and n.unread
        and n.seq <= coalesce(p_up_to_seq, n.seq)
        and n.lane = coalesce(p_lane, n.lane);
    get diagnostics v_changed = row_count;
    return v_changed;
end
$$;

ALTER FUNCTION public.notif_mark_all_read(p_up_to_seq bigint, p_lane text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_mark_read(p_ids uuid[], p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_changed integer;
begin
    if not internal.notif_lock(auth.uid()) then
        return 0;
    end if;
    update public.notifications n
    set read_at = p_at, seen_at = coalesce(n.seen_at, p_at)
    where n.user_id = auth.uid() and n.id = any (p_ids) and n.read_at is null;
    get diagnostics v_changed = row_count;
    return v_changed;
end
$$;

ALTER FUNCTION public.notif_mark_read(p_ids uuid[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_preferences_set(p_preferences jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    if jsonb_typeof(p_preferences) is distinct from 'array' or jsonb_array_length(p_preferences) > 500 then
        raise sqlstate 'PT400' using
            message = 'The preferences must be an array of at most 500.', detail = 'invalid_value',
            hint = '[{"type": "new_follower", "channel": "email", "enabled": false}]';
    end if;

    delete from public.notification_preferences p where p.user_id = auth.uid();
    insert into public.notification_preferences (user_id, type, channel, enabled)
    select distinct on (p.type, p.channel) auth.uid(), p.type, p.channel, p.enabled
    from jsonb_to_recordset(p_preferences) as p (type text, channel text, enabled boolean)
    on conflict (user_id, type, channel) do update set enabled = excluded.enabled; -- another tab saved meanwhile
end
$$;

ALTER FUNCTION public.notif_preferences_set(p_preferences jsonb) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_quiet_hours_set(p_start time without time zone, p_end time without time zone, p_days integer DEFAULT 127, p_timezone text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_may_act_for(auth.uid());
    if (p_start is null) <> (p_end is null) or p_start = '24:00' or p_days is null or p_days not between 1 and 127 then
        raise sqlstate 'PT400' using
            message = 'Quiet hours have a start, an end and at least one day.', detail = 'invalid_value',
            hint = 'Both null turns them off. Bit 0 of the days is Monday.';
    end if;
    -- By name, because PostgreSQL also takes "FOO5" for a zone.
    if p_timezone is not null and not exists (select from pg_catalog.pg_timezone_names z where z.name = p_timezone) then
        raise sqlstate 'PT400' using message = 'The time zone is not in the IANA list.', detail = 'unknown_timezone';
    end if;

    if p_start is null then
        delete from public.notification_quiet_hours q where q.user_id = auth.uid();
        return;
    end if;
    insert into public.notification_quiet_hours as q (user_id, start_time, end_time, days, timezone)
    values (auth.uid(), p_start, p_end, p_days, p_timezone)
    on conflict (user_id) do update
    set start_time = excluded.start_time, end_time = excluded.end_time, days = excluded.days, timezone = excluded.timezone;
end
$$;

ALTER FUNCTION public.notif_quiet_hours_set(p_start time without time zone, p_end time without time zone, p_days integer, p_timezone text) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_send(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone DEFAULT now()) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    select s.notification_id
    from public.notif_send_outcome(
        p_user_id, p_channel, p_type, p_title, p_body, p_data, p_idempotency_key, p_at
    ) s
$$;

ALTER FUNCTION public.notif_send(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_send_outcome(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone DEFAULT now(), OUT notification_id uuid, OUT outcome text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_may_act_for(p_user_id);
    if p_at is distinct from now() then
        perform internal.require_service(); -- whoever sets the clock walks around quiet hours and cap
    end if;
    select s.notification_id, s.outcome into notification_id, outcome
    from internal.notif_submit(
        p_user_id, p_channel, p_type, p_title, p_body, p_data, p_idempotency_key, p_at
    ) s;
end
$$;

ALTER FUNCTION public.notif_send_outcome(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) OWNER TO rambla_owner;

CREATE FUNCTION public.notif_unread_count() RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select coalesce((select s.unread from public.notification_states s where s.user_id = (select auth.uid())), 0)
$$;

ALTER FUNCTION public.notif_unread_count() OWNER TO rambla_owner;

CREATE FUNCTION public.order_pay(p_order_id uuid, p_provider text DEFAULT 'manual'::text, p_reference text DEFAULT NULL::text, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(order_id uuid, state text, currency text, total_minor bigint, paid_at timestamp with time zone, payment_provider text, payment_reference text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_order public.orders;
begin
    select o.* into v_order
    from public.orders o
    where o.id = p_order_id and internal.may_act_for(o.buyer_id)
    for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such order.', detail = 'not_found';
    end if;
    perform internal.order_require_provider(p_provider);
    if p_at is distinct from now() then
        perform internal.require_service(); -- whoever sets the clock ends a hold period at once
    end if;

    if v_order.state = 'placed' then
        v_order := internal.order_settle(v_order, p_provider, coalesce(p_reference, p_order_id::text), p_at);
    elsif v_order.state <> 'paid' then
        raise sqlstate 'PT409' using
            message = format('The order is %s.', v_order.state), detail = 'order_not_payable';
    end if;

    return query
    select
        v_order.id, v_order.state, v_order.currency, v_order.total_minor, v_order.paid_at,
        v_order.payment_provider, v_order.payment_reference;
end
$$;

ALTER FUNCTION public.order_pay(p_order_id uuid, p_provider text, p_reference text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.order_place(p_checkout_key text, p_currency text DEFAULT NULL::text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET row_security TO 'off'
    AS $$
declare
    v_buyer_id constant uuid := auth.uid();
    v_order public.orders;
    v_lines internal.cart_line[];
    v_id uuid;
begin
    if v_buyer_id is null then
        raise sqlstate 'PT401' using message = 'Sign in to place an order.', detail = 'not_signed_in';
    end if;
    if (char_length(p_checkout_key) between 1 and 200) is not true then
        raise sqlstate 'PT400' using
            message = 'An order has a key of 1 to 200 characters, so that a retry is no second order.',
            detail = 'invalid_value';
    end if;

    select o.* into v_order from public.orders o where o.buyer_id = v_buyer_id and o.checkout_key = p_checkout_key;
    if found then
        return internal.order_replay(v_order, p_currency);
    end if;

    perform internal.cart_require_on_offer(v_buyer_id);
    p_currency := internal.cart_currency(v_buyer_id, p_currency);
    v_lines := internal.cart_lines(v_buyer_id, p_currency);
    perform internal.cart_require_available(v_lines);

    insert into public.orders (buyer_id, id, currency, total_minor, checkout_key, request_hash)
    select
        v_buyer_id, public.uuid7(), p_currency, sum(l.quantity * l.unit_price_minor), p_checkout_key,
        internal.cart_hash(v_lines)
    from unnest(v_lines) l
    on conflict (buyer_id, checkout_key) do nothing
    returning id into v_id;
    if not found then
        -- The same request was quicker on another connection.
        return public.order_place(p_checkout_key, p_currency);
    end if;

    insert into public.order_lines (
        buyer_id, order_id, line_no, item_id, seller_id, title, quantity, unit_price_minor, creator_rate_bp
    )
    select
        v_buyer_id, v_id, row_number() over (order by l.item_id), l.item_id, l.seller_id, l.title, l.quantity,
        l.unit_price_minor, l.creator_rate_bp
    from unnest(v_lines) l;
    return v_id;
end
$$;

ALTER FUNCTION public.order_place(p_checkout_key text, p_currency text) OWNER TO rambla_owner;

CREATE FUNCTION public.role_grant(p_user_id uuid, p_role text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    insert into public.user_roles (user_id, role, granted_by) values (p_user_id, p_role, auth.uid())
    on conflict do nothing;
    if not found then
        return false;
    end if;
    perform internal.audit('role.grant', p_user_id::text, jsonb_build_object('role', p_role));
    return true;
end
$$;

ALTER FUNCTION public.role_grant(p_user_id uuid, p_role text) OWNER TO rambla_owner;

CREATE FUNCTION public.role_revoke(p_user_id uuid, p_role text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    -- All admins are locked in one order: two who remove each other at once would leave nobody.
    perform from public.user_roles r where r.role = 'admin' order by r.user_id for update;
    delete from public.user_roles r where r.user_id = p_user_id and r.role = p_role;
    if not found then
        return false;
    end if;
    if p_role = 'admin' and not exists (select from public.user_roles r where r.role = 'admin') then
        raise sqlstate 'PT409' using
            message = 'This is the last admin.', detail = 'conflict', hint = 'Make somebody else an admin first.';
    end if;
    perform internal.audit('role.revoke', p_user_id::text, jsonb_build_object('role', p_role));
    return true;
end
$$;

ALTER FUNCTION public.role_revoke(p_user_id uuid, p_role text) OWNER TO rambla_owner;

CREATE FUNCTION public.session_caller(p_token_hash bytea, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(user_id uuid, kind text, expires_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    -- Written at most once a minute, or every read of a page would cost a row version.
    update internal.sessions s
    set last_used_at = p_at
    where s.token_hash = p_token_hash
        and s.expires_at > p_at
        and s.last_used_at < p_at - interval '1 minute';

    return query
    select s.user_id, s.kind, s.expires_at
    from internal.sessions s
    where s.token_hash = p_token_hash and s.expires_at > p_at;
end
$$;

ALTER FUNCTION public.session_caller(p_token_hash bytea, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.session_end(p_token_hash bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_session record;
begin
    delete from internal.sessions s
    where s.token_hash = p_token_hash and (s.user_id = auth.uid() or auth.role() = 'service_role')
    returning s.id, s.user_id into v_session;
    if found then
        perform internal.audit(
            'session.end', coalesce(v_session.user_id::text, 'service'), jsonb_build_object('session', v_session.id)
        );
    end if;
    return v_session.id is not null;
end
$$;

ALTER FUNCTION public.session_end(p_token_hash bytea) OWNER TO rambla_owner;

CREATE FUNCTION public.session_list(p_token_hash bytea DEFAULT NULL::bytea, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(id uuid, kind text, label text, created_at timestamp with time zone, last_used_at timestamp with time zone, expires_at timestamp with time zone, is_current boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    select
        s.id, s.kind, s.label, s.created_at, s.last_used_at, s.expires_at,
        coalesce(s.token_hash = p_token_hash, false) as is_current
    from internal.sessions s
    where s.user_id = auth.uid() and s.expires_at > p_at
    order by is_current desc, s.last_used_at desc, s.id
$$;

ALTER FUNCTION public.session_list(p_token_hash bytea, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.session_revoke(p_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    delete from internal.sessions s where s.user_id = auth.uid() and s.id = p_id;
    if not found then
        raise sqlstate 'PT404' using message = 'There is nothing here that you may see.', detail = 'not_found';
    end if;
    perform internal.audit('session.revoke', auth.uid()::text, jsonb_build_object('session', p_id));
end
$$;

ALTER FUNCTION public.session_revoke(p_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.session_revoke_others(p_token_hash bytea) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_ended integer;
begin
    delete from internal.sessions s where s.user_id = auth.uid() and s.token_hash <> p_token_hash;
    get diagnostics v_ended = row_count;
    if v_ended > 0 then
        perform internal.audit('session.revoke', auth.uid()::text, jsonb_build_object('others', v_ended));
    end if;
    return v_ended;
end
$$;

ALTER FUNCTION public.session_revoke_others(p_token_hash bytea) OWNER TO rambla_owner;

CREATE FUNCTION public.session_service_list(p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(id uuid, label text, created_at timestamp with time zone, last_used_at timestamp with time zone, expires_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    return query
    select s.id, s.label, s.created_at, s.last_used_at, s.expires_at
    from internal.sessions s
    where s.user_id is null and s.expires_at > p_at
    order by s.created_at, s.id;
end
$$;

ALTER FUNCTION public.session_service_list(p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.session_service_revoke(p_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    delete from internal.sessions s where s.user_id is null and s.id = p_id;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such token.', detail = 'not_found';
    end if;
    perform internal.audit('session.revoke', 'service', jsonb_build_object('session', p_id));
end
$$;

ALTER FUNCTION public.session_service_revoke(p_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.session_start(p_user_id uuid, p_token_hash bytea, p_kind text, p_label text DEFAULT ''::text, p_lifetime interval DEFAULT NULL::interval, p_at timestamp with time zone DEFAULT now()) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_id uuid;
begin
    perform internal.require_service();
    if octet_length(p_token_hash) is distinct from 32 then
        raise sqlstate 'PT400' using message = 'A token is stored as its sha256.', detail = 'invalid_value';
    end if;
    insert into internal.sessions as s (token_hash, user_id, kind, label, created_at, last_used_at, expires_at)
    values (
        p_token_hash, p_user_id, p_kind, left(p_label, 200), p_at, p_at,
        p_at + coalesce(
            p_lifetime,
            case p_kind when 'cookie' then interval '30 days' when 'bearer' then interval '90 days' else interval '1 year' end
        )
    )
    returning s.id into v_id;
    -- Nobody sweeps this table: each person's rows are kept few when one is added.
    delete from internal.sessions s
    where s.user_id = p_user_id
        and s.id in (
            select o.id
            from internal.sessions o
            where o.user_id = p_user_id
            order by o.expires_at > p_at desc, o.id = v_id desc, o.last_used_at desc
            offset 100
        );
    perform internal.audit(
        'session.start', coalesce(p_user_id::text, 'service'), jsonb_build_object('session', v_id, 'kind', p_kind, 'label', p_label)
    );
    return v_id;
end
$$;

ALTER FUNCTION public.session_start(p_user_id uuid, p_token_hash bytea, p_kind text, p_label text, p_lifetime interval, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.uuid7() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    SET search_path TO ''
    AS $$
    -- RFC 9562 section 5.7: 48 bits of Unix milliseconds over a version 4 value, then the version bits.
    -- PostgreSQL has uuidv7() only from 18 on.
    select encode(
        set_bit(
            set_bit(
                overlay(
                    uuid_send(gen_random_uuid())
                    placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                    from 1 for 6
                ),
                52, 1
            ),
            53, 1
        ),
        'hex'
    )::uuid
$$;

ALTER FUNCTION public.uuid7() OWNER TO rambla_owner;

CREATE FUNCTION public.viewer_shell() RETURNS TABLE(id uuid, name text, handle text, avatar_url text, is_admin boolean, unread integer, timezone text, locale text, cart_count integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    select
        p.id,
        p.display_name,
        p.handle,
        p.avatar_url,
        public.has_role('admin'),
        public.notif_unread_count(),
        p.timezone,
        p.locale,
        (select coalesce(sum(c.quantity), 0)::integer from public.shopping_cart_items c where c.user_id = p.id)
    from public.profiles p
    where p.id = auth.uid()
$$;

ALTER FUNCTION public.viewer_shell() OWNER TO rambla_owner;

CREATE FUNCTION public.worker_beat(p_worker_id uuid, p_held bigint[] DEFAULT NULL::bigint[], p_run_nos integer[] DEFAULT NULL::integer[], p_host text DEFAULT NULL::text, p_pid integer DEFAULT NULL::integer, p_concurrency integer DEFAULT NULL::integer, p_queues text[] DEFAULT NULL::text[], p_job_types text[] DEFAULT NULL::text[], p_at timestamp with time zone DEFAULT now()) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET enable_seqscan TO 'off'
    AS $$
begin
    perform internal.require_service();
    insert into public.worker_heartbeats as h (
        worker_id, started_at, beat_at, host, pid, concurrency, queues, job_types
    )
    values (
        p_worker_id, p_at, p_at, coalesce(p_host, ''), p_pid, p_concurrency, coalesce(p_queues, '{}'),
        coalesce(p_job_types, '{}')
    )
    on conflict (worker_id) do update
    set beat_at = excluded.beat_at,
        host = coalesce(p_host, h.host),
        pid = coalesce(p_pid, h.pid),
        concurrency = coalesce(p_concurrency, h.concurrency),
        queues = coalesce(p_queues, h.queues),
        job_types = coalesce(p_job_types, h.job_types);
    if p_held is null then
        return;
    end if;

    -- A claim whose answer was lost on the way: the worker is alive and does not know that it has the job.
    perform public.worker_release(array_agg(j.id), array_agg(j.run_no))
    from public.worker_jobs j
    where j.worker_id = p_worker_id
        and j.status = 'running'
        and j.started_at <= p_at - (internal.setting('jobs_lease') #>> '{}')::interval
        and j.id <> all (p_held);

    return query
    select a.id
    from unnest(p_held, p_run_nos) a (id, run_no)
    left join public.worker_jobs j
        on j.id = any (p_held) and j.id = a.id and j.run_no = a.run_no and j.worker_id is not null
    where j.id is null;
end
$$;

ALTER FUNCTION public.worker_beat(p_worker_id uuid, p_held bigint[], p_run_nos integer[], p_host text, p_pid integer, p_concurrency integer, p_queues text[], p_job_types text[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_cancel(p_job_id bigint, p_reason text DEFAULT ''::text, p_run_no integer DEFAULT NULL::integer, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_job public.worker_jobs;
begin
    perform internal.require_service();
    update public.worker_jobs j
    set status = 'cancelled',
        finished_at = p_at,
        worker_id = null,
        held_by = null,
        last_error = left(p_reason, 10000),
        history = internal.job_history(j.history, internal.job_event(j, 'cancelled', left(p_reason, 10000), p_at))
    where j.id = p_job_id
        and ((p_run_no is null and j.status in ('pending', 'running')) or (j.status = 'running' and j.run_no = p_run_no))
    returning j.* into v_job;
    if not found then
        perform internal.refuse_job(p_job_id, p_run_no is not null);
    end if;
    if v_job.limited or v_job.partition_key is not null then
        perform internal.runs_ended(array[v_job.job_type], array[v_job.partition_key], array[v_job.queue]);
    end if;
    if v_job.is_parent then
        perform internal.parents_failed(array[v_job.id], p_at);
    end if;
    if p_run_no is null then
        perform internal.audit('job.cancel', p_job_id::text, jsonb_build_object('reason', p_reason));
    end if;
end
$$;

ALTER FUNCTION public.worker_cancel(p_job_id bigint, p_reason text, p_run_no integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_claim_jobs(p_worker_id uuid, p_queues text[] DEFAULT ARRAY['default'::text], p_limit integer DEFAULT 1, p_low_water timestamp with time zone DEFAULT NULL::timestamp with time zone, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(id bigint, run_no integer, job_type text, queue text, priority integer, next_run_at timestamp with time zone, payload jsonb, attempt integer, max_attempts integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    AS $$
declare
    c_rounds constant integer := 10; -- of at least 500 jobs that have to wait, before the next claim goes on
    v_queues text[];
    v_counted text[];
    v_types text[];
    v_waiting boolean;
    v_look integer := p_limit;
    v_rows tid[];
    v_limited boolean;
    v_moved integer := 0;
    v_left_out boolean := false;
    v_keys integer := 100; -- that one claim may lock; all locks share one table of the server
    v_locked integer;
    v_claimed integer;
    v_left integer := p_limit;
begin
    perform internal.require_service();
    if p_worker_id is null or p_limit not between 1 and 5000 then
        raise sqlstate 'PT400' using message = 'A claim names its worker and takes 1 to 5000 jobs.', detail = 'invalid_value';
    end if;

    -- Whoever claims is alive; a worker without a heartbeat would look like one lost in a crash.
    insert into public.worker_heartbeats (worker_id, started_at, beat_at, queues)
    values (p_worker_id, p_at, p_at, p_queues)
    on conflict do nothing;

    v_queues := array(
        select q.queue
        from unnest(p_queues) with ordinality q (queue, place)
        where not exists (select from public.worker_pauses s where s.scope = 'queue' and s.name = q.queue)
        order by q.place
    );
    v_counted := array(
        select distinct l.name from public.worker_limits l where l.scope = 'queue' and l.name = any (v_queues)
    );
    v_types := array(
        select l.name from public.worker_limits l where l.scope = 'type'
        union
        select s.name from public.worker_pauses s where s.scope = 'type'
    );
    v_waiting := exists (
        select
        from public.worker_jobs j
        where j.held_by = any ('turn'::text || array(select 'type:' || t.name from unnest(v_types) t (name)))
            and j.queue = any (v_queues)
    );

    for v_round in 1..c_rounds loop
        with lanes as materialized (
            select l.queue, l.priority
            from unnest(v_queues) with ordinality q (queue, place)
            inner join public.worker_lanes l on l.queue = q.queue
            where q.queue <> all (v_counted)
            order by q.place, l.priority
        ), picked as materialized (
            -- Not a subquery of the update: the planner may run a subquery twice and take more than the limit.
            select c.*
            from lanes
            cross join lateral (
                select j.ctid as row, j.partition_key is not null or j.job_type = any (v_types) as limited
                from public.worker_jobs j
                where j.status = 'pending'
                    and j.held_by is null
                    and j.queue = lanes.queue
                    and j.priority = lanes.priority
                    and j.next_run_at <= p_at
                    and j.next_run_at >= coalesce(p_low_water, '-infinity')
                order by j.next_run_at, j.id
                limit v_look
                for update skip locked
            ) c
            limit v_look
        )
        select array_agg(p.row), coalesce(bool_or(p.limited), false) into v_rows, v_limited from picked p;

        v_limited := v_limited or v_waiting or v_counted <> '{}';
        if v_limited then
            select a.admitted, a.moved, a.locked, a.left_out into v_rows, v_moved, v_locked, v_left_out
            from internal.admit_jobs(v_rows, v_queues, v_types, v_counted, v_left, v_keys, p_at) a;
            v_keys := v_keys - v_locked;
        else
            v_rows := v_rows[:v_left]; -- a later round has looked further than it may take
        end if;

        return query
        with claimed as (
            update public.worker_jobs j
            set status = 'running',
                attempts = j.attempts + 1,
                run_no = j.run_no + 1,
                worker_id = p_worker_id,
                started_at = p_at,
                held_by = null,
                limited = j.limited
                or v_limited
                and (j.partition_key is not null or j.job_type = any (v_types) or j.queue = any (v_counted))
            -- By their place on disk, which cannot change while this transaction holds their locks.
            where j.ctid = any (v_rows)
            returning
                j.id, j.run_no, j.job_type, j.queue, j.priority, j.next_run_at, j.payload, j.attempts, j.max_attempts
        )
        select * from claimed c
        order by array_position(p_queues, c.queue), c.priority, c.next_run_at, c.id;

        get diagnostics v_claimed = row_count;
        v_left := v_left - v_claimed;
        exit when not v_limited or v_moved = 0 or v_left_out or v_left = 0;
        v_look := greatest(p_limit, 500);
    end loop;
    if v_limited and (v_left_out or (v_moved > 0 and v_left > 0)) then
        -- This claim has not seen all, and its worker must not take it for all there is.
        perform set_config('rambla.claim_goes_on', 'yes', true);
    end if;
end
$$;

ALTER FUNCTION public.worker_claim_jobs(p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_complete_jobs(p_ids bigint[], p_run_nos integer[] DEFAULT NULL::integer[], p_results jsonb[] DEFAULT NULL::jsonb[], p_at timestamp with time zone DEFAULT now()) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_nestloop TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
declare
    v_ids bigint[];
    v_types text[];
    v_keys text[];
    v_queues text[];
    v_parents bigint[];
begin
    perform internal.require_service();
    with done as (
        update public.worker_jobs j
        set status = 'completed', finished_at = p_at, worker_id = null, result = a.result, last_error = null
        from unnest(p_ids, p_run_nos, p_results) a (id, run_no, result)
        where j.id = any (p_ids)
            and j.id = a.id
            and (p_run_nos is null or j.run_no = a.run_no)
            -- Which is to say, running; saying so would offer the planner another index.
            and j.worker_id is not null
        returning j.id, j.job_type, j.partition_key, j.queue, j.limited, j.is_parent
    )
    select
        array_agg(d.id),
        array_agg(d.job_type) filter (where d.partition_key is not null),
        array_agg(d.partition_key) filter (where d.partition_key is not null),
        array_agg(distinct d.queue) filter (where d.limited),
        array_agg(d.id) filter (where d.is_parent)
    into v_ids, v_types, v_keys, v_queues, v_parents
    from done d;

    if v_queues is not null then
        perform internal.runs_ended(v_types, v_keys, v_queues);
    end if;
    if v_parents is not null then
        perform internal.parents_completed(v_parents, p_at);
    end if;
    return query select unnest(v_ids);
end
$$;

ALTER FUNCTION public.worker_complete_jobs(p_ids bigint[], p_run_nos integer[], p_results jsonb[], p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_enqueue(p_job_type text, p_payload jsonb DEFAULT '{}'::jsonb, p_idempotency_key text DEFAULT NULL::text, p_queue text DEFAULT 'default'::text, p_priority integer DEFAULT 0, p_next_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_max_attempts integer DEFAULT NULL::integer, p_partition_key text DEFAULT NULL::text, p_after bigint[] DEFAULT NULL::bigint[], p_on_parent_failure text DEFAULT NULL::text, p_tags text[] DEFAULT '{}'::text[], p_unique text DEFAULT 'forever'::text, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    return internal.enqueue(
        p_job_type, p_payload, p_idempotency_key, p_queue, p_priority, p_next_run_at, p_max_attempts, p_partition_key,
        p_after, p_on_parent_failure, p_tags, p_unique, p_at
    );
end
$$;

ALTER FUNCTION public.worker_enqueue(p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_enqueue_many(p_jobs jsonb, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(id bigint, created boolean, same_payload boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
    v_created bigint[];
    v_ids bigint[];
    v_new boolean[];
    v_same boolean[];
    v_children bigint[];
    v_parents bigint[];
begin
    perform internal.require_service();
    if jsonb_typeof(p_jobs) is distinct from 'array' then
        raise sqlstate 'PT400' using message = 'Jobs come as a JSON array of objects.', detail = 'invalid_input';
    end if;

    -- What no job asks for is not looked for, as most ask for nothing.
    if jsonb_path_exists(p_jobs, '$[*].idempotency_key ? (@ != null)') then
        -- In the order of the keys, so that two callers with the same keys wait for each other and do not deadlock.
        with claimed as (
            insert into public.worker_job_keys as k (idempotency_key, job_id, payload_hash, created_at)
            select f.idempotency_key, nextval('public.worker_jobs_id_seq'), internal.job_hash(f.job_type, f.payload), p_at
            from (
                select distinct on (g.idempotency_key) g.idempotency_key, g.job_type, g.payload
                from internal.jobs_given(p_jobs, p_at) g
                where g.idempotency_key is not null
                order by g.idempotency_key, g.place
            ) f
            on conflict do nothing
            returning k.job_id
        )
        select array_agg(c.job_id) into v_created from claimed c;
    end if;
    if jsonb_path_exists(p_jobs, '$[*].unique') then
        select v_created || internal.take_keys(
            array_agg(f.idempotency_key), array_agg(internal.job_hash(f.job_type, f.payload)),
            array_agg(f.uniqueness), p_at
        )
        into v_created
        from (
            select distinct on (g.idempotency_key) g.idempotency_key, g.job_type, g.payload, g.uniqueness
            from internal.jobs_given(p_jobs, p_at) g
            inner join public.worker_job_keys k on k.idempotency_key = g.idempotency_key
            where k.job_id <> all (coalesce(v_created, '{}'))
            order by g.idempotency_key, g.place
        ) f;
    end if;

    with placed as materialized (
        select
            g.*,
            coalesce(k.job_id, nextval('public.worker_jobs_id_seq')) as job_id,
            k.job_id is null
            or (
                c.job_id is not null
                and row_number() over (partition by g.idempotency_key order by g.place) = 1
            ) as is_new,
            k.job_id is null or k.payload_hash = internal.job_hash(g.job_type, g.payload) as is_same
        from internal.jobs_given(p_jobs, p_at) g
        left join public.worker_job_keys k on k.idempotency_key = g.idempotency_key
        left join unnest(v_created) c (job_id) on c.job_id = k.job_id
    ), enqueued as (
        insert into public.worker_jobs (
            id, job_type, payload, idempotency_key, partition_key, queue, priority, next_run_at, max_attempts, held_by,
            parents_left, on_parent_failure, tags
        ) overriding system value
        select
            p.job_id, p.job_type, p.payload, p.idempotency_key, p.partition_key, p.queue, p.priority, p.next_run_at,
            coalesce(p.max_attempts, t.max_attempts, 5),
            case when p.after is not null then 'parents' end,
            (select count(distinct a.id) from unnest(p.after) a (id) having p.after is not null),
            case when p.after is not null then p.on_parent_failure end,
            p.tags
        from placed p
        left join public.worker_job_types t on t.job_type = p.job_type
        where p.is_new
        order by p.job_id
    )
    select
        array_agg(p.job_id order by p.place), array_agg(p.is_new order by p.place), array_agg(p.is_same order by p.place)
    into v_ids, v_new, v_same
    from placed p;

    if jsonb_path_exists(p_jobs, '$[*].after ? (@ != null)') then
        select array_agg(v_ids[g.place] order by g.place), array_agg(a.id order by g.place)
        into v_children, v_parents
        from internal.jobs_given(p_jobs, p_at) g
        cross join unnest(g.after) a (id)
        where v_new[g.place];
        if v_children is not null then
            perform internal.come_after(v_children, v_parents);
        end if;
    end if;
    return query select * from unnest(v_ids, v_new, v_same);
end
$_$;

ALTER FUNCTION public.worker_enqueue_many(p_jobs jsonb, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_explain(p_job_id bigint, p_at timestamp with time zone DEFAULT now()) RETURNS SETOF text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_job public.worker_jobs;
    v_dead public.dead_letter_queue;
    v_heard timestamptz;
    v_reasons text[];
    v_alive_since timestamptz := p_at - (internal.setting('jobs_lease') #>> '{}')::interval;
    v_workers integer;
    v_able integer;
begin
    perform internal.require_service();
    select j.* into v_job from public.worker_jobs j where j.id = p_job_id;
    if not found then
        select d.* into v_dead from public.dead_letter_queue d where d.job_id = p_job_id;
        if not found then
            perform internal.refuse_job(p_job_id, false);
        end if;
        return next format(
            'It is a dead letter since %s, after attempt %s of %s. Redrive it to run it again.',
            date_trunc('second', v_dead.died_at), v_dead.attempts, v_dead.max_attempts
        );
        return;
    end if;

    if v_job.status = 'completed' then
        return next format('It completed at %s.', date_trunc('second', v_job.finished_at));
    elsif v_job.status = 'cancelled' then
        return next format('It was cancelled at %s: %s', date_trunc('second', v_job.finished_at), v_job.last_error);
    elsif v_job.status = 'running' then
        select h.beat_at into v_heard from public.worker_heartbeats h where h.worker_id = v_job.worker_id;
        return next format(
            'It has been running since %s, attempt %s of %s, on worker %s.',
            date_trunc('second', v_job.started_at), v_job.attempts, v_job.max_attempts, v_job.worker_id
        );
        if v_heard is null or v_heard <= v_alive_since then
            return next 'That worker has fallen silent; the next sweep of any worker ends the attempt.';
        end if;
    else
        if v_job.next_run_at > p_at then
            return next format('It waits until %s.', date_trunc('second', v_job.next_run_at));
        end if;
        v_reasons := array(
            select e from internal.explain_parents(v_job) e union all select e from internal.explain_limits(v_job, p_at) e
        );
        return query select unnest(v_reasons);
        select count(*), count(*) filter (where v_job.job_type = any (h.job_types)) into v_workers, v_able
        from public.worker_heartbeats h
        where h.beat_at > v_alive_since and v_job.queue = any (h.queues);
        if v_workers = 0 then
            return next format('No live worker serves the queue %s.', v_job.queue);
        elsif v_able = 0 then
            return next format('No live worker of the queue %s knows the type %s.', v_job.queue, v_job.job_type);
        elsif v_job.next_run_at <= p_at and v_reasons = '{}' then
            return next format('It is ready: the next free one of %s workers takes it, after those before it.', v_able);
        end if;
    end if;
end
$$;

ALTER FUNCTION public.worker_explain(p_job_id bigint, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_fail_job(p_job_id bigint, p_error text, p_run_no integer DEFAULT NULL::integer, p_at timestamp with time zone DEFAULT now()) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_next timestamptz;
begin
    perform internal.require_service();
    select f.next_run_at into v_next
    from internal.fail_jobs(array[p_job_id], array[p_run_no], array[p_error], array['failed'], array[false], p_at) f;
    if not found then
        perform internal.refuse_job(p_job_id, p_run_no is not null);
    end if;
    return v_next;
end
$$;

ALTER FUNCTION public.worker_fail_job(p_job_id bigint, p_error text, p_run_no integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_fail_jobs(p_failures jsonb, p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(job_id bigint, next_run_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    return query
    select f.job_id, f.next_run_at
    from (
        select
            array_agg(g.id) as ids,
            array_agg(g.run_no) as run_nos,
            array_agg(g.error) as errors,
            array_agg(coalesce(g.outcome, 'failed')) as outcomes,
            array_agg(coalesce(g.final, false)) as finals
        from jsonb_to_recordset(p_failures) g (id bigint, run_no integer, error text, outcome text, final boolean)
        where g.run_no is not null
    ) a
    cross join lateral internal.fail_jobs(a.ids, a.run_nos, a.errors, a.outcomes, a.finals, p_at) f;
end
$$;

ALTER FUNCTION public.worker_fail_jobs(p_failures jsonb, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_leave(p_worker_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    -- What it still has in the table are claims whose answers it never got.
    perform public.worker_release(array_agg(j.id), array_agg(j.run_no))
    from public.worker_jobs j
    where j.worker_id = p_worker_id and j.status = 'running';
    delete from public.worker_heartbeats h where h.worker_id = p_worker_id;
end
$$;

ALTER FUNCTION public.worker_leave(p_worker_id uuid) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_limit_clear(p_scope text, p_name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    perform internal.require_scope(p_scope);
    delete from public.worker_limits l where l.scope = p_scope and l.name = p_name and l.source = 'operator';
    if found then
        perform internal.gate_opened(p_scope, p_name);
        perform internal.audit(p_scope || '.limit_clear', p_name);
    end if;
end
$$;

ALTER FUNCTION public.worker_limit_clear(p_scope text, p_name text) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_limit_set(p_scope text, p_name text, p_most_running integer DEFAULT NULL::integer, p_most_per_key integer DEFAULT NULL::integer, p_rate_count integer DEFAULT NULL::integer, p_rate_seconds double precision DEFAULT NULL::double precision, p_reason text DEFAULT ''::text, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    perform internal.require_scope(p_scope);
    insert into public.worker_limits as l (
        scope, name, source, most_running, most_per_key, rate_count, rate_seconds, reason, set_by, set_at
    )
    values (
        p_scope, p_name, 'operator', p_most_running, p_most_per_key, p_rate_count, p_rate_seconds, p_reason, auth.uid(), p_at
    )
    on conflict (scope, name, source) do update
    set most_running = excluded.most_running,
        most_per_key = excluded.most_per_key,
        rate_count = excluded.rate_count,
        rate_seconds = excluded.rate_seconds,
        reason = excluded.reason,
        set_by = excluded.set_by,
        set_at = excluded.set_at;
    perform internal.count_runs();
    perform internal.gate_opened(p_scope, p_name);
    perform internal.audit(p_scope || '.limit', p_name, jsonb_build_object(
        'most_running', p_most_running, 'most_per_key', p_most_per_key, 'rate_count', p_rate_count,
        'rate_seconds', p_rate_seconds, 'reason', p_reason
    ));
end
$$;

ALTER FUNCTION public.worker_limit_set(p_scope text, p_name text, p_most_running integer, p_most_per_key integer, p_rate_count integer, p_rate_seconds double precision, p_reason text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_pause(p_name text, p_reason text DEFAULT ''::text, p_scope text DEFAULT 'queue'::text, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    perform internal.require_scope(p_scope);
    insert into public.worker_pauses as s (scope, name, reason, paused_by, paused_at)
    values (p_scope, p_name, p_reason, auth.uid(), p_at)
    on conflict (scope, name) do update set reason = excluded.reason, paused_by = excluded.paused_by;
    perform internal.audit(p_scope || '.pause', p_name, jsonb_build_object('reason', p_reason));
end
$$;

ALTER FUNCTION public.worker_pause(p_name text, p_reason text, p_scope text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_progress(p_job_id bigint, p_run_no integer, p_percent integer, p_note text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    update public.worker_jobs j
    set progress = p_percent, progress_note = left(p_note, 500)
    where j.id = p_job_id and j.run_no = p_run_no and j.status = 'running';
    if not found then
        perform internal.refuse_job(p_job_id, true);
    end if;
end
$$;

ALTER FUNCTION public.worker_progress(p_job_id bigint, p_run_no integer, p_percent integer, p_note text) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_prune(p_limit integer DEFAULT 5000, p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_type text;
    v_kind text;
    v_deleted integer;
    v_total integer := 0;
begin
    perform internal.require_service();
    for v_type, v_kind in
        select t.job_type, k.kind
        from internal.job_types_over() t (job_type)
        cross join unnest(array['completed', 'cancelled']) k (kind)
    loop
        with gone as (
            delete from public.worker_jobs j
            where j.ctid = any (array(
                select o.ctid
                from public.worker_jobs o
                where o.job_type = v_type
                    and o.status = v_kind
                    and o.status in ('completed', 'cancelled')
                    and (not o.is_parent or not internal.children_wait(o.id))
                    and o.finished_at < p_at - internal.job_keep(v_type, v_kind)
                order by o.finished_at
                limit p_limit - v_total
                for update skip locked
            ))
            returning j.id, j.idempotency_key, j.on_parent_failure
        ), orphaned as (
            delete from public.worker_job_parents e using gone g where e.child_id = g.id and g.on_parent_failure is not null
        ), kept as (
            update public.worker_job_keys k set pruned_at = p_at
            from gone g
            where k.idempotency_key = g.idempotency_key and k.job_id = g.id
        )
        select v_total + count(*) into v_total from gone;
    end loop;

    for v_type in select distinct d.job_type from public.dead_letter_queue d loop
        with gone as (
            delete from public.dead_letter_queue d
            where d.job_id in (
                select o.job_id
                from public.dead_letter_queue o
                where o.job_type = v_type
                    and o.died_at < p_at - internal.job_keep(v_type, 'dead')
                    and not internal.children_wait(o.job_id)
                order by o.died_at
                limit p_limit - v_total
                for update skip locked
            )
            returning d.job_id, d.idempotency_key
        ), orphaned as (
            delete from public.worker_job_parents e using gone g where e.child_id = g.job_id
        ), kept as (
            update public.worker_job_keys k set pruned_at = p_at
            from gone g
            where k.idempotency_key = g.idempotency_key and k.job_id = g.job_id
        )
        select v_total + count(*) into v_total from gone;
    end loop;

    delete from public.worker_job_keys k
    where k.idempotency_key in (
        select o.idempotency_key
        from public.worker_job_keys o
        where o.pruned_at < p_at - (internal.setting('jobs_keep_keys') #>> '{}')::interval
        order by o.pruned_at
        limit p_limit - v_total
    );
    get diagnostics v_deleted = row_count;
    return v_total + v_deleted;
end
$$;

ALTER FUNCTION public.worker_prune(p_limit integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_redrive(p_job_id bigint, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    perform from public.dead_letter_queue d where d.job_id = p_job_id for update;
    if not found then
        perform internal.refuse_job(p_job_id, false);
    end if;
    if cardinality(internal.redrive(array[p_job_id], p_at)) = 0 then
        raise sqlstate 'PT409' using
            message = format('Another job has the id %s.', p_job_id),
            detail = 'conflict',
            hint = 'The dead letter stays until that job is gone.';
    end if;
    perform internal.audit('job.redrive', p_job_id::text);
    return p_job_id;
end
$$;

ALTER FUNCTION public.worker_redrive(p_job_id bigint, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_redrive_all(p_filter jsonb, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    -- Not what dies from now on: a job that dies again would otherwise come back for as long as this goes on.
    v_filter jsonb := jsonb_strip_nulls(p_filter) || jsonb_build_object(
        'died_until', least((p_filter ->> 'died_until')::timestamptz, p_at)
    );
    v_letters bigint;
    v_id bigint;
begin
    perform internal.require_service();
    select count(*) into v_letters from internal.dead_letters_like(v_filter);
    v_id := internal.enqueue('jobs_redrive', jsonb_build_object('filter', v_filter), p_at => p_at);
    perform internal.audit('jobs.redrive', v_id::text, jsonb_build_object('filter', v_filter, 'letters', v_letters));
    return v_id;
end
$$;

ALTER FUNCTION public.worker_redrive_all(p_filter jsonb, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_redrive_batch(p_filter jsonb, p_limit integer DEFAULT 500, p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    return cardinality(internal.redrive(array(select internal.dead_letters_like(p_filter, p_limit)), p_at));
end
$$;

ALTER FUNCTION public.worker_redrive_batch(p_filter jsonb, p_limit integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_redrive_count(p_filter jsonb) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    return (select count(*) from internal.dead_letters_like(p_filter));
end
$$;

ALTER FUNCTION public.worker_redrive_count(p_filter jsonb) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_register(p_types jsonb, p_schedules jsonb DEFAULT '[]'::jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    insert into public.worker_job_types as t (
        job_type, queue, max_attempts, timeout_seconds, backoff_base, backoff_factor, backoff_cap, jitter,
        keep_completed, keep_cancelled, keep_dead
    )
    select
        g.job_type, g.queue, g.max_attempts, g.timeout_seconds, g.backoff_base, g.backoff_factor, g.backoff_cap, g.jitter,
        g.keep_completed, g.keep_cancelled, g.keep_dead
    from jsonb_to_recordset(p_types) g (
        job_type text, queue text, max_attempts integer, timeout_seconds double precision,
        backoff_base double precision, backoff_factor double precision, backoff_cap double precision,
        jitter double precision, keep_completed interval, keep_cancelled interval, keep_dead interval
    )
    order by g.job_type
    on conflict (job_type) do update
    set queue = excluded.queue,
        max_attempts = excluded.max_attempts,
        timeout_seconds = excluded.timeout_seconds,
        backoff_base = excluded.backoff_base,
        backoff_factor = excluded.backoff_factor,
        backoff_cap = excluded.backoff_cap,
        jitter = excluded.jitter,
        keep_completed = excluded.keep_completed,
        keep_cancelled = excluded.keep_cancelled,
        keep_dead = excluded.keep_dead
    where (t.queue, t.max_attempts, t.timeout_seconds, t.backoff_base, t.backoff_factor, t.backoff_cap, t.jitter,
            t.keep_completed, t.keep_cancelled, t.keep_dead)
        is distinct from (
            excluded.queue, excluded.max_attempts, excluded.timeout_seconds, excluded.backoff_base,
            excluded.backoff_factor, excluded.backoff_cap, excluded.jitter, excluded.keep_completed,
            excluded.keep_cancelled, excluded.keep_dead
        );

    perform internal.register_limits(p_types);
    insert into public.worker_schedules as s (
        name, cron, timezone, job_type, payload, queue, priority, max_attempts, missed
    )
    select g.name, g.cron, g.timezone, g.job_type, g.payload, g.queue, g.priority, g.max_attempts, g.missed
    from jsonb_to_recordset(p_schedules) g (
        name text, cron text, timezone text, job_type text, payload jsonb, queue text, priority integer,
        max_attempts integer, missed text
    )
    order by g.name
    on conflict (name) do update
    set cron = excluded.cron,
        timezone = excluded.timezone,
        job_type = excluded.job_type,
        payload = excluded.payload,
        queue = excluded.queue,
        priority = excluded.priority,
        max_attempts = excluded.max_attempts,
        missed = excluded.missed;
end
$$;

ALTER FUNCTION public.worker_register(p_types jsonb, p_schedules jsonb) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_release(p_ids bigint[], p_run_nos integer[]) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_ids bigint[];
    v_types text[];
    v_keys text[];
    v_queues text[];
begin
    perform internal.require_service();
    with released as (
        update public.worker_jobs j
        set status = 'pending', attempts = j.attempts - 1, worker_id = null, progress = null, progress_note = null
        from unnest(p_ids, p_run_nos) a (id, run_no)
        where j.id = any (p_ids) and j.id = a.id and j.run_no = a.run_no and j.status = 'running'
        returning j.id, j.job_type, j.partition_key, j.queue
    )
    select
        array_agg(r.id),
        array_agg(r.job_type) filter (where r.partition_key is not null),
        array_agg(r.partition_key) filter (where r.partition_key is not null),
        array_agg(distinct r.queue)
    into v_ids, v_types, v_keys, v_queues
    from released r;
    perform internal.runs_ended(v_types, v_keys, v_queues);
    return query select unnest(v_ids);
end
$$;

ALTER FUNCTION public.worker_release(p_ids bigint[], p_run_nos integer[]) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_reopen(p_after text DEFAULT ''::text, p_limit integer DEFAULT 1000) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    AS $$
declare
    v_gates text[];
    v_types text[];
    v_keys text[];
begin
    perform internal.require_service();
    if not pg_try_advisory_xact_lock(hashtextextended('worker_reopen', 0)) then
        return p_after;
    end if;
    perform internal.count_runs();

    -- From gate to gate, whatever number of jobs each holds.
    with recursive gates (gate) as (
        select (select min(j.held_by) from public.worker_jobs j where j.held_by > p_after)
        union all
        select (select min(j.held_by) from public.worker_jobs j where j.held_by > g.gate)
        from gates g
        where g.gate is not null
    )
    select array_agg(g.gate) into v_gates
    from (select g.gate from gates g where g.gate is not null limit p_limit) g;

    insert into public.worker_limits (scope, name, source)
    select 'type', substr(g.gate, 6), 'code'
    from unnest(v_gates) g (gate)
    where g.gate like 'type:%'
    on conflict do nothing;
    delete from public.worker_limits l
    where l.scope = 'type'
        and l.source = 'code'
        and num_nonnulls(l.most_running, l.most_per_key, l.rate_count) = 0
        and not exists (select from public.worker_jobs j where j.held_by = 'type:' || l.name);

    select array_agg(k.job_type), array_agg(k.partition_key) into v_types, v_keys
    from unnest(v_gates) g (gate)
    cross join lateral (
        select j.job_type, j.partition_key from public.worker_jobs j where j.held_by = g.gate order by j.queue limit 1
    ) k
    where g.gate like 'key:%'
        and internal.most_per_key(k.job_type) > (
            select count(*)
            from public.worker_jobs j
            where j.limited
                and j.worker_id is not null
                and j.run_no > 0
                and j.job_type = k.job_type
                and j.partition_key = k.partition_key
        );
    perform internal.runs_ended(v_types, v_keys, null);
    return case when cardinality(v_gates) = p_limit then v_gates[p_limit] else '' end;
end
$$;

ALTER FUNCTION public.worker_reopen(p_after text, p_limit integer) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_rescue(p_limit integer DEFAULT 500, p_at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_silent_since timestamptz := p_at - (internal.setting('jobs_lease') #>> '{}')::interval;
    v_rescued integer;
begin
    perform internal.require_service();
    if not pg_try_advisory_xact_lock(1785684595) then -- "jobs" in ASCII: one sweep at a time is enough
        return 0;
    end if;

    -- A crash of the server empties the unlogged heartbeats. Whoever is missing gets one lease to speak up.
    insert into public.worker_heartbeats (worker_id, started_at, beat_at)
    select distinct j.worker_id, p_at, p_at
    from public.worker_jobs j
    where j.status = 'running'
        and not exists (select from public.worker_heartbeats h where h.worker_id = j.worker_id)
    on conflict do nothing;

    with lost as materialized (
        select j.id, j.run_no, format('Worker %s was not heard of since %s.', h.worker_id, h.beat_at) as error
        from public.worker_heartbeats h
        inner join public.worker_jobs j on j.worker_id = h.worker_id and j.status = 'running'
        where h.beat_at <= v_silent_since
        order by j.id
        limit p_limit
        for update of j skip locked
    )
    select count(*) into v_rescued
    from (
        select
            array_agg(l.id) as ids, array_agg(l.run_no) as run_nos, array_agg(l.error) as errors,
            array_agg('lost'::text) as outcomes, array_agg(false) as finals
        from lost l
    ) a
    cross join lateral internal.fail_jobs(a.ids, a.run_nos, a.errors, a.outcomes, a.finals, p_at) f;

    delete from public.worker_heartbeats h
    where h.beat_at < p_at - interval '1 hour'
        and not exists (select from public.worker_jobs j where j.worker_id = h.worker_id and j.status = 'running');
    return v_rescued;
end
$$;

ALTER FUNCTION public.worker_rescue(p_limit integer, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_resume(p_name text, p_scope text DEFAULT 'queue'::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    perform internal.require_scope(p_scope);
    delete from public.worker_pauses s where s.scope = p_scope and s.name = p_name;
    if found then
        perform internal.gate_opened(p_scope, p_name);
        perform internal.audit(p_scope || '.resume', p_name);
    end if;
end
$$;

ALTER FUNCTION public.worker_resume(p_name text, p_scope text) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_retry(p_job_id bigint, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_queue text;
begin
    perform internal.require_service();
    if exists (select from public.dead_letter_queue d where d.job_id = p_job_id) then
        perform public.worker_redrive(p_job_id, p_at);
        return;
    end if;
    update public.worker_jobs j
    set status = 'pending',
        next_run_at = least(j.next_run_at, p_at),
        attempts = case when j.status = 'cancelled' then 0 else j.attempts end,
        finished_at = null,
        held_by = null,
        -- A key that has come to another job meanwhile stays there.
        idempotency_key = (
            select k.idempotency_key
            from public.worker_job_keys k
            where k.idempotency_key = j.idempotency_key and k.job_id = j.id
        ),
        history = internal.job_history(j.history, internal.job_event(j, 'retried', null, p_at))
    where j.id = p_job_id and j.status in ('pending', 'cancelled')
    returning j.queue into v_queue;
    if not found then
        perform internal.refuse_job(p_job_id, false);
    end if;
    perform pg_notify('jobs', v_queue);
    perform internal.audit('job.retry', p_job_id::text);
end
$$;

ALTER FUNCTION public.worker_retry(p_job_id bigint, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_schedule_pause(p_name text, p_reason text DEFAULT ''::text, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    perform internal.require_service();
    update public.worker_schedules s
    set paused_at = coalesce(s.paused_at, p_at), paused_by = auth.uid(), pause_reason = left(p_reason, 500)
    where s.name = p_name;
    if not found then
        raise sqlstate 'PT404' using message = format('There is no schedule %s.', p_name), detail = 'not_found';
    end if;
    perform internal.audit('schedule.pause', p_name, jsonb_build_object('reason', p_reason));
end
$$;

ALTER FUNCTION public.worker_schedule_pause(p_name text, p_reason text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_schedule_resume(p_name text, p_at timestamp with time zone DEFAULT now()) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_schedule public.worker_schedules;
begin
    perform internal.require_service();
    select s.* into v_schedule from public.worker_schedules s where s.name = p_name for update;
    if not found then
        raise sqlstate 'PT404' using message = format('There is no schedule %s.', p_name), detail = 'not_found';
    elsif v_schedule.paused_at is not null then
        -- The ticks of the pause were not missed: somebody wanted none of them.
        update public.worker_schedules s
        set paused_at = null, paused_by = null, pause_reason = null, last_tick = greatest(s.last_tick, p_at)
        where s.name = p_name;
        perform internal.audit('schedule.resume', p_name);
    end if;
end
$$;

ALTER FUNCTION public.worker_schedule_resume(p_name text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_schedule_run(p_name text, p_at timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_schedule public.worker_schedules;
    v_id bigint;
begin
    perform internal.require_service();
    select s.* into v_schedule from public.worker_schedules s where s.name = p_name for update;
    if not found then
        raise sqlstate 'PT404' using message = format('There is no schedule %s.', p_name), detail = 'not_found';
    end if;
    v_id := internal.enqueue(
        v_schedule.job_type, v_schedule.payload, null, v_schedule.queue, v_schedule.priority, p_at,
        v_schedule.max_attempts, p_at => p_at
    );
    update public.worker_schedules s set last_job_id = v_id where s.name = p_name;
    perform internal.audit('schedule.run', p_name, jsonb_build_object('job_id', v_id));
    return v_id;
end
$$;

ALTER FUNCTION public.worker_schedule_run(p_name text, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_snooze(p_job_id bigint, p_run_no integer, p_seconds double precision, p_at timestamp with time zone DEFAULT now()) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_job public.worker_jobs;
begin
    perform internal.require_service();
    update public.worker_jobs j
    set status = 'pending',
        attempts = j.attempts - 1,
        worker_id = null,
        next_run_at = p_at + make_interval(secs => greatest(p_seconds, 0))
    where j.id = p_job_id and j.run_no = p_run_no and j.status = 'running'
    returning j.* into v_job;
    if not found then
        perform internal.refuse_job(p_job_id, true);
    end if;
    if v_job.limited then
        perform internal.runs_ended(array[v_job.job_type], array[v_job.partition_key], array[v_job.queue]);
    end if;
    return v_job.next_run_at;
end
$$;

ALTER FUNCTION public.worker_snooze(p_job_id bigint, p_run_no integer, p_seconds double precision, p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_stats(p_at timestamp with time zone DEFAULT now()) RETURNS TABLE(queue text, job_type text, state text, jobs bigint, oldest_at timestamp with time zone, capped boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET enable_seqscan TO 'off'
    AS $$
declare
    -- No viewer may cost more than this many rows of a queue that has run full.
    c_most constant integer := 20000;
begin
    perform internal.require_service();
    return query
    with counted (queue, job_type, state, at, part) as (
        select l.queue, r.job_type, 'ready', r.next_run_at, format('ready %s %s', l.queue, l.priority)
        from public.worker_lanes l
        cross join lateral (
            select j.job_type, j.next_run_at
            from public.worker_jobs j
            where j.status = 'pending' and j.held_by is null
                and j.queue = l.queue and j.priority = l.priority and j.next_run_at <= p_at
            order by j.next_run_at
            limit c_most
        ) r
        union all
        select l.queue, r.job_type, 'scheduled', r.next_run_at, format('scheduled %s %s', l.queue, l.priority)
        from public.worker_lanes l
        cross join lateral (
            select j.job_type, j.next_run_at
            from public.worker_jobs j
            where j.status = 'pending' and j.held_by is null
                and j.queue = l.queue and j.priority = l.priority and j.next_run_at > p_at
            order by j.next_run_at
            limit c_most
        ) r
        union all
        select h.queue, h.job_type, case h.held_by when 'turn' then 'ready' else 'held' end, h.next_run_at, 'held'
        from (
            select j.queue, j.job_type, j.held_by, j.next_run_at from public.worker_jobs j where j.held_by is not null limit c_most
        ) h
        union all
        select j.queue, j.job_type, 'running', j.started_at, 'running'
        from public.worker_jobs j
        where j.status = 'running'
        union all
        select r.queue, r.job_type, 'completed', r.finished_at, 'completed'
        from (
            select j.queue, j.job_type, j.finished_at
            from internal.job_types_over() t (job_type)
            cross join lateral (
                select o.queue, o.job_type, o.finished_at
                from public.worker_jobs o
                where o.job_type = t.job_type
                    and o.status = 'completed'
                    and o.status in ('completed', 'cancelled')
                    and o.finished_at > p_at - interval '1 hour'
                order by o.finished_at desc
                limit c_most
            ) j
            limit c_most
        ) r
        union all
        select r.queue, r.job_type, 'dead', r.died_at, 'dead'
        from (select d.queue, d.job_type, d.died_at from public.dead_letter_queue d order by d.died_at limit c_most) r
    ), grouped as (
        select c.queue, c.job_type, c.state, c.part, count(*) as jobs, min(c.at) as oldest_at
        from counted c
        group by c.queue, c.job_type, c.state, c.part
    ), parts as (
        select g.*, sum(g.jobs) over (partition by g.part) >= c_most as is_capped
        from grouped g
    )
    select p.queue, p.job_type, p.state, sum(p.jobs)::bigint, min(p.oldest_at), bool_or(p.is_capped)
    from parts p
    group by p.queue, p.job_type, p.state
    order by p.queue, p.job_type, p.state;
end
$$;

ALTER FUNCTION public.worker_stats(p_at timestamp with time zone) OWNER TO rambla_owner;

CREATE FUNCTION public.worker_tick(p_name text, p_tick timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_schedule public.worker_schedules;
    v_id bigint;
begin
    perform internal.require_service();
    select s.* into v_schedule from public.worker_schedules s where s.name = p_name for update;
    if not found or v_schedule.paused_at is not null or p_tick <= v_schedule.last_tick then
        return null;
    end if;
    v_id := internal.enqueue(
        v_schedule.job_type,
        v_schedule.payload,
        format('schedule:%s:%s', p_name, extract(epoch from p_tick)::bigint),
        v_schedule.queue,
        v_schedule.priority,
        p_tick,
        v_schedule.max_attempts
    );
    update public.worker_schedules s set last_tick = p_tick, last_job_id = v_id where s.name = p_name;
    return v_id;
end
$$;

ALTER FUNCTION public.worker_tick(p_name text, p_tick timestamp with time zone) OWNER TO rambla_owner;

CREATE TABLE auth.users (
    id uuid NOT NULL,
    email text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY auth.users FORCE ROW LEVEL SECURITY;

ALTER TABLE auth.users OWNER TO rambla_owner;

CREATE TABLE internal.credentials (
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY internal.credentials FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.credentials OWNER TO rambla_owner;

CREATE TABLE internal.earnings_checkpoints (
    user_id uuid NOT NULL,
    currency text NOT NULL,
    captured bigint NOT NULL,
    pending bigint NOT NULL,
    reversed bigint NOT NULL,
    expired bigint NOT NULL,
    event_count bigint NOT NULL
);

ALTER TABLE ONLY internal.earnings_checkpoints FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.earnings_checkpoints OWNER TO rambla_owner;

CREATE TABLE internal.earnings_heads (
    user_id uuid NOT NULL,
    snapshot pg_snapshot NOT NULL,
    sealed_seq bigint NOT NULL,
    system_identifier bigint NOT NULL,
    folded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY internal.earnings_heads FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.earnings_heads OWNER TO rambla_owner;

CREATE TABLE public.feed_events (
    viewer_id uuid NOT NULL,
    event_id uuid NOT NULL,
    item_id uuid NOT NULL,
    kind text NOT NULL,
    dwell_ms integer,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_events_dwell_has_time CHECK (((kind = 'dwell'::text) = (dwell_ms IS NOT NULL))),
    CONSTRAINT feed_events_dwell_in_range CHECK (((dwell_ms >= 0) AND (dwell_ms <= 3600000))),
    CONSTRAINT feed_events_kind_known CHECK ((kind = ANY (ARRAY['impression'::text, 'click'::text, 'dwell'::text, 'like'::text, 'save'::text, 'share'::text, 'add_to_cart'::text])))
)
PARTITION BY RANGE (event_id);

ALTER TABLE ONLY public.feed_events FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_events OWNER TO rambla_owner;

CREATE TABLE internal.feed_events_default (
    viewer_id uuid NOT NULL,
    event_id uuid NOT NULL,
    item_id uuid NOT NULL,
    kind text NOT NULL,
    dwell_ms integer,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_events_dwell_has_time CHECK (((kind = 'dwell'::text) = (dwell_ms IS NOT NULL))),
    CONSTRAINT feed_events_dwell_in_range CHECK (((dwell_ms >= 0) AND (dwell_ms <= 3600000))),
    CONSTRAINT feed_events_kind_known CHECK ((kind = ANY (ARRAY['impression'::text, 'click'::text, 'dwell'::text, 'like'::text, 'save'::text, 'share'::text, 'add_to_cart'::text])))
);

ALTER TABLE ONLY internal.feed_events_default FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_events_default OWNER TO rambla_owner;

CREATE TABLE internal.feed_events_timeless (
    viewer_id uuid NOT NULL,
    event_id uuid NOT NULL,
    item_id uuid NOT NULL,
    kind text NOT NULL,
    dwell_ms integer,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_events_dwell_has_time CHECK (((kind = 'dwell'::text) = (dwell_ms IS NOT NULL))),
    CONSTRAINT feed_events_dwell_in_range CHECK (((dwell_ms >= 0) AND (dwell_ms <= 3600000))),
    CONSTRAINT feed_events_kind_known CHECK ((kind = ANY (ARRAY['impression'::text, 'click'::text, 'dwell'::text, 'like'::text, 'save'::text, 'share'::text, 'add_to_cart'::text])))
);

ALTER TABLE ONLY internal.feed_events_timeless FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_events_timeless OWNER TO rambla_owner;

CREATE TABLE internal.feed_item_json (
    item_id uuid NOT NULL,
    members text NOT NULL
);

ALTER TABLE ONLY internal.feed_item_json FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_item_json OWNER TO rambla_owner;

CREATE TABLE internal.feed_similar (
    item_id uuid NOT NULL,
    similar_ids uuid[] NOT NULL,
    likeness real[] NOT NULL,
    CONSTRAINT feed_similar_few CHECK ((cardinality(similar_ids) <= 50)),
    CONSTRAINT feed_similar_matches CHECK ((cardinality(similar_ids) = cardinality(likeness)))
);

ALTER TABLE ONLY internal.feed_similar FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_similar OWNER TO rambla_owner;

ALTER TABLE internal.feed_unfolded ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME internal.feed_unfolded_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE internal.feed_unrelated (
    id bigint NOT NULL,
    item_id uuid NOT NULL
);

ALTER TABLE ONLY internal.feed_unrelated FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_unrelated OWNER TO rambla_owner;

ALTER TABLE internal.feed_unrelated ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME internal.feed_unrelated_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE internal.migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY internal.migrations FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.migrations OWNER TO rambla_owner;

CREATE TABLE internal.sessions (
    token_hash bytea NOT NULL,
    user_id uuid,
    kind text NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    CONSTRAINT sessions_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT sessions_kind_known CHECK ((kind = ANY (ARRAY['cookie'::text, 'bearer'::text, 'service'::text]))),
    CONSTRAINT sessions_label_length CHECK ((char_length(label) <= 200)),
    CONSTRAINT sessions_only_a_service_is_nobody CHECK (((kind = 'service'::text) = (user_id IS NULL)))
);

ALTER TABLE ONLY internal.sessions FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.sessions OWNER TO rambla_owner;

CREATE TABLE internal.settings (
    key text NOT NULL,
    value jsonb NOT NULL,
    description text NOT NULL
);

ALTER TABLE ONLY internal.settings FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.settings OWNER TO rambla_owner;

CREATE TABLE internal.sign_in_links (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY internal.sign_in_links FORCE ROW LEVEL SECURITY;

ALTER TABLE internal.sign_in_links OWNER TO rambla_owner;

CREATE TABLE public.age_confirmations (
    user_id uuid NOT NULL,
    confirmed_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.age_confirmations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.age_confirmations OWNER TO rambla_owner;

CREATE TABLE public.audit_log (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT audit_log_action_form CHECK ((action ~ '^[a-z_]+\.[a-z_]+$'::text))
);

ALTER TABLE ONLY public.audit_log FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_log OWNER TO rambla_owner;

ALTER TABLE public.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.blocks (
    user_id uuid NOT NULL,
    blocked_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT blocks_not_oneself CHECK ((user_id <> blocked_id))
);

ALTER TABLE ONLY public.blocks FORCE ROW LEVEL SECURITY;

ALTER TABLE public.blocks OWNER TO rambla_owner;

CREATE TABLE public.currencies (
    code text NOT NULL,
    exponent smallint NOT NULL,
    CONSTRAINT currencies_code_form CHECK ((code ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT currencies_exponent_in_range CHECK (((exponent >= 0) AND (exponent <= 4)))
);

ALTER TABLE ONLY public.currencies FORCE ROW LEVEL SECURITY;

ALTER TABLE public.currencies OWNER TO rambla_owner;

CREATE TABLE public.dead_letter_queue (
    job_id bigint NOT NULL,
    job_type text NOT NULL,
    queue text NOT NULL,
    priority integer NOT NULL,
    payload jsonb NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    attempts integer NOT NULL,
    max_attempts integer NOT NULL,
    run_no integer NOT NULL,
    idempotency_key text,
    partition_key text,
    last_error text,
    history jsonb DEFAULT '[]'::jsonb NOT NULL,
    redrives integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    died_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.dead_letter_queue FORCE ROW LEVEL SECURITY;

ALTER TABLE public.dead_letter_queue OWNER TO rambla_owner;

CREATE TABLE public.earnings_drift (
    user_id uuid NOT NULL,
    id bigint NOT NULL,
    currency text NOT NULL,
    cause text NOT NULL,
    captured bigint NOT NULL,
    pending bigint NOT NULL,
    reversed bigint NOT NULL,
    expired bigint NOT NULL,
    event_count bigint NOT NULL,
    found_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT earnings_drift_cause_known CHECK ((cause = ANY (ARRAY['ledger'::text, 'checkpoint'::text, 'accrual'::text])))
);

ALTER TABLE ONLY public.earnings_drift FORCE ROW LEVEL SECURITY;

ALTER TABLE public.earnings_drift OWNER TO rambla_owner;

ALTER TABLE public.earnings_drift ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.earnings_drift_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.earnings_events ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.earnings_events_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.earnings_ledger (
    user_id uuid NOT NULL,
    currency text NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    captured bigint DEFAULT 0 NOT NULL,
    pending bigint DEFAULT 0 NOT NULL,
    reversed bigint DEFAULT 0 NOT NULL,
    expired bigint DEFAULT 0 NOT NULL,
    missed bigint GENERATED ALWAYS AS ((total - captured)) STORED NOT NULL,
    event_count bigint DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT earnings_ledger_identity CHECK ((total = (((captured + pending) + reversed) + expired)))
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.earnings_ledger FORCE ROW LEVEL SECURITY;

ALTER TABLE public.earnings_ledger OWNER TO rambla_owner;

CREATE TABLE public.feed_affinities (
    viewer_id uuid NOT NULL,
    subject_type text NOT NULL,
    subject text NOT NULL,
    heat_key double precision NOT NULL,
    CONSTRAINT feed_affinities_type_known CHECK ((subject_type = ANY (ARRAY['author'::text, 'tag'::text])))
);

ALTER TABLE ONLY public.feed_affinities FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_affinities OWNER TO rambla_owner;

CREATE TABLE public.feed_authors (
    author_id uuid NOT NULL,
    top_key double precision,
    first_live_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.feed_authors FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_authors OWNER TO rambla_owner;

CREATE TABLE public.feed_experiments (
    name text NOT NULL,
    salt text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    stopped_at timestamp with time zone,
    CONSTRAINT feed_experiments_name_form CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,49}$'::text)),
    CONSTRAINT feed_experiments_salt_length CHECK (((char_length(salt) >= 1) AND (char_length(salt) <= 100)))
);

ALTER TABLE ONLY public.feed_experiments FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_experiments OWNER TO rambla_owner;

CREATE TABLE public.feed_exposures (
    viewer_id uuid NOT NULL,
    experiment text NOT NULL,
    mode text NOT NULL,
    epoch bigint NOT NULL,
    arm text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.feed_exposures FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_exposures OWNER TO rambla_owner;

CREATE TABLE public.feed_fatigues (
    viewer_id uuid NOT NULL,
    subject_type text NOT NULL,
    subject text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_fatigues_subject_length CHECK (((char_length(subject) >= 1) AND (char_length(subject) <= 50))),
    CONSTRAINT feed_fatigues_type_known CHECK ((subject_type = ANY (ARRAY['author'::text, 'tag'::text])))
);

ALTER TABLE ONLY public.feed_fatigues FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_fatigues OWNER TO rambla_owner;

CREATE TABLE public.feed_firsts (
    viewer_id uuid NOT NULL,
    item_id uuid NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.feed_firsts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_firsts OWNER TO rambla_owner;

CREATE TABLE public.feed_hides (
    user_id uuid NOT NULL,
    item_id uuid NOT NULL,
    reason text DEFAULT 'hidden'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_hides_reason_known CHECK ((reason = ANY (ARRAY['hidden'::text, 'not_interested'::text])))
);

ALTER TABLE ONLY public.feed_hides FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_hides OWNER TO rambla_owner;

CREATE TABLE public.feed_item_tags (
    tag text NOT NULL,
    item_id uuid NOT NULL,
    item_type text NOT NULL,
    author_id uuid NOT NULL,
    rank_key double precision NOT NULL,
    published_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.feed_item_tags FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_item_tags OWNER TO rambla_owner;

CREATE TABLE public.feed_items (
    item_id uuid NOT NULL,
    item_type text NOT NULL,
    author_id uuid NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    visibility text DEFAULT 'public'::text NOT NULL,
    live boolean NOT NULL,
    removed boolean DEFAULT false NOT NULL,
    age_limited boolean DEFAULT false NOT NULL,
    in_stock boolean DEFAULT true NOT NULL,
    published_at timestamp with time zone NOT NULL,
    engagement_bucket smallint DEFAULT 0 NOT NULL,
    rank_key double precision NOT NULL,
    CONSTRAINT feed_items_bucket_in_range CHECK (((engagement_bucket >= 0) AND (engagement_bucket <= 400))),
    CONSTRAINT feed_items_type_known CHECK ((item_type = ANY (ARRAY['post'::text, 'shop_item'::text]))),
    CONSTRAINT feed_items_visibility_known CHECK ((visibility = ANY (ARRAY['public'::text, 'followers'::text])))
);

ALTER TABLE ONLY public.feed_items FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_items OWNER TO rambla_owner;

CREATE TABLE public.feed_muted_words (
    viewer_id uuid NOT NULL,
    word text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_muted_words_length CHECK (((char_length(word) >= 1) AND (char_length(word) <= 80)))
);

ALTER TABLE ONLY public.feed_muted_words FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_muted_words OWNER TO rambla_owner;

CREATE TABLE public.feed_places (
    viewer_id uuid NOT NULL,
    mode text NOT NULL,
    score double precision NOT NULL,
    item_id uuid NOT NULL,
    kept_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_places_mode_known CHECK ((mode = ANY (ARRAY['for_you'::text, 'following'::text, 'latest'::text, 'trending'::text])))
);

ALTER TABLE ONLY public.feed_places FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_places OWNER TO rambla_owner;

CREATE TABLE public.feed_reactions (
    user_id uuid NOT NULL,
    item_id uuid NOT NULL,
    kind text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_reactions_kind_known CHECK ((kind = ANY (ARRAY['like'::text, 'save'::text])))
);

ALTER TABLE ONLY public.feed_reactions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_reactions OWNER TO rambla_owner;

CREATE TABLE public.feed_reposts (
    user_id uuid NOT NULL,
    item_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.feed_reposts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.feed_reposts OWNER TO rambla_owner;

ALTER TABLE public.feed_weights ALTER COLUMN version ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.feed_weights_version_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.follows (
    follower_id uuid NOT NULL,
    followee_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT follows_not_oneself CHECK ((follower_id <> followee_id))
);

ALTER TABLE ONLY public.follows FORCE ROW LEVEL SECURITY;

ALTER TABLE public.follows OWNER TO rambla_owner;

CREATE TABLE public.mutes (
    user_id uuid NOT NULL,
    muted_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT mutes_not_oneself CHECK ((user_id <> muted_id))
);

ALTER TABLE ONLY public.mutes FORCE ROW LEVEL SECURITY;

ALTER TABLE public.mutes OWNER TO rambla_owner;

CREATE TABLE public.notification_deliveries (
    user_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    attempt integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    outcome text,
    detail text DEFAULT ''::text NOT NULL,
    CONSTRAINT notification_deliveries_attempt_positive CHECK ((attempt > 0)),
    CONSTRAINT notification_deliveries_detail_length CHECK ((char_length(detail) <= 500)),
    CONSTRAINT notification_deliveries_finished_has_outcome CHECK (((finished_at IS NULL) = (outcome IS NULL))),
    CONSTRAINT notification_deliveries_outcome_known CHECK ((outcome = ANY (ARRAY['sent'::text, 'rejected'::text, 'retry'::text, 'unknown'::text])))
);

ALTER TABLE ONLY public.notification_deliveries FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notification_deliveries OWNER TO rambla_owner;

CREATE TABLE public.notification_preferences (
    user_id uuid NOT NULL,
    type text NOT NULL,
    channel text NOT NULL,
    enabled boolean NOT NULL,
    CONSTRAINT notification_preferences_channel_known CHECK ((channel = ANY (ARRAY['inapp'::text, 'email'::text, 'push'::text, 'sms'::text]))),
    CONSTRAINT notification_preferences_type_length CHECK (((char_length(type) >= 1) AND (char_length(type) <= 100)))
);

ALTER TABLE ONLY public.notification_preferences FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notification_preferences OWNER TO rambla_owner;

CREATE TABLE public.notification_quiet_hours (
    user_id uuid NOT NULL,
    start_time time without time zone NOT NULL,
    end_time time without time zone NOT NULL,
    days smallint DEFAULT 127 NOT NULL,
    timezone text,
    CONSTRAINT notification_quiet_hours_days_known CHECK (((days >= 1) AND (days <= 127))),
    CONSTRAINT notification_quiet_hours_start_before_midnight CHECK ((start_time < '24:00:00'::time without time zone))
);

ALTER TABLE ONLY public.notification_quiet_hours FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notification_quiet_hours OWNER TO rambla_owner;

CREATE TABLE public.notification_replays (
    user_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    payload_hash bytea NOT NULL,
    replays integer DEFAULT 1 NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT notification_replays_counted CHECK ((replays > 0))
);

ALTER TABLE ONLY public.notification_replays FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notification_replays OWNER TO rambla_owner;

CREATE TABLE public.notification_states (
    user_id uuid NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    unread integer DEFAULT 0 NOT NULL,
    CONSTRAINT notification_states_seq_not_negative CHECK ((seq >= 0)),
    CONSTRAINT notification_states_unread_not_negative CHECK ((unread >= 0))
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.notification_states FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notification_states OWNER TO rambla_owner;

CREATE TABLE public.notification_suppressions (
    user_id uuid NOT NULL,
    id bigint NOT NULL,
    channel text NOT NULL,
    type text NOT NULL,
    reason text NOT NULL,
    idempotency_key text,
    notification_id uuid,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notification_suppressions_reason_known CHECK ((reason = ANY (ARRAY['preference'::text, 'quiet_hours'::text, 'cap'::text])))
);

ALTER TABLE ONLY public.notification_suppressions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notification_suppressions OWNER TO rambla_owner;

ALTER TABLE public.notification_suppressions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notification_suppressions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notification_types (
    type text NOT NULL,
    lane text DEFAULT 'system'::text NOT NULL,
    critical boolean DEFAULT false NOT NULL,
    description text NOT NULL,
    CONSTRAINT notification_types_description_length CHECK (((char_length(description) >= 1) AND (char_length(description) <= 200))),
    CONSTRAINT notification_types_lane_known CHECK ((lane = ANY (ARRAY['orders'::text, 'social'::text, 'earnings'::text, 'system'::text]))),
    CONSTRAINT notification_types_type_length CHECK (((char_length(type) >= 1) AND (char_length(type) <= 100)))
);

ALTER TABLE ONLY public.notification_types FORCE ROW LEVEL SECURITY;

ALTER TABLE public.notification_types OWNER TO rambla_owner;

CREATE TABLE public.order_lines (
    buyer_id uuid NOT NULL,
    order_id uuid NOT NULL,
    line_no integer NOT NULL,
    item_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    title text NOT NULL,
    quantity integer NOT NULL,
    unit_price_minor bigint NOT NULL,
    creator_rate_bp integer NOT NULL,
    line_total_minor bigint GENERATED ALWAYS AS ((quantity * unit_price_minor)) STORED NOT NULL,
    sold_at timestamp with time zone,
    CONSTRAINT order_lines_price_positive CHECK ((unit_price_minor > 0)),
    CONSTRAINT order_lines_quantity_in_range CHECK (((quantity >= 1) AND (quantity <= 99))),
    CONSTRAINT order_lines_rate_in_range CHECK (((creator_rate_bp >= 0) AND (creator_rate_bp <= 10000)))
);

ALTER TABLE ONLY public.order_lines FORCE ROW LEVEL SECURITY;

ALTER TABLE public.order_lines OWNER TO rambla_owner;

CREATE TABLE public.owned_items (
    user_id uuid NOT NULL,
    item_id uuid NOT NULL,
    order_id uuid NOT NULL,
    bought_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.owned_items FORCE ROW LEVEL SECURITY;

ALTER TABLE public.owned_items OWNER TO rambla_owner;

CREATE TABLE public.posts (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    author_id uuid NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    body text NOT NULL,
    image_url text,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    visibility text DEFAULT 'public'::text NOT NULL,
    state text DEFAULT 'published'::text NOT NULL,
    age_limited boolean DEFAULT false NOT NULL,
    removal_reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT posts_body_length CHECK (((char_length(body) >= 1) AND (char_length(body) <= 5000))),
    CONSTRAINT posts_removal_reason_length CHECK (((char_length(removal_reason) >= 1) AND (char_length(removal_reason) <= 500))),
    CONSTRAINT posts_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'removed'::text]))),
    CONSTRAINT posts_tags_count CHECK ((cardinality(tags) <= 20)),
    CONSTRAINT posts_title_length CHECK ((char_length(title) <= 200)),
    CONSTRAINT posts_visibility_known CHECK ((visibility = ANY (ARRAY['public'::text, 'followers'::text])))
);

ALTER TABLE ONLY public.posts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.posts OWNER TO rambla_owner;

CREATE TABLE public.profiles (
    id uuid NOT NULL,
    handle text NOT NULL,
    display_name text NOT NULL,
    bio text DEFAULT ''::text NOT NULL,
    avatar_url text,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT profiles_bio_length CHECK ((char_length(bio) <= 500)),
    CONSTRAINT profiles_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 80))),
    CONSTRAINT profiles_handle_form CHECK ((handle ~ '^[a-z0-9_]{2,30}$'::text))
);

ALTER TABLE ONLY public.profiles FORCE ROW LEVEL SECURITY;

ALTER TABLE public.profiles OWNER TO rambla_owner;

CREATE TABLE public.shopping_cart_items (
    user_id uuid NOT NULL,
    item_id uuid NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT shopping_cart_items_quantity_in_range CHECK (((quantity >= 1) AND (quantity <= 99)))
);

ALTER TABLE ONLY public.shopping_cart_items FORCE ROW LEVEL SECURITY;

ALTER TABLE public.shopping_cart_items OWNER TO rambla_owner;

CREATE TABLE public.user_roles (
    user_id uuid NOT NULL,
    role text NOT NULL,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    granted_by uuid,
    CONSTRAINT user_roles_known CHECK ((role = ANY (ARRAY['admin'::text, 'operator'::text, 'support'::text])))
);

ALTER TABLE ONLY public.user_roles FORCE ROW LEVEL SECURITY;

ALTER TABLE public.user_roles OWNER TO rambla_owner;

CREATE UNLOGGED TABLE public.worker_heartbeats (
    worker_id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone NOT NULL,
    host text DEFAULT ''::text NOT NULL,
    pid integer,
    concurrency integer,
    queues text[] DEFAULT '{}'::text[] NOT NULL,
    job_types text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT worker_heartbeats_job_types_count CHECK ((cardinality(job_types) <= 10000)),
    CONSTRAINT worker_heartbeats_queues_count CHECK ((cardinality(queues) <= 1000))
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.worker_heartbeats FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_heartbeats OWNER TO rambla_owner;

CREATE TABLE public.worker_job_keys (
    idempotency_key text NOT NULL,
    job_id bigint NOT NULL,
    payload_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    pruned_at timestamp with time zone,
    CONSTRAINT worker_job_keys_idempotency_key_length CHECK (((char_length(idempotency_key) >= 1) AND (char_length(idempotency_key) <= 500)))
);

ALTER TABLE ONLY public.worker_job_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_job_keys OWNER TO rambla_owner;

CREATE TABLE public.worker_job_parents (
    child_id bigint NOT NULL,
    parent_id bigint NOT NULL,
    CONSTRAINT worker_job_parents_not_itself CHECK ((child_id <> parent_id))
);

ALTER TABLE ONLY public.worker_job_parents FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_job_parents OWNER TO rambla_owner;

CREATE TABLE public.worker_job_types (
    job_type text NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    max_attempts integer DEFAULT 5 NOT NULL,
    timeout_seconds double precision,
    backoff_base double precision DEFAULT 60 NOT NULL,
    backoff_factor double precision DEFAULT 2 NOT NULL,
    backoff_cap double precision DEFAULT 2592000 NOT NULL,
    jitter double precision DEFAULT 0 NOT NULL,
    keep_completed interval,
    keep_cancelled interval,
    keep_dead interval,
    registered_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT worker_job_types_backoff_in_range CHECK (((backoff_base >= (0)::double precision) AND ((backoff_factor >= (1)::double precision) AND (backoff_factor <= (1000)::double precision)) AND ((backoff_cap >= (0)::double precision) AND (backoff_cap <= (31536000)::double precision)))),
    CONSTRAINT worker_job_types_jitter_in_range CHECK (((jitter >= (0)::double precision) AND (jitter <= (1)::double precision))),
    CONSTRAINT worker_job_types_keep_positive CHECK ((LEAST(keep_completed, keep_cancelled, keep_dead) >= '00:00:00'::interval)),
    CONSTRAINT worker_job_types_max_attempts_in_range CHECK (((max_attempts >= 1) AND (max_attempts <= 1000))),
    CONSTRAINT worker_job_types_timeout_positive CHECK ((timeout_seconds > (0)::double precision))
);

ALTER TABLE ONLY public.worker_job_types FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_job_types OWNER TO rambla_owner;

ALTER TABLE public.worker_jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.worker_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.worker_lanes (
    queue text NOT NULL,
    priority integer NOT NULL
);

ALTER TABLE ONLY public.worker_lanes FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_lanes OWNER TO rambla_owner;

CREATE TABLE public.worker_pauses (
    scope text NOT NULL,
    name text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    paused_by uuid,
    paused_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT worker_pauses_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT worker_pauses_scope_known CHECK ((scope = ANY (ARRAY['queue'::text, 'type'::text])))
);

ALTER TABLE ONLY public.worker_pauses FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_pauses OWNER TO rambla_owner;

CREATE TABLE public.worker_rate_starts (
    job_type text NOT NULL,
    until timestamp with time zone NOT NULL,
    started integer NOT NULL
);

ALTER TABLE ONLY public.worker_rate_starts FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_rate_starts OWNER TO rambla_owner;

CREATE TABLE public.worker_schedules (
    name text NOT NULL,
    cron text NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    job_type text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    max_attempts integer,
    missed text DEFAULT 'once'::text NOT NULL,
    last_tick timestamp with time zone DEFAULT now() NOT NULL,
    last_job_id bigint,
    paused_at timestamp with time zone,
    paused_by uuid,
    pause_reason text,
    CONSTRAINT worker_schedules_missed_known CHECK ((missed = ANY (ARRAY['skip'::text, 'once'::text, 'all'::text]))),
    CONSTRAINT worker_schedules_name_form CHECK ((name ~ '^[A-Za-z0-9_.:-]{1,100}$'::text))
);

ALTER TABLE ONLY public.worker_schedules FORCE ROW LEVEL SECURITY;

ALTER TABLE public.worker_schedules OWNER TO rambla_owner;

ALTER TABLE ONLY public.feed_events ATTACH PARTITION internal.feed_events_default DEFAULT;

ALTER TABLE ONLY public.feed_events ATTACH PARTITION internal.feed_events_timeless FOR VALUES FROM ('04000000-0000-0000-0000-000000000000') TO (MAXVALUE);

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY internal.credentials
    ADD CONSTRAINT credentials_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY internal.earnings_accruals
    ADD CONSTRAINT earnings_accruals_pkey PRIMARY KEY (user_id, event_id);

ALTER TABLE ONLY internal.earnings_checkpoints
    ADD CONSTRAINT earnings_checkpoints_pkey PRIMARY KEY (user_id, currency);

ALTER TABLE ONLY internal.earnings_heads
    ADD CONSTRAINT earnings_heads_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.feed_events
    ADD CONSTRAINT feed_events_once PRIMARY KEY (viewer_id, event_id);

ALTER TABLE ONLY internal.feed_events_default
    ADD CONSTRAINT feed_events_default_pkey PRIMARY KEY (viewer_id, event_id);

ALTER TABLE ONLY internal.feed_events_timeless
    ADD CONSTRAINT feed_events_timeless_pkey PRIMARY KEY (viewer_id, event_id);

ALTER TABLE ONLY internal.feed_item_json
    ADD CONSTRAINT feed_item_json_pkey PRIMARY KEY (item_id);

ALTER TABLE ONLY internal.feed_similar
    ADD CONSTRAINT feed_similar_pkey PRIMARY KEY (item_id);

ALTER TABLE ONLY internal.feed_unfolded
    ADD CONSTRAINT feed_unfolded_pkey PRIMARY KEY (id);

ALTER TABLE ONLY internal.feed_unrelated
    ADD CONSTRAINT feed_unrelated_pkey PRIMARY KEY (id);

ALTER TABLE ONLY internal.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY internal.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY internal.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (key);

ALTER TABLE ONLY internal.sign_in_links
    ADD CONSTRAINT sign_in_links_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.age_confirmations
    ADD CONSTRAINT age_confirmations_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_pkey PRIMARY KEY (user_id, blocked_id);

ALTER TABLE ONLY public.currencies
    ADD CONSTRAINT currencies_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.dead_letter_queue
    ADD CONSTRAINT dead_letter_queue_pkey PRIMARY KEY (job_id);

ALTER TABLE ONLY public.earnings_drift
    ADD CONSTRAINT earnings_drift_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.earnings_events
    ADD CONSTRAINT earnings_events_idem_key_key UNIQUE (user_id, idem_key);

ALTER TABLE ONLY public.earnings_events
    ADD CONSTRAINT earnings_events_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.earnings_ledger
    ADD CONSTRAINT earnings_ledger_pkey PRIMARY KEY (user_id, currency);

ALTER TABLE ONLY public.feed_affinities
    ADD CONSTRAINT feed_affinities_pkey PRIMARY KEY (viewer_id, subject_type, subject);

ALTER TABLE ONLY public.feed_authors
    ADD CONSTRAINT feed_authors_pkey PRIMARY KEY (author_id);

ALTER TABLE ONLY public.feed_counters
    ADD CONSTRAINT feed_counters_pkey PRIMARY KEY (item_id);

ALTER TABLE ONLY public.feed_experiment_arms
    ADD CONSTRAINT feed_experiment_arms_pkey PRIMARY KEY (experiment, arm);

ALTER TABLE ONLY public.feed_experiments
    ADD CONSTRAINT feed_experiments_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.feed_exposures
    ADD CONSTRAINT feed_exposures_pkey PRIMARY KEY (viewer_id, experiment, mode, epoch);

ALTER TABLE ONLY public.feed_fatigues
    ADD CONSTRAINT feed_fatigues_pkey PRIMARY KEY (viewer_id, subject_type, subject);

ALTER TABLE ONLY public.feed_firsts
    ADD CONSTRAINT feed_firsts_pkey PRIMARY KEY (viewer_id, item_id, kind);

ALTER TABLE ONLY public.feed_hides
    ADD CONSTRAINT feed_hides_pkey PRIMARY KEY (user_id, item_id);

ALTER TABLE ONLY public.feed_item_tags
    ADD CONSTRAINT feed_item_tags_pkey PRIMARY KEY (item_id, tag);

ALTER TABLE ONLY public.feed_items
    ADD CONSTRAINT feed_items_pkey PRIMARY KEY (item_id);

ALTER TABLE ONLY public.feed_muted_words
    ADD CONSTRAINT feed_muted_words_pkey PRIMARY KEY (viewer_id, word);

ALTER TABLE ONLY public.feed_places
    ADD CONSTRAINT feed_places_pkey PRIMARY KEY (viewer_id, mode);

ALTER TABLE ONLY public.feed_reactions
    ADD CONSTRAINT feed_reactions_pkey PRIMARY KEY (user_id, item_id, kind);

ALTER TABLE ONLY public.feed_reposts
    ADD CONSTRAINT feed_reposts_pkey PRIMARY KEY (user_id, item_id);

ALTER TABLE ONLY public.feed_slates
    ADD CONSTRAINT feed_slates_pkey PRIMARY KEY (viewer_id, mode, epoch);

ALTER TABLE public.feed_weights
    ADD CONSTRAINT feed_weights_days_in_range CHECK (((new_author_days >= 0) AND (GREATEST(new_author_days, fatigue_days, fatigue_fade_days) <= 36500))) NOT VALID;

ALTER TABLE ONLY public.feed_weights
    ADD CONSTRAINT feed_weights_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_pkey PRIMARY KEY (follower_id, followee_id);

ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT mutes_pkey PRIMARY KEY (user_id, muted_id);

ALTER TABLE ONLY public.notification_deliveries
    ADD CONSTRAINT notification_deliveries_pkey PRIMARY KEY (user_id, notification_id, attempt);

ALTER TABLE ONLY public.notification_preferences
    ADD CONSTRAINT notification_preferences_pkey PRIMARY KEY (user_id, type, channel);

ALTER TABLE ONLY public.notification_quiet_hours
    ADD CONSTRAINT notification_quiet_hours_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.notification_replays
    ADD CONSTRAINT notification_replays_pkey PRIMARY KEY (user_id, notification_id, payload_hash);

ALTER TABLE ONLY public.notification_states
    ADD CONSTRAINT notification_states_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.notification_suppressions
    ADD CONSTRAINT notification_suppressions_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.notification_types
    ADD CONSTRAINT notification_types_pkey PRIMARY KEY (type);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_idempotency_key_key UNIQUE (user_id, channel, idempotency_key);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_seq_key UNIQUE (user_id, seq);

ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT order_lines_pkey PRIMARY KEY (buyer_id, order_id, line_no);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_checkout_key_key UNIQUE (buyer_id, checkout_key);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (buyer_id, id);

ALTER TABLE ONLY public.owned_items
    ADD CONSTRAINT owned_items_pkey PRIMARY KEY (user_id, item_id);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.shop_items
    ADD CONSTRAINT shop_items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.shopping_cart_items
    ADD CONSTRAINT shopping_cart_items_pkey PRIMARY KEY (user_id, item_id);

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role);

ALTER TABLE ONLY public.worker_heartbeats
    ADD CONSTRAINT worker_heartbeats_pkey PRIMARY KEY (worker_id);

ALTER TABLE ONLY public.worker_job_keys
    ADD CONSTRAINT worker_job_keys_pkey PRIMARY KEY (idempotency_key);

ALTER TABLE ONLY public.worker_job_parents
    ADD CONSTRAINT worker_job_parents_pkey PRIMARY KEY (child_id, parent_id);

ALTER TABLE ONLY public.worker_job_types
    ADD CONSTRAINT worker_job_types_pkey PRIMARY KEY (job_type);

ALTER TABLE public.worker_jobs
    ADD CONSTRAINT worker_jobs_idempotency_key_length CHECK (((run_no > 0) OR ((char_length(idempotency_key) >= 1) AND (char_length(idempotency_key) <= 500)))) NOT VALID;

ALTER TABLE public.worker_jobs
    ADD CONSTRAINT worker_jobs_job_type_length CHECK (((run_no > 0) OR ((char_length(job_type) >= 1) AND (char_length(job_type) <= 100)))) NOT VALID;

ALTER TABLE public.worker_jobs
    ADD CONSTRAINT worker_jobs_max_attempts_in_range CHECK (((run_no > 0) OR ((max_attempts >= 1) AND (max_attempts <= 1000)))) NOT VALID;

ALTER TABLE public.worker_jobs
    ADD CONSTRAINT worker_jobs_next_run_at_in_range CHECK (((next_run_at >= '0001-01-02 00:00:00+00'::timestamp with time zone) AND (next_run_at <= '9998-12-31 00:00:00+00'::timestamp with time zone))) NOT VALID;

ALTER TABLE public.worker_jobs
    ADD CONSTRAINT worker_jobs_on_parent_failure_known CHECK (((run_no > 0) OR (on_parent_failure = ANY (ARRAY['wait'::text, 'cancel'::text])))) NOT VALID;

ALTER TABLE public.worker_jobs
    ADD CONSTRAINT worker_jobs_partition_key_length CHECK (((run_no > 0) OR ((char_length(partition_key) >= 1) AND (char_length(partition_key) <= 200)))) NOT VALID;

ALTER TABLE ONLY public.worker_jobs
    ADD CONSTRAINT worker_jobs_pkey PRIMARY KEY (id);

ALTER TABLE public.worker_jobs
    ADD CONSTRAINT worker_jobs_queue_form CHECK (((run_no > 0) OR (((char_length(queue) >= 1) AND (char_length(queue) <= 100)) AND (strpos(queue, ':'::text) = 0)))) NOT VALID;

ALTER TABLE public.worker_jobs
    ADD CONSTRAINT worker_jobs_tags_few CHECK (((run_no > 0) OR ((cardinality(tags) <= 10) AND (array_position(tags, NULL::text) IS NULL)))) NOT VALID;

ALTER TABLE public.worker_jobs
    ADD CONSTRAINT worker_jobs_tags_short CHECK (((run_no > 0) OR (octet_length(array_to_string(tags, ','::text)) <= 500))) NOT VALID;

ALTER TABLE ONLY public.worker_lanes
    ADD CONSTRAINT worker_lanes_pkey PRIMARY KEY (queue, priority);

ALTER TABLE ONLY public.worker_limits
    ADD CONSTRAINT worker_limits_pkey PRIMARY KEY (scope, name, source);

ALTER TABLE ONLY public.worker_pauses
    ADD CONSTRAINT worker_pauses_pkey PRIMARY KEY (scope, name);

ALTER TABLE ONLY public.worker_rate_starts
    ADD CONSTRAINT worker_rate_starts_pkey PRIMARY KEY (job_type, until);

ALTER TABLE public.worker_schedules
    ADD CONSTRAINT worker_schedules_last_tick_in_range CHECK (((last_tick >= '0001-01-02 00:00:00+00'::timestamp with time zone) AND (last_tick <= '9998-12-31 00:00:00+00'::timestamp with time zone))) NOT VALID;

ALTER TABLE ONLY public.worker_schedules
    ADD CONSTRAINT worker_schedules_pkey PRIMARY KEY (name);

CREATE UNIQUE INDEX users_email_key ON auth.users USING btree (lower(email));

CREATE INDEX earnings_accruals_due ON internal.earnings_accruals USING btree (matures_at) WHERE (pending > 0);

CREATE INDEX earnings_accruals_next ON internal.earnings_accruals USING btree (user_id, currency, matures_at) WHERE (pending > 0);

CREATE INDEX feed_events_default_age ON internal.feed_events_default USING brin (received_at);

CREATE INDEX feed_events_timeless_age ON internal.feed_events_timeless USING brin (received_at);

CREATE INDEX feed_item_json_by_id ON internal.feed_item_json USING hash (item_id);

CREATE INDEX sessions_expiry ON internal.sessions USING btree (expires_at);

CREATE INDEX sessions_id ON internal.sessions USING btree (user_id, id);

CREATE INDEX sign_in_links_user ON internal.sign_in_links USING btree (user_id);

CREATE INDEX audit_log_actor ON public.audit_log USING btree (actor_id, id DESC);

CREATE INDEX blocks_blocked ON public.blocks USING btree (blocked_id, user_id);

CREATE INDEX dead_letter_queue_by_type ON public.dead_letter_queue USING btree (job_type, died_at);

CREATE INDEX dead_letter_queue_recent ON public.dead_letter_queue USING btree (died_at DESC, job_id DESC);

CREATE INDEX earnings_drift_recent ON public.earnings_drift USING btree (found_at DESC);

CREATE INDEX earnings_events_children ON public.earnings_events USING btree (user_id, parent_id) WHERE (parent_id IS NOT NULL);

CREATE INDEX earnings_events_tail ON public.earnings_events USING btree (user_id, xid) INCLUDE (currency, status, amount_minor, seq);

CREATE INDEX earnings_events_timeline ON public.earnings_events USING btree (user_id, occurred_at DESC, seq DESC);

CREATE INDEX feed_affinities_best ON public.feed_affinities USING btree (viewer_id, subject_type, heat_key DESC);

CREATE INDEX feed_authors_new ON public.feed_authors USING btree (first_live_at DESC) WHERE (top_key IS NOT NULL);

CREATE INDEX feed_authors_top ON public.feed_authors USING btree (top_key DESC, author_id) WHERE (top_key IS NOT NULL);

CREATE INDEX feed_counters_by_id ON public.feed_counters USING hash (item_id);

CREATE INDEX feed_experiment_arms_weights ON public.feed_experiment_arms USING btree (weights_version);

CREATE UNIQUE INDEX feed_experiments_one_runs ON public.feed_experiments USING btree ((true)) WHERE (stopped_at IS NULL);

CREATE INDEX feed_exposures_experiment ON public.feed_exposures USING btree (experiment, arm, viewer_id);

CREATE INDEX feed_firsts_age ON public.feed_firsts USING brin (at);

CREATE INDEX feed_firsts_newest ON public.feed_firsts USING btree (viewer_id, at DESC) INCLUDE (item_id);

CREATE INDEX feed_hides_not_interested ON public.feed_hides USING btree (user_id, created_at) WHERE (reason = 'not_interested'::text);

CREATE INDEX feed_item_tags_best ON public.feed_item_tags USING btree (tag, item_type, rank_key DESC, item_id DESC) INCLUDE (author_id);

CREATE INDEX feed_item_tags_newest ON public.feed_item_tags USING btree (tag, item_type, published_at DESC, item_id DESC) INCLUDE (author_id);

CREATE INDEX feed_items_author_best ON public.feed_items USING btree (author_id, rank_key DESC, item_id DESC) INCLUDE (visibility, age_limited) WHERE (live AND (item_type = 'post'::text));

CREATE INDEX feed_items_author_newest ON public.feed_items USING btree (author_id, published_at DESC, item_id DESC) INCLUDE (visibility, age_limited) WHERE (live AND (item_type = 'post'::text));

CREATE INDEX feed_items_by_id ON public.feed_items USING hash (item_id);

CREATE INDEX feed_items_newest ON public.feed_items USING btree (published_at DESC) INCLUDE (author_id) WHERE (live AND (item_type = 'post'::text));

CREATE INDEX feed_items_of_author ON public.feed_items USING btree (author_id);

CREATE INDEX feed_items_shop ON public.feed_items USING btree (rank_key DESC, item_id DESC) INCLUDE (author_id, age_limited) WHERE (live AND in_stock AND (item_type = 'shop_item'::text));

CREATE INDEX feed_items_trending ON public.feed_items USING btree (rank_key DESC, item_id DESC) INCLUDE (author_id, age_limited) WHERE (live AND (item_type = 'post'::text) AND (visibility = 'public'::text));

CREATE INDEX feed_reactions_of_item ON public.feed_reactions USING btree (item_id, created_at DESC) INCLUDE (user_id);

CREATE INDEX feed_reactions_of_viewer ON public.feed_reactions USING btree (user_id, created_at DESC) INCLUDE (item_id);

CREATE INDEX feed_reposts_item ON public.feed_reposts USING btree (item_id);

CREATE INDEX feed_reposts_latest ON public.feed_reposts USING btree (created_at DESC) INCLUDE (user_id, item_id);

CREATE INDEX feed_reposts_newest ON public.feed_reposts USING btree (user_id, created_at DESC, item_id);

CREATE INDEX follows_newest ON public.follows USING btree (follower_id, created_at DESC, followee_id);

CREATE INDEX follows_newest_of_followee ON public.follows USING btree (followee_id, created_at DESC, follower_id);

CREATE INDEX mutes_muted ON public.mutes USING btree (muted_id);

CREATE INDEX notification_deliveries_open ON public.notification_deliveries USING btree (user_id) WHERE (finished_at IS NULL);

CREATE INDEX notifications_inbox ON public.notifications USING btree (user_id, lane, seq DESC) WHERE ((channel = 'inapp'::text) AND (archived_at IS NULL));

CREATE INDEX notifications_sent ON public.notifications USING btree (user_id, channel, sent_at) WHERE ((status = 'sent'::text) AND (NOT critical));

CREATE INDEX notifications_unread ON public.notifications USING btree (user_id, lane, seq DESC) WHERE unread;

CREATE INDEX order_lines_item ON public.order_lines USING btree (item_id);

CREATE UNIQUE INDEX order_lines_item_once ON public.order_lines USING btree (buyer_id, order_id, item_id);

CREATE INDEX order_lines_seller ON public.order_lines USING btree (seller_id, order_id);

CREATE INDEX orders_buyer_recent ON public.orders USING btree (buyer_id, placed_at DESC, id DESC);

CREATE INDEX orders_id ON public.orders USING btree (id);

CREATE INDEX owned_items_item ON public.owned_items USING btree (item_id);

CREATE INDEX posts_author ON public.posts USING btree (author_id, created_at DESC, id DESC);

CREATE INDEX posts_removed ON public.posts USING btree (id) WHERE (removal_reason IS NOT NULL);

CREATE INDEX profiles_by_id ON public.profiles USING hash (id);

CREATE UNIQUE INDEX profiles_handle_key ON public.profiles USING btree (handle);

CREATE INDEX shop_items_removed ON public.shop_items USING btree (id) WHERE (removal_reason IS NOT NULL);

CREATE INDEX shop_items_seller ON public.shop_items USING btree (seller_id, created_at DESC, id DESC);

CREATE INDEX shopping_cart_items_item ON public.shopping_cart_items USING btree (item_id);

CREATE INDEX worker_job_keys_pruned ON public.worker_job_keys USING btree (pruned_at) WHERE (pruned_at IS NOT NULL);

CREATE INDEX worker_job_parents_parent ON public.worker_job_parents USING btree (parent_id);

CREATE INDEX worker_jobs_finished ON public.worker_jobs USING btree (job_type, finished_at) WHERE (status = ANY (ARRAY['completed'::text, 'cancelled'::text]));

CREATE INDEX worker_jobs_held ON public.worker_jobs USING btree (held_by, queue, priority, next_run_at, id) WHERE (held_by IS NOT NULL);

CREATE UNIQUE INDEX worker_jobs_idempotency_key_key ON public.worker_jobs USING btree (idempotency_key) WHERE ((idempotency_key IS NOT NULL) AND (status = ANY (ARRAY['pending'::text, 'running'::text])));

CREATE INDEX worker_jobs_limited ON public.worker_jobs USING btree (job_type, partition_key) WHERE (limited AND (worker_id IS NOT NULL) AND (run_no > 0));

CREATE INDEX worker_jobs_limited_queue ON public.worker_jobs USING btree (queue) WHERE (limited AND (worker_id IS NOT NULL) AND (attempts > 0));

CREATE INDEX worker_jobs_ready ON public.worker_jobs USING btree (queue, priority, next_run_at, id) WHERE ((status = 'pending'::text) AND (held_by IS NULL));

CREATE INDEX worker_jobs_running ON public.worker_jobs USING btree (worker_id) WHERE (status = 'running'::text);

CREATE INDEX worker_jobs_tagged ON public.worker_jobs USING gin (tags) WHERE (tags <> '{}'::text[]);

ALTER INDEX public.feed_events_once ATTACH PARTITION internal.feed_events_default_pkey;

ALTER INDEX public.feed_events_once ATTACH PARTITION internal.feed_events_timeless_pkey;

CREATE TRIGGER sessions_touched_delete AFTER DELETE ON internal.sessions FOR EACH ROW EXECUTE FUNCTION internal.sessions_touched();

CREATE TRIGGER sessions_touched_update AFTER UPDATE OF expires_at, user_id ON internal.sessions FOR EACH ROW WHEN (((old.expires_at IS DISTINCT FROM new.expires_at) OR (old.user_id IS DISTINCT FROM new.user_id))) EXECUTE FUNCTION internal.sessions_touched();

CREATE TRIGGER blocks_end_follows AFTER INSERT ON public.blocks REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.blocks_end_follows();

CREATE TRIGGER earnings_events_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.earnings_events FOR EACH STATEMENT EXECUTE FUNCTION internal.earnings_refuse_change();

ALTER TABLE public.earnings_events ENABLE ALWAYS TRIGGER earnings_events_append_only;

CREATE TRIGGER earnings_events_post AFTER INSERT ON public.earnings_events REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION internal.earnings_post();

CREATE TRIGGER feed_authors_changed_delete AFTER DELETE ON public.feed_items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_authors_changed();

CREATE TRIGGER feed_authors_changed_insert AFTER INSERT ON public.feed_items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_authors_changed();

CREATE TRIGGER feed_authors_changed_update AFTER UPDATE ON public.feed_items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_authors_changed();

CREATE TRIGGER feed_carts_counted_insert AFTER INSERT ON public.shopping_cart_items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_carts_counted();

CREATE TRIGGER feed_items_tagged_insert AFTER INSERT ON public.feed_items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_items_tagged();

CREATE TRIGGER feed_items_tagged_update AFTER UPDATE ON public.feed_items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_items_tagged();

CREATE TRIGGER feed_items_touched_delete AFTER DELETE ON public.feed_items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_items_touched();

CREATE TRIGGER feed_items_touched_unrepost AFTER DELETE ON public.feed_reposts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_items_touched();

CREATE TRIGGER feed_items_touched_update AFTER UPDATE ON public.feed_items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_items_touched();

CREATE TRIGGER feed_posts_changed_delete AFTER DELETE ON public.posts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_posts_changed();

CREATE TRIGGER feed_posts_changed_insert AFTER INSERT ON public.posts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_posts_changed();

CREATE TRIGGER feed_posts_changed_update AFTER UPDATE ON public.posts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_posts_changed();

CREATE TRIGGER feed_purchases_counted_insert AFTER INSERT ON public.owned_items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_purchases_counted();

CREATE TRIGGER feed_reactions_counted_delete AFTER DELETE ON public.feed_reactions REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_reactions_counted();

CREATE TRIGGER feed_reactions_counted_insert AFTER INSERT ON public.feed_reactions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_reactions_counted();

CREATE TRIGGER feed_reposts_counted_delete AFTER DELETE ON public.feed_reposts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_reposts_counted();

CREATE TRIGGER feed_reposts_counted_insert AFTER INSERT ON public.feed_reposts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_reposts_counted();

CREATE TRIGGER feed_shop_items_changed_delete AFTER DELETE ON public.shop_items REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_shop_items_changed();

CREATE TRIGGER feed_shop_items_changed_insert AFTER INSERT ON public.shop_items REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_shop_items_changed();

CREATE TRIGGER feed_shop_items_changed_update AFTER UPDATE ON public.shop_items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_shop_items_changed();

CREATE TRIGGER feed_viewers_left AFTER DELETE ON public.profiles REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_left();

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.age_confirmations REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.blocks REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id', 'blocked_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.feed_fatigues REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('viewer_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.feed_hides REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.feed_muted_words REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('viewer_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.feed_reactions REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.feed_reposts REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.follows REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('follower_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.mutes REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.owned_items REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_delete AFTER DELETE ON public.shopping_cart_items REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.age_confirmations REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.blocks REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id', 'blocked_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.feed_fatigues REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('viewer_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.feed_hides REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.feed_muted_words REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('viewer_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.feed_reactions REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.feed_reposts REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.follows REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('follower_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.mutes REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.owned_items REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_insert AFTER INSERT ON public.shopping_cart_items REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.age_confirmations REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.blocks REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id', 'blocked_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.feed_fatigues REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('viewer_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.feed_hides REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.feed_muted_words REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('viewer_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.feed_reactions REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.feed_reposts REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.follows REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('follower_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.mutes REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.owned_items REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_viewers_touched_update AFTER UPDATE ON public.shopping_cart_items REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_viewers_touched('user_id');

CREATE TRIGGER feed_words_touched AFTER UPDATE ON public.posts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_words_touched('item', 'title', 'body', 'image_url');

CREATE TRIGGER feed_words_touched AFTER UPDATE ON public.profiles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_words_touched('profile', 'handle', 'display_name', 'avatar_url');

CREATE TRIGGER feed_words_touched AFTER UPDATE ON public.shop_items REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.feed_words_touched('item', 'title', 'description', 'image_url', 'price_minor', 'currency');

CREATE TRIGGER follows_notify AFTER INSERT ON public.follows REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION internal.follows_notify();

CREATE TRIGGER notifications_complete BEFORE INSERT OR UPDATE OF status ON public.notifications FOR EACH ROW WHEN (((new.seq IS NULL) OR ((new.status = 'sent'::text) AND (new.sent_at IS NULL)))) EXECUTE FUNCTION internal.notifications_complete();

CREATE TRIGGER notifications_count_delete AFTER DELETE ON public.notifications REFERENCING OLD TABLE AS lost FOR EACH STATEMENT EXECUTE FUNCTION internal.notifications_count();

CREATE TRIGGER notifications_count_insert AFTER INSERT ON public.notifications REFERENCING NEW TABLE AS gained FOR EACH STATEMENT EXECUTE FUNCTION internal.notifications_count();

CREATE TRIGGER notifications_count_update AFTER UPDATE ON public.notifications REFERENCING OLD TABLE AS lost NEW TABLE AS gained FOR EACH STATEMENT EXECUTE FUNCTION internal.notifications_count();

CREATE TRIGGER posts_state_moves_forward BEFORE UPDATE OF state ON public.posts FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION internal.state_moves_forward();

CREATE TRIGGER profiles_timezone BEFORE UPDATE OF timezone ON public.profiles FOR EACH ROW WHEN ((new.timezone IS DISTINCT FROM old.timezone)) EXECUTE FUNCTION internal.profile_timezone();

CREATE TRIGGER shop_items_state_moves_forward BEFORE UPDATE OF state ON public.shop_items FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION internal.state_moves_forward();

CREATE TRIGGER worker_jobs_arrived AFTER INSERT ON public.worker_jobs REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION internal.jobs_arrived();

CREATE TRIGGER worker_jobs_keyed AFTER INSERT ON public.worker_jobs FOR EACH ROW WHEN ((new.idempotency_key IS NOT NULL)) EXECUTE FUNCTION internal.jobs_keyed();

ALTER TABLE ONLY internal.credentials
    ADD CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY internal.feed_similar
    ADD CONSTRAINT feed_similar_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.feed_items(item_id) ON DELETE CASCADE;

ALTER TABLE ONLY internal.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY internal.sign_in_links
    ADD CONSTRAINT sign_in_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.age_confirmations
    ADD CONSTRAINT age_confirmations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_blocked_id_fkey FOREIGN KEY (blocked_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.earnings_drift
    ADD CONSTRAINT earnings_drift_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.earnings_events
    ADD CONSTRAINT earnings_events_parent FOREIGN KEY (user_id, parent_id) REFERENCES public.earnings_events(user_id, id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.earnings_events
    ADD CONSTRAINT earnings_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.earnings_ledger
    ADD CONSTRAINT earnings_ledger_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.feed_affinities
    ADD CONSTRAINT feed_affinities_viewer_id_fkey FOREIGN KEY (viewer_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_authors
    ADD CONSTRAINT feed_authors_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_counters
    ADD CONSTRAINT feed_counters_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.feed_items(item_id) ON DELETE CASCADE;

ALTER TABLE public.feed_events
    ADD CONSTRAINT feed_events_viewer_id_fkey FOREIGN KEY (viewer_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_experiment_arms
    ADD CONSTRAINT feed_experiment_arms_experiment_fkey FOREIGN KEY (experiment) REFERENCES public.feed_experiments(name) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_experiment_arms
    ADD CONSTRAINT feed_experiment_arms_weights_version_fkey FOREIGN KEY (weights_version) REFERENCES public.feed_weights(version);

ALTER TABLE ONLY public.feed_exposures
    ADD CONSTRAINT feed_exposures_experiment_fkey FOREIGN KEY (experiment) REFERENCES public.feed_experiments(name) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_exposures
    ADD CONSTRAINT feed_exposures_viewer_id_fkey FOREIGN KEY (viewer_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_fatigues
    ADD CONSTRAINT feed_fatigues_viewer_id_fkey FOREIGN KEY (viewer_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_firsts
    ADD CONSTRAINT feed_firsts_viewer_id_fkey FOREIGN KEY (viewer_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_hides
    ADD CONSTRAINT feed_hides_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_item_tags
    ADD CONSTRAINT feed_item_tags_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.feed_items(item_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_items
    ADD CONSTRAINT feed_items_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_items
    ADD CONSTRAINT feed_items_have_json FOREIGN KEY (item_id) REFERENCES internal.feed_item_json(item_id);

ALTER TABLE ONLY public.feed_muted_words
    ADD CONSTRAINT feed_muted_words_viewer_id_fkey FOREIGN KEY (viewer_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_places
    ADD CONSTRAINT feed_places_viewer_id_fkey FOREIGN KEY (viewer_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_reactions
    ADD CONSTRAINT feed_reactions_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.feed_items(item_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_reactions
    ADD CONSTRAINT feed_reactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_reposts
    ADD CONSTRAINT feed_reposts_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.feed_items(item_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.feed_reposts
    ADD CONSTRAINT feed_reposts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_followee_id_fkey FOREIGN KEY (followee_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_follower_id_fkey FOREIGN KEY (follower_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT mutes_muted_id_fkey FOREIGN KEY (muted_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT mutes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_deliveries
    ADD CONSTRAINT notification_deliveries_notification FOREIGN KEY (user_id, notification_id) REFERENCES public.notifications(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_preferences
    ADD CONSTRAINT notification_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_quiet_hours
    ADD CONSTRAINT notification_quiet_hours_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_replays
    ADD CONSTRAINT notification_replays_notification FOREIGN KEY (user_id, notification_id) REFERENCES public.notifications(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_states
    ADD CONSTRAINT notification_states_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_suppressions
    ADD CONSTRAINT notification_suppressions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.notification_states(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT order_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.shop_items(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT order_lines_order FOREIGN KEY (buyer_id, order_id) REFERENCES public.orders(buyer_id, id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT order_lines_seller_id_fkey FOREIGN KEY (seller_id) REFERENCES public.profiles(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.profiles(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.owned_items
    ADD CONSTRAINT owned_items_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.shop_items(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.owned_items
    ADD CONSTRAINT owned_items_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_id_fkey FOREIGN KEY (id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.shop_items
    ADD CONSTRAINT shop_items_seller_id_fkey FOREIGN KEY (seller_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.shopping_cart_items
    ADD CONSTRAINT shopping_cart_items_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.shop_items(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.shopping_cart_items
    ADD CONSTRAINT shopping_cart_items_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.credentials ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.earnings_accruals ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.earnings_checkpoints ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.earnings_heads ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_events_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_events_timeless ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_item_json ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_similar ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_unfolded ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.feed_unrelated ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.migrations ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE internal.sign_in_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.age_confirmations ENABLE ROW LEVEL SECURITY;

CREATE POLICY age_confirmations_own ON public.age_confirmations FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;

CREATE POLICY audit_log_read ON public.audit_log FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.blocks ENABLE ROW LEVEL SECURITY;

CREATE POLICY blocks_own ON public.blocks TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.currencies ENABLE ROW LEVEL SECURITY;

CREATE POLICY currencies_read ON public.currencies FOR SELECT TO anon, authenticated USING (true);

ALTER TABLE public.dead_letter_queue ENABLE ROW LEVEL SECURITY;

CREATE POLICY dead_letter_queue_read ON public.dead_letter_queue FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.earnings_drift ENABLE ROW LEVEL SECURITY;

CREATE POLICY earnings_drift_read ON public.earnings_drift FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT public.has_role('admin'::text) AS has_role)));

ALTER TABLE public.earnings_events ENABLE ROW LEVEL SECURITY;

CREATE POLICY earnings_events_read_own ON public.earnings_events FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.earnings_ledger ENABLE ROW LEVEL SECURITY;

CREATE POLICY earnings_ledger_read_own ON public.earnings_ledger FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_affinities ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_affinities_own ON public.feed_affinities FOR SELECT TO authenticated USING ((viewer_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_authors ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.feed_counters ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.feed_events ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_events_own ON public.feed_events FOR SELECT TO authenticated USING ((viewer_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_experiment_arms ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_experiment_arms_admin ON public.feed_experiment_arms FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.feed_experiments ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_experiments_admin ON public.feed_experiments FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.feed_exposures ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_exposures_own ON public.feed_exposures FOR SELECT TO authenticated USING ((viewer_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_fatigues ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_fatigues_own ON public.feed_fatigues FOR SELECT TO authenticated USING ((viewer_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_firsts ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_firsts_own ON public.feed_firsts FOR SELECT TO authenticated USING ((viewer_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_hides ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_hides_own ON public.feed_hides TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_item_tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.feed_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.feed_muted_words ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_muted_words_own ON public.feed_muted_words FOR SELECT TO authenticated USING ((viewer_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_places ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_places_own ON public.feed_places FOR SELECT TO authenticated USING ((viewer_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_reactions ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_reactions_own ON public.feed_reactions TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_reposts ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_reposts_of_blocked ON public.feed_reposts AS RESTRICTIVE FOR SELECT TO authenticated USING ((NOT public.is_blocked(user_id)));

CREATE POLICY feed_reposts_read ON public.feed_reposts FOR SELECT TO anon, authenticated USING (((EXISTS ( SELECT
   FROM public.posts p
  WHERE (p.id = feed_reposts.item_id))) OR (EXISTS ( SELECT
   FROM public.shop_items s
  WHERE (s.id = feed_reposts.item_id)))));

ALTER TABLE public.feed_slates ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_slates_own ON public.feed_slates FOR SELECT TO authenticated USING ((viewer_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.feed_weights ENABLE ROW LEVEL SECURITY;

CREATE POLICY feed_weights_admin ON public.feed_weights FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.follows ENABLE ROW LEVEL SECURITY;

CREATE POLICY follows_delete_own ON public.follows FOR DELETE TO authenticated USING ((follower_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY follows_insert_own ON public.follows FOR INSERT TO authenticated WITH CHECK (((follower_id = ( SELECT auth.uid() AS uid)) AND (NOT public.is_blocked(followee_id))));

CREATE POLICY follows_read ON public.follows FOR SELECT TO authenticated USING (((( SELECT auth.uid() AS uid) = follower_id) OR (( SELECT auth.uid() AS uid) = followee_id)));

ALTER TABLE public.mutes ENABLE ROW LEVEL SECURITY;

CREATE POLICY mutes_own ON public.mutes TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((user_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.notification_deliveries ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_deliveries_read ON public.notification_deliveries FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.notification_preferences ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_preferences_read ON public.notification_preferences FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT public.has_role('admin'::text) AS has_role)));

ALTER TABLE public.notification_quiet_hours ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_quiet_hours_read ON public.notification_quiet_hours FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT public.has_role('admin'::text) AS has_role)));

ALTER TABLE public.notification_replays ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_replays_read ON public.notification_replays FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.notification_states ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_states_read ON public.notification_states FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT public.has_role('admin'::text) AS has_role)));

ALTER TABLE public.notification_suppressions ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_suppressions_read ON public.notification_suppressions FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT public.has_role('admin'::text) AS has_role)));

ALTER TABLE public.notification_types ENABLE ROW LEVEL SECURITY;

CREATE POLICY notification_types_read ON public.notification_types FOR SELECT TO authenticated USING (true);

ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;

CREATE POLICY notifications_read ON public.notifications FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT public.has_role('admin'::text) AS has_role)));

ALTER TABLE public.order_lines ENABLE ROW LEVEL SECURITY;

CREATE POLICY order_lines_read_own ON public.order_lines FOR SELECT TO authenticated USING ((buyer_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY order_lines_read_sold ON public.order_lines FOR SELECT TO authenticated USING (((seller_id = ( SELECT auth.uid() AS uid)) AND (sold_at IS NOT NULL)));

ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;

CREATE POLICY orders_read_own ON public.orders FOR SELECT TO authenticated USING ((buyer_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.owned_items ENABLE ROW LEVEL SECURITY;

CREATE POLICY owned_items_read_own ON public.owned_items FOR SELECT TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.posts ENABLE ROW LEVEL SECURITY;

CREATE POLICY posts_insert_own ON public.posts FOR INSERT TO authenticated WITH CHECK ((author_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY posts_read ON public.posts FOR SELECT TO authenticated USING (((author_id = ( SELECT auth.uid() AS uid)) OR ((state = 'published'::text) AND (removal_reason IS NULL) AND ((NOT age_limited) OR ( SELECT public.is_adult() AS is_adult)) AND ((visibility = 'public'::text) OR (EXISTS ( SELECT
   FROM public.follows f
  WHERE ((f.follower_id = ( SELECT auth.uid() AS uid)) AND (f.followee_id = posts.author_id))))) AND (NOT public.is_blocked(author_id)))));

CREATE POLICY posts_read_public ON public.posts FOR SELECT TO anon USING (((state = 'published'::text) AND (visibility = 'public'::text) AND (NOT age_limited) AND (removal_reason IS NULL)));

CREATE POLICY posts_update_own ON public.posts FOR UPDATE TO authenticated USING ((author_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((author_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;

CREATE POLICY profiles_read ON public.profiles FOR SELECT TO anon, authenticated USING (true);

CREATE POLICY profiles_update_own ON public.profiles FOR UPDATE TO authenticated USING ((id = ( SELECT auth.uid() AS uid))) WITH CHECK ((id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.shop_items ENABLE ROW LEVEL SECURITY;

CREATE POLICY shop_items_insert_own ON public.shop_items FOR INSERT TO authenticated WITH CHECK ((seller_id = ( SELECT auth.uid() AS uid)));

CREATE POLICY shop_items_read ON public.shop_items FOR SELECT TO authenticated USING (((seller_id = ( SELECT auth.uid() AS uid)) OR ((state = 'listed'::text) AND (removal_reason IS NULL) AND ((NOT age_limited) OR ( SELECT public.is_adult() AS is_adult)) AND (NOT public.is_blocked(seller_id)))));

CREATE POLICY shop_items_read_listed ON public.shop_items FOR SELECT TO anon USING (((state = 'listed'::text) AND (NOT age_limited) AND (removal_reason IS NULL)));

CREATE POLICY shop_items_update_own ON public.shop_items FOR UPDATE TO authenticated USING ((seller_id = ( SELECT auth.uid() AS uid))) WITH CHECK ((seller_id = ( SELECT auth.uid() AS uid)));

ALTER TABLE public.shopping_cart_items ENABLE ROW LEVEL SECURITY;

CREATE POLICY shopping_cart_items_own ON public.shopping_cart_items TO authenticated USING ((user_id = ( SELECT auth.uid() AS uid))) WITH CHECK (((user_id = ( SELECT auth.uid() AS uid)) AND (NOT (EXISTS ( SELECT
   FROM public.shop_items i
  WHERE ((i.id = shopping_cart_items.item_id) AND (i.seller_id = ( SELECT auth.uid() AS uid))))))));

ALTER TABLE public.user_roles ENABLE ROW LEVEL SECURITY;

CREATE POLICY user_roles_read ON public.user_roles FOR SELECT TO authenticated USING (((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT public.has_role('admin'::text) AS has_role)));

ALTER TABLE public.worker_heartbeats ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_heartbeats_read ON public.worker_heartbeats FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.worker_job_keys ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_job_keys_read ON public.worker_job_keys FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.worker_job_parents ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_job_parents_read ON public.worker_job_parents FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.worker_job_types ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_job_types_read ON public.worker_job_types FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.worker_jobs ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_jobs_enqueue ON public.worker_jobs FOR INSERT TO authenticated WITH CHECK (( SELECT public.has_role('admin'::text) AS has_role));

CREATE POLICY worker_jobs_read ON public.worker_jobs FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.worker_lanes ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_lanes_read ON public.worker_lanes FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.worker_limits ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_limits_read ON public.worker_limits FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.worker_pauses ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_pauses_read ON public.worker_pauses FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.worker_rate_starts ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_rate_starts_read ON public.worker_rate_starts FOR SELECT TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role));

ALTER TABLE public.worker_schedules ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker_schedules_admin ON public.worker_schedules TO authenticated USING (( SELECT public.has_role('admin'::text) AS has_role)) WITH CHECK (( SELECT public.has_role('admin'::text) AS has_role));

GRANT USAGE ON SCHEMA auth TO anon;
GRANT USAGE ON SCHEMA auth TO authenticated;
GRANT USAGE ON SCHEMA auth TO service_role;

GRANT USAGE ON SCHEMA internal TO rambla_login;

GRANT ALL ON SCHEMA public TO rambla_owner;
GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;

GRANT SELECT ON TABLE public.feed_weights TO service_role;
GRANT SELECT ON TABLE public.feed_weights TO authenticated;

REVOKE ALL ON FUNCTION auth.jwt() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.jwt() TO anon;
GRANT ALL ON FUNCTION auth.jwt() TO authenticated;
GRANT ALL ON FUNCTION auth.jwt() TO service_role;

REVOKE ALL ON FUNCTION auth.role() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.role() TO anon;
GRANT ALL ON FUNCTION auth.role() TO authenticated;
GRANT ALL ON FUNCTION auth.role() TO service_role;

REVOKE ALL ON FUNCTION auth.uid() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.uid() TO anon;
GRANT ALL ON FUNCTION auth.uid() TO authenticated;
GRANT ALL ON FUNCTION auth.uid() TO service_role;

REVOKE ALL ON FUNCTION internal.admit_jobs(p_rows tid[], p_queues text[], p_types text[], p_counted text[], p_limit integer, p_most_keys integer, p_at timestamp with time zone, OUT admitted tid[], OUT moved integer, OUT locked integer, OUT left_out boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.audit(p_action text, p_subject text, p_details jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.blocks_end_follows() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.cart_currency(p_user_id uuid, p_currency text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.cart_hash(p_lines internal.cart_line[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.cart_lines(p_user_id uuid, p_currency text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.cart_require_available(p_lines internal.cart_line[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.cart_require_on_offer(p_buyer_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.children_wait(p_job_id bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.come_after(p_children bigint[], p_parents bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.count_runs() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.count_starts(p_rows tid[], p_gates text[], p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.dead_letters_like(p_filter jsonb, p_limit integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_drifted(p_tally internal.earnings_tally) FROM PUBLIC;

GRANT SELECT ON TABLE public.earnings_events TO authenticated;
GRANT SELECT ON TABLE public.earnings_events TO service_role;

GRANT INSERT(user_id) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(id) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(currency) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(amount_minor) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(status) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(kind) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(reason) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(parent_id) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(group_id) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(source) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(source_ref) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(idem_key) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(occurred_at) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(matures_at) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(rule_version) ON TABLE public.earnings_events TO service_role;

GRANT INSERT(actor_id) ON TABLE public.earnings_events TO service_role;

REVOKE ALL ON FUNCTION internal.earnings_event_to_move(p_user_id uuid, p_event_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_fold(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_forget(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_lock(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_move(p_event public.earnings_events, p_open internal.earnings_accruals, p_to text, p_amount_minor bigint, p_reason text, p_idem_key text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_post() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_record(p_user_id uuid, p_currency text, p_amount_minor bigint, p_kind text, p_idem_key text, p_source text, p_source_ref text, p_reason text, p_occurred_at timestamp with time zone, p_matures_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_replay(p_user_id uuid, p_event_id uuid, p_to text, p_amount_minor bigint, p_idem_key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_settle(p_user_id uuid, p_tallies internal.earnings_tally[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_settle_accruals(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_snapshot(p_snapshot pg_snapshot, p_own xid8) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_tell(p_user_id uuid, p_to text, p_amount_minor bigint, p_currency text, p_reason text, p_key text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.earnings_words(p_kind text, p_reason text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.enqueue(p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text, p_at timestamp with time zone) FROM PUBLIC;

GRANT SELECT ON TABLE public.worker_jobs TO authenticated;
GRANT SELECT ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(job_type) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(job_type) ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(queue) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(queue) ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(priority) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(priority) ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(payload) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(payload) ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(tags) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(tags) ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(status) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(status) ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(max_attempts) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(max_attempts) ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(next_run_at) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(next_run_at) ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(partition_key) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(partition_key) ON TABLE public.worker_jobs TO service_role;

GRANT INSERT(idempotency_key) ON TABLE public.worker_jobs TO authenticated;
GRANT INSERT(idempotency_key) ON TABLE public.worker_jobs TO service_role;

REVOKE ALL ON FUNCTION internal.explain_limits(p_job public.worker_jobs, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.explain_parents(p_job public.worker_jobs) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.fail_jobs(p_ids bigint[], p_run_nos integer[], p_errors text[], p_outcomes text[], p_final boolean[], p_at timestamp with time zone) FROM PUBLIC;

GRANT SELECT ON TABLE public.feed_experiment_arms TO service_role;
GRANT SELECT ON TABLE public.feed_experiment_arms TO authenticated;

REVOKE ALL ON FUNCTION internal.feed_arm_of(p_viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_around(p_viewer uuid, p_item_id uuid, p_author_id uuid, p_reposter_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_authors_changed() FROM PUBLIC;

GRANT SELECT ON TABLE public.feed_counters TO service_role;

REVOKE ALL ON FUNCTION internal.feed_bucket(p_counters public.feed_counters, p_weights public.feed_weights) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_cards(p_viewer uuid, p_page internal.feed_page) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_carts_counted() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_context(p_viewer uuid, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_context_of(p_viewer uuid, p_mode text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_cool(p_viewer uuid, p_item_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_count(p_changes public.feed_counters[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_counters_lock(p_item_ids uuid[]) FROM PUBLIC;

GRANT SELECT ON TABLE public.feed_slates TO service_role;
GRANT SELECT ON TABLE public.feed_slates TO authenticated;

REVOKE ALL ON FUNCTION internal.feed_cursor(p_viewer uuid, p_mode text, p_score double precision, p_item_id uuid, OUT slate public.feed_slates, OUT posts integer, OUT shop integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_damp(p_since timestamp with time zone, p_at timestamp with time zone, p_weights public.feed_weights) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_damp_of(p_tired internal.feed_tired[], p_item_id uuid, p_author_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_events_ended(p_before timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_events_make(p_monday timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_events_since(p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_events_week(p_monday timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_explain_arm(p_viewer uuid, p_mode text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_explain_extras(p_viewer uuid, p_item_id uuid, p_mode text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_explain_item(p_item_id uuid, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_explain_place(p_viewer uuid, p_item_id uuid, p_mode text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_explain_tired(p_viewer uuid, p_item_id uuid, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_explain_viewer(p_viewer uuid, p_item_id uuid, p_mode text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_expose(p_slate public.feed_slates, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_extras(p_extras jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_eyes(p_viewer uuid, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_first(p_acts internal.feed_unfolded[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_followees(p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_followees_asked(p internal.feed_context, p_mode text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_followees_beside(p internal.feed_context, p_newest uuid[], p_hottest uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_gone_since(p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_hottest_followees(p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_is_barred(p_item_id uuid, p_muted text, p_gone_tags text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_is_visible(p_item_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_items_by_tags(p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_items_found(p internal.feed_context, p_mode text, OUT posts internal.feed_candidate[], OUT shop internal.feed_candidate[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_items_offered(p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_items_reposted(p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_items_similar(p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_items_tagged() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_items_touched() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_likeness(p_viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_members(p_item_id uuid, p_item_type text, p_author_id uuid, p_title text, p_body text, p_image_url text, p_tags text[], p_price_minor bigint, p_currency text, p_stock integer, p_created_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_mix(p_page internal.feed_page) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_mode(p_viewer uuid, p_mode text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_muted(p_viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_new_reposts(p_viewer uuid, p_unheard uuid[], p_since timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_nudge_of(p_extras internal.feed_extra[], p_item_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_other_followees(p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_page(p_viewer uuid, p_slate public.feed_slates, p_posts integer, p_shop integer, p_limit integer, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_page_dated(p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, OUT page text, OUT rests_on text, OUT seconds double precision, OUT snapshot text) FROM PUBLIC;
GRANT ALL ON FUNCTION internal.feed_page_dated(p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, OUT page text, OUT rests_on text, OUT seconds double precision, OUT snapshot text) TO rambla_login;

REVOKE ALL ON FUNCTION internal.feed_page_json(p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION internal.feed_page_json(p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer) TO rambla_login;

REVOKE ALL ON FUNCTION internal.feed_posts_by_authors(p internal.feed_context, p_followed_only boolean, p_limit integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_posts_by_new_authors(p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_posts_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_posts_ranked(p internal.feed_context, p_mode text, p_found internal.feed_candidate[], p_before uuid[], p_limit integer, OUT ids uuid[], OUT authors integer[], OUT reasons smallint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_posts_trending(p internal.feed_context, p_limit integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_purchases_counted() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_rank_key(p_item_type text, p_published_at timestamp with time zone, p_bucket smallint, p_weights public.feed_weights) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_reaction_count(p_item_id uuid, p_kind text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_reactions_add(p_viewer uuid, p_item_ids uuid[], p_kinds text[], p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_reactions_counted() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_reasons() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_repost_boost(p_weights public.feed_weights) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_repost_count(p_item_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_reposter(p_viewer uuid, p_slate public.feed_slates, p_item_id uuid, p_unheard uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_reposts(p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_reposts_counted() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_require_comparable(p_version integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_require_kind(p_ids uuid[], p_item_type text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_require_visible(p_item_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_require_weights(p_changes jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_rerank(p_item_ids uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_score(p_page internal.feed_page, p_n integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_seen(p_viewer uuid, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_seen_ranked(p internal.feed_context, p_mode text, OUT post_ids uuid[], OUT post_authors integer[], OUT shop_ids uuid[], OUT shop_authors integer[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_shop_items_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_shop_items_offered(p internal.feed_context, p_limit integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_shop_ranked(p internal.feed_context, p_mode text, p_found internal.feed_candidate[], p_before uuid[], p_limit integer, OUT ids uuid[], OUT authors integer[], OUT reasons smallint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_silenced(p_viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_similar_boost(p_likeness double precision, p_boost double precision) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_similar_found(p_item_ids uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_similar_write(p_item_ids uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_build(p_viewer uuid, p_mode text, p_epoch bigint, p_extras internal.feed_extra[], p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_end(p_viewer uuid, p_epoch bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_fill(p_viewer uuid, p_mode text, p_fresh boolean, p_extras internal.feed_extra[], p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_grow(p_slate public.feed_slates, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_latest(p_slate public.feed_slates, p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_live(p_viewer uuid, p_mode text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_more(p_slate public.feed_slates, p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_newest(p_viewer uuid, p_mode text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_notes(p_slate public.feed_slates, p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_stretch(p_slate public.feed_slates, p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_slate_with_seen(p_slate public.feed_slates, p internal.feed_context) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_speaks_of(p_item_id uuid, p_muted text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_spread(p_authors integer[], p_window integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_tired(p_viewer uuid, p_weights public.feed_weights, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_turns(p_authors integer[], p_items integer[], p_prior integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_viewers_left() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_viewers_touched() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_visitor() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_walk(p_viewer uuid, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_make boolean, p_at timestamp with time zone, OUT page internal.feed_page, OUT ends timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_warm(p_viewers uuid[], p_item_ids uuid[], p_weights double precision[], p_ats timestamp with time zone[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_weights() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_weights_of(p_viewer uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_weights_shared() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_word(p_word text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.feed_words_touched() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.follows_notify() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.gate_opened(p_scope text, p_name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.is_adult(p_user_id uuid) FROM PUBLIC;

GRANT SELECT ON TABLE public.shop_items TO anon;
GRANT SELECT ON TABLE public.shop_items TO authenticated;
GRANT SELECT ON TABLE public.shop_items TO service_role;

GRANT INSERT(id) ON TABLE public.shop_items TO authenticated;

GRANT INSERT(seller_id) ON TABLE public.shop_items TO authenticated;

GRANT INSERT(title),UPDATE(title) ON TABLE public.shop_items TO authenticated;
GRANT UPDATE(title) ON TABLE public.shop_items TO service_role;

GRANT INSERT(description),UPDATE(description) ON TABLE public.shop_items TO authenticated;
GRANT UPDATE(description) ON TABLE public.shop_items TO service_role;

GRANT INSERT(image_url),UPDATE(image_url) ON TABLE public.shop_items TO authenticated;
GRANT UPDATE(image_url) ON TABLE public.shop_items TO service_role;

GRANT INSERT(tags),UPDATE(tags) ON TABLE public.shop_items TO authenticated;
GRANT UPDATE(tags) ON TABLE public.shop_items TO service_role;

GRANT INSERT(price_minor),UPDATE(price_minor) ON TABLE public.shop_items TO authenticated;
GRANT UPDATE(price_minor) ON TABLE public.shop_items TO service_role;

GRANT INSERT(currency) ON TABLE public.shop_items TO authenticated;

GRANT INSERT(stock),UPDATE(stock) ON TABLE public.shop_items TO authenticated;
GRANT UPDATE(stock) ON TABLE public.shop_items TO service_role;

GRANT INSERT(state),UPDATE(state) ON TABLE public.shop_items TO authenticated;
GRANT UPDATE(state) ON TABLE public.shop_items TO service_role;

GRANT INSERT(age_limited),UPDATE(age_limited) ON TABLE public.shop_items TO authenticated;
GRANT UPDATE(age_limited) ON TABLE public.shop_items TO service_role;

REVOKE ALL ON FUNCTION internal.is_for_sale(p_item public.shop_items, p_quantity integer, p_buyer_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.is_on_offer(p_item public.shop_items, p_buyer_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.job_backoff(p_job_type text, p_attempts integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.job_candidates(p_rows tid[], p_queues text[], p_gates text[], p_rooms bigint[], p_limit integer, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.job_event(p_job public.worker_jobs, p_outcome text, p_error text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.job_hash(p_job_type text, p_payload jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.job_history(p_history jsonb, p_entry jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.job_keep(p_job_type text, p_state text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.job_rooms(p_types text[], p_queues text[], p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.job_types_over() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.job_verdicts(p_rows tid[], p_gates text[], p_rooms bigint[], p_types text[], p_keys text[], p_ours boolean[], p_limit integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.jobs_arrived() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.jobs_claim(p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION internal.jobs_claim(p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone) TO rambla_login;

REVOKE ALL ON FUNCTION internal.jobs_claim_json(p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION internal.jobs_claim_json(p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone) TO rambla_login;

REVOKE ALL ON FUNCTION internal.jobs_complete_json(p_claims text, p_ids bigint[], p_run_nos integer[], p_results text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION internal.jobs_complete_json(p_claims text, p_ids bigint[], p_run_nos integer[], p_results text[]) TO rambla_login;

REVOKE ALL ON FUNCTION internal.jobs_enqueue_apart(p_claims text, p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text) FROM PUBLIC;
GRANT ALL ON FUNCTION internal.jobs_enqueue_apart(p_claims text, p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text) TO rambla_login;

REVOKE ALL ON FUNCTION internal.jobs_given(p_jobs jsonb, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.jobs_keyed() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.key_counts(p_job_id bigint, p_since timestamp with time zone, p_unique text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.key_gate(p_job_type text, p_partition_key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.key_window(p_unique text) FROM PUBLIC;

GRANT SELECT ON TABLE public.worker_limits TO authenticated;
GRANT SELECT ON TABLE public.worker_limits TO service_role;

REVOKE ALL ON FUNCTION internal.limit_now(p_scope text, p_name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.may_act_for(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.moderate(p_item_id uuid, p_removal_reason text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.money(p_minor bigint, p_currency text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.most_per_key(p_job_type text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_add_unread(p_users uuid[], p_changes integer[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_cap() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_check(p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_day(p_user_id uuid, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_enqueue_delivery(p_user_id uuid, p_notification_id uuid, p_critical boolean, p_not_before timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_in_window(p_local timestamp without time zone, p_start time without time zone, p_end time without time zone, p_days integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_is_full(p_user_id uuid, p_channel text, p_at timestamp with time zone, p_open integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_lock(p_user_id uuid) FROM PUBLIC;

GRANT SELECT ON TABLE public.notifications TO authenticated;
GRANT SELECT ON TABLE public.notifications TO service_role;

REVOKE ALL ON FUNCTION internal.notif_may_deliver(p_notification public.notifications, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_next_seq(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_objection(p_user_id uuid, p_channel text, p_type text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_open_deliveries(p_notification public.notifications, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_payload_hash(p_type text, p_title text, p_body text, p_data jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_quiet_until(p_user_id uuid, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_replay(p_user_id uuid, p_channel text, p_key text, p_hash bytea, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_sent_today(p_user_id uuid, p_channel text, p_day tstzrange, p_at_most integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_submit(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_timezone(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_type(p_type text, OUT lane text, OUT critical boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notif_wants(p_user_id uuid, p_channel text, p_type text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notifications_complete() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notifications_count() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.notify(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone) FROM PUBLIC;

GRANT SELECT(buyer_id) ON TABLE public.orders TO authenticated;
GRANT SELECT(buyer_id) ON TABLE public.orders TO service_role;

GRANT SELECT(id) ON TABLE public.orders TO authenticated;
GRANT SELECT(id) ON TABLE public.orders TO service_role;

GRANT SELECT(state) ON TABLE public.orders TO authenticated;
GRANT SELECT(state) ON TABLE public.orders TO service_role;

GRANT SELECT(currency) ON TABLE public.orders TO authenticated;
GRANT SELECT(currency) ON TABLE public.orders TO service_role;

GRANT SELECT(total_minor) ON TABLE public.orders TO authenticated;
GRANT SELECT(total_minor) ON TABLE public.orders TO service_role;

GRANT SELECT(placed_at) ON TABLE public.orders TO authenticated;
GRANT SELECT(placed_at) ON TABLE public.orders TO service_role;

GRANT SELECT(paid_at) ON TABLE public.orders TO authenticated;
GRANT SELECT(paid_at) ON TABLE public.orders TO service_role;

GRANT SELECT(payment_provider) ON TABLE public.orders TO authenticated;
GRANT SELECT(payment_provider) ON TABLE public.orders TO service_role;

GRANT SELECT(payment_reference) ON TABLE public.orders TO authenticated;
GRANT SELECT(payment_reference) ON TABLE public.orders TO service_role;

REVOKE ALL ON FUNCTION internal.order_book_earnings(p_order public.orders) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.order_notify(p_order public.orders) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.order_replay(p_order public.orders, p_currency text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.order_require_provider(p_provider text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.order_settle(p_order public.orders, p_provider text, p_reference text, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.order_take_stock(p_order public.orders) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.parents_completed(p_parents bigint[], p_at timestamp with time zone, p_children bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.parents_failed(p_parents bigint[], p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.profile_timezone() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.redrive(p_job_ids bigint[], p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.refuse_job(p_job_id bigint, p_fenced boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.register_limits(p_types jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.require_may_act_for(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.require_reason(p_reason text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.require_scope(p_scope text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.require_service() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.running_jobs(p_scope text, p_name text, p_key text, OUT jobs_count bigint, OUT jobs text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.runs_ended(p_types text[], p_keys text[], p_queues text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.sessions_touched() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.setting(p_key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.state_moves_forward() FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.take_keys(p_keys text[], p_hashes bytea[], p_uniques text[], p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.touch(p_what text, p_ids uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.types_in_sight(p_types text[], p_rows tid[], p_queues text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.uuid7_floor(p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.uuid7_time(p_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION internal.valid_timezone(p_timezone text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.age_confirm(p_of_age boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.age_confirm(p_of_age boolean) TO authenticated;

REVOKE ALL ON FUNCTION public.auth_credential(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_credential(p_name text) TO service_role;

REVOKE ALL ON FUNCTION public.auth_failure_note(p_user_id uuid, p_details jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_failure_note(p_user_id uuid, p_details jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.auth_has_password() FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_has_password() TO authenticated;

REVOKE ALL ON FUNCTION public.auth_link_make(p_user_id uuid, p_token_hash bytea, p_lifetime interval, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_link_make(p_user_id uuid, p_token_hash bytea, p_lifetime interval, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.auth_link_use(p_token_hash bytea, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_link_use(p_token_hash bytea, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.auth_password_rehash(p_user_id uuid, p_old_hash text, p_new_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_password_rehash(p_user_id uuid, p_old_hash text, p_new_hash text) TO service_role;

REVOKE ALL ON FUNCTION public.auth_password_set(p_user_id uuid, p_password_hash text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_password_set(p_user_id uuid, p_password_hash text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.auth_register(p_email text, p_handle text, p_display_name text, p_password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_register(p_email text, p_handle text, p_display_name text, p_password_hash text) TO service_role;

REVOKE ALL ON FUNCTION public.content_removals(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.content_removals(p_limit integer) TO authenticated;
GRANT ALL ON FUNCTION public.content_removals(p_limit integer) TO service_role;

REVOKE ALL ON FUNCTION public.content_remove(p_item_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.content_remove(p_item_id uuid, p_reason text) TO authenticated;
GRANT ALL ON FUNCTION public.content_remove(p_item_id uuid, p_reason text) TO service_role;

REVOKE ALL ON FUNCTION public.content_restore(p_item_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.content_restore(p_item_id uuid, p_reason text) TO authenticated;
GRANT ALL ON FUNCTION public.content_restore(p_item_id uuid, p_reason text) TO service_role;

REVOKE ALL ON FUNCTION public.earnings_explain(p_event_id uuid, p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.earnings_explain(p_event_id uuid, p_user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.earnings_explain(p_event_id uuid, p_user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.earnings_mature(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.earnings_mature(p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.earnings_mature(p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.earnings_recompute(p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.earnings_recompute(p_user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.earnings_recompute(p_user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.earnings_record(p_user_id uuid, p_currency text, p_amount_minor bigint, p_kind text, p_idem_key text, p_source text, p_source_ref text, p_reason text, p_occurred_at timestamp with time zone, p_matures_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.earnings_record(p_user_id uuid, p_currency text, p_amount_minor bigint, p_kind text, p_idem_key text, p_source text, p_source_ref text, p_reason text, p_occurred_at timestamp with time zone, p_matures_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.earnings_record(p_user_id uuid, p_currency text, p_amount_minor bigint, p_kind text, p_idem_key text, p_source text, p_source_ref text, p_reason text, p_occurred_at timestamp with time zone, p_matures_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.earnings_summary(p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.earnings_summary(p_user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.earnings_summary(p_user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.earnings_timeline(p_user_id uuid, p_currency text, p_cursor_at timestamp with time zone, p_cursor_seq bigint, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.earnings_timeline(p_user_id uuid, p_currency text, p_cursor_at timestamp with time zone, p_cursor_seq bigint, p_limit integer) TO authenticated;
GRANT ALL ON FUNCTION public.earnings_timeline(p_user_id uuid, p_currency text, p_cursor_at timestamp with time zone, p_cursor_seq bigint, p_limit integer) TO service_role;

REVOKE ALL ON FUNCTION public.earnings_transition(p_user_id uuid, p_event_id uuid, p_to text, p_amount_minor bigint, p_reason text, p_idem_key text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.earnings_transition(p_user_id uuid, p_event_id uuid, p_to text, p_amount_minor bigint, p_reason text, p_idem_key text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.earnings_transition(p_user_id uuid, p_event_id uuid, p_to text, p_amount_minor bigint, p_reason text, p_idem_key text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.earnings_verify(p_users integer, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.earnings_verify(p_users integer, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.earnings_verify(p_users integer, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_candidates(p_viewer uuid, p_mode text, p_extras jsonb, p_limit integer, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_candidates(p_viewer uuid, p_mode text, p_extras jsonb, p_limit integer, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.feed_candidates(p_viewer uuid, p_mode text, p_extras jsonb, p_limit integer, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_ends(p_mode text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_ends(p_mode text, p_at timestamp with time zone) TO anon;
GRANT ALL ON FUNCTION public.feed_ends(p_mode text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.feed_ends(p_mode text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_epoch(p_mode text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_epoch(p_mode text, p_at timestamp with time zone) TO anon;
GRANT ALL ON FUNCTION public.feed_epoch(p_mode text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.feed_epoch(p_mode text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_events_turn(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_events_turn(p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_experiment_figures(p_name text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_experiment_figures(p_name text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.feed_experiment_figures(p_name text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_experiment_start(p_name text, p_arms jsonb, p_salt text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_experiment_start(p_name text, p_arms jsonb, p_salt text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.feed_experiment_start(p_name text, p_arms jsonb, p_salt text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_experiment_stop(p_name text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_experiment_stop(p_name text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.feed_experiment_stop(p_name text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_explain(p_item_id uuid, p_mode text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_explain(p_item_id uuid, p_mode text, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_extend(p_viewer uuid, p_mode text, p_extras jsonb, p_fresh boolean, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_extend(p_viewer uuid, p_mode text, p_extras jsonb, p_fresh boolean, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.feed_extend(p_viewer uuid, p_mode text, p_extras jsonb, p_fresh boolean, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_fold(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_fold(p_limit integer) TO service_role;

REVOKE ALL ON FUNCTION public.feed_fusion_home(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_fusion_home(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_at timestamp with time zone) TO anon;
GRANT ALL ON FUNCTION public.feed_fusion_home(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.feed_fusion_home(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_hide(p_item_id uuid, p_reason text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_hide(p_item_id uuid, p_reason text, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_mute_word(p_word text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_mute_word(p_word text) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_new_count(p_mode text, p_since double precision, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_new_count(p_mode text, p_since double precision, p_at timestamp with time zone) TO anon;
GRANT ALL ON FUNCTION public.feed_new_count(p_mode text, p_since double precision, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_place(p_mode text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_place(p_mode text) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_place_keep(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_place_keep(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_prune(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_prune(p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.feed_react(p_item_id uuid, p_kind text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_react(p_item_id uuid, p_kind text, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_ready(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_ready(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer) TO anon;
GRANT ALL ON FUNCTION public.feed_ready(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer) TO authenticated;
GRANT ALL ON FUNCTION public.feed_ready(p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer) TO service_role;

REVOKE ALL ON FUNCTION public.feed_record(p_events jsonb, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_record(p_events jsonb, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_refresh(p_mode text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_refresh(p_mode text, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_relate(p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_relate(p_limit integer) TO service_role;

REVOKE ALL ON FUNCTION public.feed_repost(p_item_id uuid, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_repost(p_item_id uuid, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_see_again(p_subject_type text, p_subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_see_again(p_subject_type text, p_subject text) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_see_fewer(p_subject_type text, p_subject text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_see_fewer(p_subject_type text, p_subject text, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_tagged(p_tag text, p_before timestamp with time zone, p_before_id uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_tagged(p_tag text, p_before timestamp with time zone, p_before_id uuid, p_limit integer) TO anon;
GRANT ALL ON FUNCTION public.feed_tagged(p_tag text, p_before timestamp with time zone, p_before_id uuid, p_limit integer) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_unhide(p_item_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_unhide(p_item_id uuid) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_unmute_word(p_word text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_unmute_word(p_word text) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_unreact(p_item_id uuid, p_kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_unreact(p_item_id uuid, p_kind text) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_unrepost(p_item_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_unrepost(p_item_id uuid) TO authenticated;

REVOKE ALL ON FUNCTION public.feed_weights_publish(p_changes jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_weights_publish(p_changes jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.feed_weights_publish(p_changes jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.feed_weights_try(p_changes jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_weights_try(p_changes jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.feed_weights_try(p_changes jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.feed_wishes() FROM PUBLIC;
GRANT ALL ON FUNCTION public.feed_wishes() TO authenticated;

REVOKE ALL ON FUNCTION public.has_role(p_role text, p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.has_role(p_role text, p_user_id uuid) TO anon;
GRANT ALL ON FUNCTION public.has_role(p_role text, p_user_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.has_role(p_role text, p_user_id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.is_adult() FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_adult() TO authenticated;

REVOKE ALL ON FUNCTION public.is_blocked(p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.is_blocked(p_user_id uuid) TO authenticated;

REVOKE ALL ON FUNCTION public.migrations_missing(p_names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.migrations_missing(p_names text[]) TO service_role;

REVOKE ALL ON FUNCTION public.notif_archive(p_ids uuid[], p_archived boolean, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_archive(p_ids uuid[], p_archived boolean, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.notif_delivery_begin(p_user_id uuid, p_notification_id uuid, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_delivery_begin(p_user_id uuid, p_notification_id uuid, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.notif_delivery_finish(p_user_id uuid, p_notification_id uuid, p_attempt integer, p_outcome text, p_detail text, p_final boolean, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_delivery_finish(p_user_id uuid, p_notification_id uuid, p_attempt integer, p_outcome text, p_detail text, p_final boolean, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.notif_explain(p_user_id uuid, p_channel text, p_type text, p_at timestamp with time zone, OUT outcome text, OUT critical boolean, OUT sent_today integer, OUT cap integer, OUT day_ends timestamp with time zone, OUT quiet_until timestamp with time zone, OUT timezone text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_explain(p_user_id uuid, p_channel text, p_type text, p_at timestamp with time zone, OUT outcome text, OUT critical boolean, OUT sent_today integer, OUT cap integer, OUT day_ends timestamp with time zone, OUT quiet_until timestamp with time zone, OUT timezone text) TO authenticated;
GRANT ALL ON FUNCTION public.notif_explain(p_user_id uuid, p_channel text, p_type text, p_at timestamp with time zone, OUT outcome text, OUT critical boolean, OUT sent_today integer, OUT cap integer, OUT day_ends timestamp with time zone, OUT quiet_until timestamp with time zone, OUT timezone text) TO service_role;

REVOKE ALL ON FUNCTION public.notif_mark_all_read(p_up_to_seq bigint, p_lane text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_mark_all_read(p_up_to_seq bigint, p_lane text, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.notif_mark_read(p_ids uuid[], p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_mark_read(p_ids uuid[], p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.notif_preferences_set(p_preferences jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_preferences_set(p_preferences jsonb) TO authenticated;

REVOKE ALL ON FUNCTION public.notif_quiet_hours_set(p_start time without time zone, p_end time without time zone, p_days integer, p_timezone text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_quiet_hours_set(p_start time without time zone, p_end time without time zone, p_days integer, p_timezone text) TO authenticated;

REVOKE ALL ON FUNCTION public.notif_send(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_send(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.notif_send(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.notif_send_outcome(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_send_outcome(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) TO authenticated;
GRANT ALL ON FUNCTION public.notif_send_outcome(p_user_id uuid, p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_idempotency_key text, p_at timestamp with time zone, OUT notification_id uuid, OUT outcome text) TO service_role;

REVOKE ALL ON FUNCTION public.notif_unread_count() FROM PUBLIC;
GRANT ALL ON FUNCTION public.notif_unread_count() TO authenticated;

REVOKE ALL ON FUNCTION public.order_pay(p_order_id uuid, p_provider text, p_reference text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.order_pay(p_order_id uuid, p_provider text, p_reference text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.order_pay(p_order_id uuid, p_provider text, p_reference text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.order_place(p_checkout_key text, p_currency text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.order_place(p_checkout_key text, p_currency text) TO authenticated;

REVOKE ALL ON FUNCTION public.role_grant(p_user_id uuid, p_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.role_grant(p_user_id uuid, p_role text) TO authenticated;
GRANT ALL ON FUNCTION public.role_grant(p_user_id uuid, p_role text) TO service_role;

REVOKE ALL ON FUNCTION public.role_revoke(p_user_id uuid, p_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.role_revoke(p_user_id uuid, p_role text) TO authenticated;
GRANT ALL ON FUNCTION public.role_revoke(p_user_id uuid, p_role text) TO service_role;

REVOKE ALL ON FUNCTION public.session_caller(p_token_hash bytea, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.session_caller(p_token_hash bytea, p_at timestamp with time zone) TO anon;

REVOKE ALL ON FUNCTION public.session_end(p_token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.session_end(p_token_hash bytea) TO authenticated;
GRANT ALL ON FUNCTION public.session_end(p_token_hash bytea) TO service_role;

REVOKE ALL ON FUNCTION public.session_list(p_token_hash bytea, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.session_list(p_token_hash bytea, p_at timestamp with time zone) TO authenticated;

REVOKE ALL ON FUNCTION public.session_revoke(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.session_revoke(p_id uuid) TO authenticated;

REVOKE ALL ON FUNCTION public.session_revoke_others(p_token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.session_revoke_others(p_token_hash bytea) TO authenticated;

REVOKE ALL ON FUNCTION public.session_service_list(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.session_service_list(p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.session_service_list(p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.session_service_revoke(p_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.session_service_revoke(p_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.session_service_revoke(p_id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.session_start(p_user_id uuid, p_token_hash bytea, p_kind text, p_label text, p_lifetime interval, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.session_start(p_user_id uuid, p_token_hash bytea, p_kind text, p_label text, p_lifetime interval, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.uuid7() FROM PUBLIC;
GRANT ALL ON FUNCTION public.uuid7() TO authenticated;
GRANT ALL ON FUNCTION public.uuid7() TO service_role;

REVOKE ALL ON FUNCTION public.viewer_shell() FROM PUBLIC;
GRANT ALL ON FUNCTION public.viewer_shell() TO anon;
GRANT ALL ON FUNCTION public.viewer_shell() TO authenticated;
GRANT ALL ON FUNCTION public.viewer_shell() TO service_role;

REVOKE ALL ON FUNCTION public.worker_beat(p_worker_id uuid, p_held bigint[], p_run_nos integer[], p_host text, p_pid integer, p_concurrency integer, p_queues text[], p_job_types text[], p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_beat(p_worker_id uuid, p_held bigint[], p_run_nos integer[], p_host text, p_pid integer, p_concurrency integer, p_queues text[], p_job_types text[], p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_beat(p_worker_id uuid, p_held bigint[], p_run_nos integer[], p_host text, p_pid integer, p_concurrency integer, p_queues text[], p_job_types text[], p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_cancel(p_job_id bigint, p_reason text, p_run_no integer, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_cancel(p_job_id bigint, p_reason text, p_run_no integer, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_cancel(p_job_id bigint, p_reason text, p_run_no integer, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_claim_jobs(p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_claim_jobs(p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_claim_jobs(p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamp with time zone, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_complete_jobs(p_ids bigint[], p_run_nos integer[], p_results jsonb[], p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_complete_jobs(p_ids bigint[], p_run_nos integer[], p_results jsonb[], p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_complete_jobs(p_ids bigint[], p_run_nos integer[], p_results jsonb[], p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_enqueue(p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_enqueue(p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_enqueue(p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer, p_next_run_at timestamp with time zone, p_max_attempts integer, p_partition_key text, p_after bigint[], p_on_parent_failure text, p_tags text[], p_unique text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_enqueue_many(p_jobs jsonb, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_enqueue_many(p_jobs jsonb, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_enqueue_many(p_jobs jsonb, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_explain(p_job_id bigint, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_explain(p_job_id bigint, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_explain(p_job_id bigint, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_fail_job(p_job_id bigint, p_error text, p_run_no integer, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_fail_job(p_job_id bigint, p_error text, p_run_no integer, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_fail_job(p_job_id bigint, p_error text, p_run_no integer, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_fail_jobs(p_failures jsonb, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_fail_jobs(p_failures jsonb, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_fail_jobs(p_failures jsonb, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_leave(p_worker_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_leave(p_worker_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.worker_leave(p_worker_id uuid) TO service_role;

REVOKE ALL ON FUNCTION public.worker_limit_clear(p_scope text, p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_limit_clear(p_scope text, p_name text) TO authenticated;
GRANT ALL ON FUNCTION public.worker_limit_clear(p_scope text, p_name text) TO service_role;

REVOKE ALL ON FUNCTION public.worker_limit_set(p_scope text, p_name text, p_most_running integer, p_most_per_key integer, p_rate_count integer, p_rate_seconds double precision, p_reason text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_limit_set(p_scope text, p_name text, p_most_running integer, p_most_per_key integer, p_rate_count integer, p_rate_seconds double precision, p_reason text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_limit_set(p_scope text, p_name text, p_most_running integer, p_most_per_key integer, p_rate_count integer, p_rate_seconds double precision, p_reason text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_pause(p_name text, p_reason text, p_scope text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_pause(p_name text, p_reason text, p_scope text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_pause(p_name text, p_reason text, p_scope text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_progress(p_job_id bigint, p_run_no integer, p_percent integer, p_note text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_progress(p_job_id bigint, p_run_no integer, p_percent integer, p_note text) TO authenticated;
GRANT ALL ON FUNCTION public.worker_progress(p_job_id bigint, p_run_no integer, p_percent integer, p_note text) TO service_role;

REVOKE ALL ON FUNCTION public.worker_prune(p_limit integer, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_prune(p_limit integer, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_prune(p_limit integer, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_redrive(p_job_id bigint, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_redrive(p_job_id bigint, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_redrive(p_job_id bigint, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_redrive_all(p_filter jsonb, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_redrive_all(p_filter jsonb, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_redrive_all(p_filter jsonb, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_redrive_batch(p_filter jsonb, p_limit integer, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_redrive_batch(p_filter jsonb, p_limit integer, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_redrive_batch(p_filter jsonb, p_limit integer, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_redrive_count(p_filter jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_redrive_count(p_filter jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.worker_redrive_count(p_filter jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.worker_register(p_types jsonb, p_schedules jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_register(p_types jsonb, p_schedules jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.worker_register(p_types jsonb, p_schedules jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.worker_release(p_ids bigint[], p_run_nos integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_release(p_ids bigint[], p_run_nos integer[]) TO authenticated;
GRANT ALL ON FUNCTION public.worker_release(p_ids bigint[], p_run_nos integer[]) TO service_role;

REVOKE ALL ON FUNCTION public.worker_reopen(p_after text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_reopen(p_after text, p_limit integer) TO authenticated;
GRANT ALL ON FUNCTION public.worker_reopen(p_after text, p_limit integer) TO service_role;

REVOKE ALL ON FUNCTION public.worker_rescue(p_limit integer, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_rescue(p_limit integer, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_rescue(p_limit integer, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_resume(p_name text, p_scope text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_resume(p_name text, p_scope text) TO authenticated;
GRANT ALL ON FUNCTION public.worker_resume(p_name text, p_scope text) TO service_role;

REVOKE ALL ON FUNCTION public.worker_retry(p_job_id bigint, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_retry(p_job_id bigint, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_retry(p_job_id bigint, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_schedule_pause(p_name text, p_reason text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_schedule_pause(p_name text, p_reason text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_schedule_pause(p_name text, p_reason text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_schedule_resume(p_name text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_schedule_resume(p_name text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_schedule_resume(p_name text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_schedule_run(p_name text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_schedule_run(p_name text, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_schedule_run(p_name text, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_snooze(p_job_id bigint, p_run_no integer, p_seconds double precision, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_snooze(p_job_id bigint, p_run_no integer, p_seconds double precision, p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_snooze(p_job_id bigint, p_run_no integer, p_seconds double precision, p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_stats(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_stats(p_at timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_stats(p_at timestamp with time zone) TO service_role;

REVOKE ALL ON FUNCTION public.worker_tick(p_name text, p_tick timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_tick(p_name text, p_tick timestamp with time zone) TO authenticated;
GRANT ALL ON FUNCTION public.worker_tick(p_name text, p_tick timestamp with time zone) TO service_role;

GRANT SELECT ON TABLE public.feed_events TO service_role;
GRANT SELECT ON TABLE public.feed_events TO authenticated;

GRANT SELECT ON TABLE public.age_confirmations TO authenticated;
GRANT SELECT ON TABLE public.age_confirmations TO service_role;

GRANT SELECT ON TABLE public.audit_log TO authenticated;
GRANT SELECT ON TABLE public.audit_log TO service_role;

GRANT SELECT,DELETE ON TABLE public.blocks TO authenticated;
GRANT SELECT ON TABLE public.blocks TO service_role;

GRANT INSERT(user_id) ON TABLE public.blocks TO authenticated;

GRANT INSERT(blocked_id) ON TABLE public.blocks TO authenticated;

GRANT SELECT ON TABLE public.currencies TO anon;
GRANT SELECT ON TABLE public.currencies TO authenticated;
GRANT SELECT ON TABLE public.currencies TO service_role;

GRANT SELECT ON TABLE public.dead_letter_queue TO authenticated;
GRANT SELECT ON TABLE public.dead_letter_queue TO service_role;

GRANT SELECT ON TABLE public.earnings_drift TO authenticated;
GRANT SELECT ON TABLE public.earnings_drift TO service_role;

GRANT SELECT ON TABLE public.earnings_ledger TO authenticated;
GRANT SELECT ON TABLE public.earnings_ledger TO service_role;

GRANT SELECT ON TABLE public.feed_affinities TO service_role;
GRANT SELECT ON TABLE public.feed_affinities TO authenticated;

GRANT SELECT ON TABLE public.feed_authors TO service_role;

GRANT SELECT ON TABLE public.feed_experiments TO service_role;
GRANT SELECT ON TABLE public.feed_experiments TO authenticated;

GRANT SELECT ON TABLE public.feed_exposures TO service_role;
GRANT SELECT ON TABLE public.feed_exposures TO authenticated;

GRANT SELECT ON TABLE public.feed_fatigues TO service_role;
GRANT SELECT ON TABLE public.feed_fatigues TO authenticated;

GRANT SELECT ON TABLE public.feed_firsts TO service_role;
GRANT SELECT ON TABLE public.feed_firsts TO authenticated;

GRANT SELECT,DELETE ON TABLE public.feed_hides TO authenticated;
GRANT SELECT ON TABLE public.feed_hides TO service_role;

GRANT INSERT(user_id) ON TABLE public.feed_hides TO authenticated;

GRANT INSERT(item_id) ON TABLE public.feed_hides TO authenticated;

GRANT INSERT(reason),UPDATE(reason) ON TABLE public.feed_hides TO authenticated;

GRANT SELECT ON TABLE public.feed_item_tags TO service_role;

GRANT SELECT ON TABLE public.feed_items TO service_role;

GRANT SELECT ON TABLE public.feed_muted_words TO service_role;
GRANT SELECT ON TABLE public.feed_muted_words TO authenticated;

GRANT SELECT ON TABLE public.feed_places TO service_role;
GRANT SELECT ON TABLE public.feed_places TO authenticated;

GRANT SELECT ON TABLE public.feed_reactions TO service_role;
GRANT SELECT,DELETE ON TABLE public.feed_reactions TO authenticated;

GRANT SELECT ON TABLE public.feed_reposts TO service_role;
GRANT SELECT ON TABLE public.feed_reposts TO anon;
GRANT SELECT ON TABLE public.feed_reposts TO authenticated;

GRANT SELECT,DELETE ON TABLE public.follows TO authenticated;
GRANT SELECT ON TABLE public.follows TO service_role;

GRANT INSERT(follower_id) ON TABLE public.follows TO authenticated;

GRANT INSERT(followee_id) ON TABLE public.follows TO authenticated;

GRANT SELECT,DELETE ON TABLE public.mutes TO authenticated;
GRANT SELECT ON TABLE public.mutes TO service_role;

GRANT INSERT(user_id) ON TABLE public.mutes TO authenticated;

GRANT INSERT(muted_id) ON TABLE public.mutes TO authenticated;

GRANT SELECT ON TABLE public.notification_deliveries TO authenticated;
GRANT SELECT ON TABLE public.notification_deliveries TO service_role;

GRANT SELECT ON TABLE public.notification_preferences TO authenticated;
GRANT SELECT ON TABLE public.notification_preferences TO service_role;

GRANT SELECT ON TABLE public.notification_quiet_hours TO authenticated;
GRANT SELECT ON TABLE public.notification_quiet_hours TO service_role;

GRANT SELECT ON TABLE public.notification_replays TO authenticated;
GRANT SELECT ON TABLE public.notification_replays TO service_role;

GRANT SELECT ON TABLE public.notification_states TO authenticated;
GRANT SELECT ON TABLE public.notification_states TO service_role;

GRANT SELECT ON TABLE public.notification_suppressions TO authenticated;
GRANT SELECT ON TABLE public.notification_suppressions TO service_role;

GRANT SELECT ON TABLE public.notification_types TO authenticated;
GRANT SELECT ON TABLE public.notification_types TO service_role;

GRANT SELECT ON TABLE public.order_lines TO authenticated;
GRANT SELECT ON TABLE public.order_lines TO service_role;

GRANT SELECT ON TABLE public.owned_items TO authenticated;
GRANT SELECT ON TABLE public.owned_items TO service_role;

GRANT SELECT ON TABLE public.posts TO anon;
GRANT SELECT ON TABLE public.posts TO authenticated;
GRANT SELECT ON TABLE public.posts TO service_role;

GRANT INSERT(id) ON TABLE public.posts TO authenticated;

GRANT INSERT(author_id) ON TABLE public.posts TO authenticated;

GRANT INSERT(title),UPDATE(title) ON TABLE public.posts TO authenticated;
GRANT UPDATE(title) ON TABLE public.posts TO service_role;

GRANT INSERT(body),UPDATE(body) ON TABLE public.posts TO authenticated;
GRANT UPDATE(body) ON TABLE public.posts TO service_role;

GRANT INSERT(image_url),UPDATE(image_url) ON TABLE public.posts TO authenticated;
GRANT UPDATE(image_url) ON TABLE public.posts TO service_role;

GRANT INSERT(tags),UPDATE(tags) ON TABLE public.posts TO authenticated;
GRANT UPDATE(tags) ON TABLE public.posts TO service_role;

GRANT INSERT(visibility),UPDATE(visibility) ON TABLE public.posts TO authenticated;
GRANT UPDATE(visibility) ON TABLE public.posts TO service_role;

GRANT INSERT(state),UPDATE(state) ON TABLE public.posts TO authenticated;
GRANT UPDATE(state) ON TABLE public.posts TO service_role;

GRANT INSERT(age_limited),UPDATE(age_limited) ON TABLE public.posts TO authenticated;
GRANT UPDATE(age_limited) ON TABLE public.posts TO service_role;

GRANT SELECT ON TABLE public.profiles TO anon;
GRANT SELECT ON TABLE public.profiles TO authenticated;
GRANT SELECT ON TABLE public.profiles TO service_role;

GRANT UPDATE(handle) ON TABLE public.profiles TO authenticated;

GRANT UPDATE(display_name) ON TABLE public.profiles TO authenticated;

GRANT UPDATE(bio) ON TABLE public.profiles TO authenticated;

GRANT UPDATE(avatar_url) ON TABLE public.profiles TO authenticated;

GRANT UPDATE(timezone) ON TABLE public.profiles TO authenticated;

GRANT UPDATE(locale) ON TABLE public.profiles TO authenticated;

GRANT SELECT,DELETE ON TABLE public.shopping_cart_items TO authenticated;
GRANT SELECT,DELETE ON TABLE public.shopping_cart_items TO service_role;

GRANT INSERT(user_id) ON TABLE public.shopping_cart_items TO authenticated;
GRANT INSERT(user_id) ON TABLE public.shopping_cart_items TO service_role;

GRANT INSERT(item_id) ON TABLE public.shopping_cart_items TO authenticated;
GRANT INSERT(item_id) ON TABLE public.shopping_cart_items TO service_role;

GRANT INSERT(quantity),UPDATE(quantity) ON TABLE public.shopping_cart_items TO authenticated;
GRANT INSERT(quantity),UPDATE(quantity) ON TABLE public.shopping_cart_items TO service_role;

GRANT SELECT ON TABLE public.user_roles TO authenticated;
GRANT SELECT ON TABLE public.user_roles TO service_role;

GRANT SELECT ON TABLE public.worker_heartbeats TO authenticated;
GRANT SELECT ON TABLE public.worker_heartbeats TO service_role;

GRANT SELECT ON TABLE public.worker_job_keys TO authenticated;
GRANT SELECT ON TABLE public.worker_job_keys TO service_role;

GRANT SELECT ON TABLE public.worker_job_parents TO authenticated;
GRANT SELECT ON TABLE public.worker_job_parents TO service_role;

GRANT SELECT ON TABLE public.worker_job_types TO authenticated;
GRANT SELECT ON TABLE public.worker_job_types TO service_role;

GRANT SELECT ON TABLE public.worker_lanes TO authenticated;
GRANT SELECT ON TABLE public.worker_lanes TO service_role;

GRANT SELECT ON TABLE public.worker_pauses TO authenticated;
GRANT SELECT ON TABLE public.worker_pauses TO service_role;

GRANT SELECT ON TABLE public.worker_rate_starts TO authenticated;
GRANT SELECT ON TABLE public.worker_rate_starts TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.worker_schedules TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.worker_schedules TO service_role;
