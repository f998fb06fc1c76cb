-- Sessions get a public name, so that their owner can end one, and programs get tokens of their own.

alter table internal.sessions
    add column id uuid not null default gen_random_uuid(),
    alter column user_id drop not null,
    drop constraint sessions_kind_known,
    add constraint sessions_kind_known check (kind in ('cookie', 'bearer', 'service')),
    add constraint sessions_only_a_service_is_nobody check ((kind = 'service') = (user_id is null)),
    add constraint sessions_label_length check (char_length(label) <= 200);
create index sessions_id on internal.sessions (user_id, id);
drop index internal.sessions_user;
