-- One fact, one row, however often and by whatever way it is told: identity says which fact it is. facts is the record that
-- rules are held against; lane the order in which they are.
create table signals (
  id {{id}},
  provider_id bigint not null,
  identity text not null,
  kind text not null,
  github_repository_id bigint,
  repository_name text,
  ref text,
  sha text,
  actor text,
  lane text not null,
  source text not null,
  delivery_id bigint,
  facts text not null,
  problem text,
  occurred_at bigint not null,
  recorded_at bigint not null,
  evaluated_at bigint,
  unique (provider_id, identity)
);

create index signals_due on signals (lane, id) where evaluated_at is null;
create index signals_repository on signals (provider_id, github_repository_id, id);
create index signals_recorded on signals (recorded_at);
create index signals_polled on signals (provider_id, github_repository_id, ref, sha) where source = 'Poll' and delivery_id is null;

-- Where each ref was last known to be, so that a poll finds what no Delivery told. moved_at is GitHub's time of the push (UTC
-- seconds, repository.pushed_at), so that a late Delivery does not set it back.
create table refs (
  provider_id bigint not null,
  github_repository_id bigint not null,
  ref text not null,
  sha text not null,
  moved_at bigint not null default 0,
  primary key (provider_id, github_repository_id, ref)
);

-- Commits whose checks have moved and whose settled state may be a Signal.
create table check_subjects (
  provider_id bigint not null,
  github_repository_id bigint not null,
  sha text not null,
  branch text,
  lane text not null,
  touched bigint not null default 1,
  judged bigint not null default 0,
  settled text,
  due_at bigint not null,
  first_at bigint not null,
  changed_at bigint not null,
  primary key (provider_id, github_repository_id, sha)
);

create index check_subjects_due on check_subjects (due_at) where touched > judged;
