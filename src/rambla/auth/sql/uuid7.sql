create or replace function public.uuid7() returns uuid
language sql volatile parallel safe set search_path = ''
as $$
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
comment on function public.uuid7() is 'A new uuid of version 7: unique, and later ones sort after earlier ones by the millisecond.';
revoke all on function public.uuid7() from public;
grant execute on function public.uuid7() to authenticated, service_role;
