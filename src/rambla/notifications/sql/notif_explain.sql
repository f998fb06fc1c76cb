create or replace function public.notif_explain(
    p_user_id uuid,
    p_channel text default 'inapp',
    p_type text default '*',
    p_at timestamptz default now(),
    out outcome text,
    out critical boolean,
    out sent_today integer,
    out cap integer,
    out day_ends timestamptz,
    out quiet_until timestamptz,
    out timezone text
)
language plpgsql stable security definer set search_path = ''
as $$
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
comment on function public.notif_explain(uuid, text, text, timestamptz) is
'What notif_send() would do at p_at and why: send, preference, quiet_hours or cap, with how many of the day''s cap were sent and until when it is quiet.';
revoke all on function public.notif_explain(uuid, text, text, timestamptz) from public;
grant execute on function public.notif_explain(uuid, text, text, timestamptz) to authenticated, service_role;
