grant usage on schema internal to rambla_login;
grant execute on function internal.feed_page_json(text, text, double precision, uuid, integer) to rambla_login;
grant execute on function internal.feed_page_dated(text, text, double precision, uuid, integer) to rambla_login;
