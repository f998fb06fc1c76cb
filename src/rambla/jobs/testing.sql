-- claim: what is due at a moment, of all queues unless some are named
select json_build_object(
    'at', %(at)s::timestamptz,
    'jobs', coalesce(
        json_agg(json_build_array(
            j.id, j.run_no, j.job_type, j.queue, j.priority, j.next_run_at, j.payload::text, j.attempt,
            j.max_attempts
        )),
        '[]'
    )
)::text
from public.worker_claim_jobs(
    %(worker_id)s,
    coalesce(%(queues)s::text[], array(select distinct l.queue from public.worker_lanes l order by l.queue)),
    %(limit)s,
    null,
    %(at)s
) j;

-- complete: with its result
select public.worker_complete_jobs(
    array[%(id)s::bigint], array[%(run_no)s::integer], array[%(result)s::text]::jsonb[], %(at)s
);

-- fail: again later, or a dead letter
select public.worker_fail_jobs(
    jsonb_build_array(jsonb_build_object(
        'id', %(id)s::bigint, 'run_no', %(run_no)s::integer, 'error', %(error)s::text, 'outcome', %(outcome)s::text,
        'final', %(final)s::boolean
    )),
    %(at)s
);

-- snooze: put off by its handler
select public.worker_snooze(%(id)s, %(run_no)s, %(seconds)s, %(at)s);

-- cancel: given up by its handler
select public.worker_cancel(%(id)s, %(reason)s, %(run_no)s, %(at)s);
