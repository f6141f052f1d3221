-- No foreign keys on what every Delivery writes: checking them was a fifth of PostgreSQL's work on intake.
create table deliveries (
  id {{id}},
  provider_id bigint not null,
  guid text not null,
  event text not null,
  action text,
  lane text not null,
  hook_id bigint,
  installation_id bigint,
  repository_id bigint,
  repository_name text,
  sender text,
  headers text not null,
  body_size bigint not null,
  source text not null,
  state text not null,
  outcome text,
  error text,
  attempts bigint not null default 0,
  received_at bigint not null,
  due_at bigint not null,
  handled_at bigint,
  unique (provider_id, guid)
);

create index deliveries_pending on deliveries (lane, id) where state in ('Received', 'Failed');

-- Apart from the rows, so that marking a Delivery does not write its body again.
create table delivery_bodies (
  delivery_id {{key}},
  body {{bytes}} not null
);

-- It is compressed already, and nearly always fits on a page: neither try that again nor store it in parts.
--postgresql: alter table delivery_bodies alter column body set storage external, set (toast_tuple_target = 8160);

-- What went wrong, attempt by attempt, and who asked for another; an undisturbed Delivery has no row here.
create table delivery_attempts (
  delivery_id bigint not null references deliveries (id) on delete cascade,
  number bigint not null,
  at bigint not null,
  result text not null,
  detail text,
  primary key (delivery_id, number)
);

-- How far the App's delivery log was walked without a gap.
create table delivery_log_checkpoints (
  provider_id bigint primary key references providers (id),
  delivered_through bigint not null,
  walked_at bigint not null
);
