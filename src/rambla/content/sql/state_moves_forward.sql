create or replace function internal.state_moves_forward() returns trigger
language plpgsql set search_path = ''
as $$
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
comment on function internal.state_moves_forward() is 'Keeps posts and shop items from coming back.';
revoke all on function internal.state_moves_forward() from public;
