grant usage on schema internal to rambla_login;
grant execute on function internal.jobs_claim_json(text, uuid, text[], integer, timestamptz) to rambla_login;
grant execute on function internal.jobs_complete_json(text, bigint[], integer[], text[]) to rambla_login;
