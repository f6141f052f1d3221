-- Who changed what, or tried to: rows are added and never changed, which the database itself sees to.
create table audit (
  id {{id}},
  at bigint not null,
  actor text not null,
  kind text not null,
  action text not null,
  object text,
  result text not null,
  status bigint,
  detail text,
  address text,
  request_id text
);

create index audit_actor on audit (actor, id);
create index audit_action on audit (action, id);
create index audit_result on audit (result, id);

--sqlite:create trigger audit_not_changed before update on audit begin select raise(abort, 'the audit is append-only'); end;
--sqlite:create trigger audit_not_deleted before delete on audit begin select raise(abort, 'the audit is append-only'); end;
--postgresql:create function audit_is_kept() returns trigger language plpgsql as $$ begin raise exception 'the audit is append-only'; end $$;
--postgresql:create trigger audit_kept before update or delete on audit for each row execute function audit_is_kept();
