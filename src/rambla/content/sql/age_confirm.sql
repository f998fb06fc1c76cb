create or replace function public.age_confirm(p_of_age boolean default true) returns void
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    if p_of_age then
        insert into public.age_confirmations (user_id) values (auth.uid()) on conflict (user_id) do nothing;
    else
        delete from public.age_confirmations a where a.user_id = auth.uid();
    end if;
end
$$;
comment on function public.age_confirm(boolean) is
'Says for the caller that they are of age, or takes it back; what is age-limited comes and goes with it from the next call on.';
revoke all on function public.age_confirm(boolean) from public;
grant execute on function public.age_confirm(boolean) to authenticated;
