grant usage on schema internal to rambla_login;
grant execute on function internal.jobs_enqueue_apart(
    text, text, jsonb, text, text, integer, timestamptz, integer, text, bigint[], text, text[], text
) to rambla_login;
grant execute on function internal.jobs_claim(text, uuid, text[], integer, timestamptz) to rambla_login;
grant execute on function internal.jobs_claim_json(text, uuid, text[], integer, timestamptz) to rambla_login;
grant execute on function internal.jobs_complete_json(text, bigint[], integer[], text[]) to rambla_login;
