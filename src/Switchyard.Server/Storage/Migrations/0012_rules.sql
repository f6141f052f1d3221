-- A file of rules: the central one of an account, one of a repository, or a local one. revision_id is the last good one and
-- in force; read_* is what was read last, good or not.
create table rule_sources (
  id {{id}},
  provider_id bigint not null references providers (id),
  kind text not null,
  name text not null,
  repository_id bigint,
  path text not null,
  state text not null,
  revision_id bigint,
  read_revision_id bigint,
  read_commit text,
  updated_at bigint not null,
  unique (provider_id, kind, name)
);

create unique index rule_sources_repository on rule_sources (repository_id, kind) where repository_id is not null;

-- problems is what the text says, target_problems what GitHub said of the targets when they were last
-- looked at; null: not yet.
create table rule_revisions (
  id {{id}},
  source_id bigint not null references rule_sources (id) on delete cascade,
  number bigint not null,
  commit_sha text,
  text text not null,
  state text not null,
  problems text not null,
  target_problems text,
  loaded_at bigint not null,
  loaded_by text not null,
  unique (source_id, number)
);

-- A rule keeps its row, and so its history, for as long as its file has one of that name.
create table rules (
  id {{id}},
  source_id bigint not null references rule_sources (id) on delete cascade,
  name text not null,
  enabled bigint not null default 1,
  position bigint not null,
  next_fire_at bigint,
  created_at bigint not null,
  removed_at bigint,
  unique (source_id, name)
);

-- Counts the changes of what is in force, so that every node notices them.
create table rule_generation (
  id bigint primary key,
  generation bigint not null
);

insert into rule_generation (id, generation) values (1, 1);

-- Repositories that rules may start something in, beyond those of the file's own owner: owner/name, * and ? allowed.
create table targets (
  id {{id}},
  provider_id bigint not null references providers (id),
  pattern text not null,
  created_by text not null,
  created_at bigint not null,
  unique (provider_id, pattern)
);

create table evaluations (
  id {{id}},
  signal_id bigint not null,
  rule_id bigint not null,
  revision_id bigint not null,
  result text not null,
  reason text,
  conditions text not null,
  pending_id bigint,
  at bigint not null,
  unique (signal_id, rule_id)
);

create index evaluations_rule on evaluations (rule_id, id);
create index evaluations_at on evaluations (at);

-- What has matched and waits: for quiet, then for checks. slot is the key, and with keep: all also the Signal, so that at most
-- one waits in a slot. The lane is the source repository. detail is what the gate said last, or why it ended; quiet_until is when it
-- was to be quiet (last_at: at once), now_* who did not wait for that.
create table pendings (
  id {{id}},
  provider_id bigint not null,
  rule_id bigint not null,
  revision_id bigint not null,
  key text not null,
  slot text not null,
  lane text not null,
  state text not null,
  detail text,
  signal_id bigint not null,
  first_at bigint not null,
  last_at bigint not null,
  due_at bigint not null,
  quiet_until bigint not null default 0,
  now_at bigint,
  now_by text,
  checks_since bigint,
  looks bigint not null default 0,
  ended_at bigint,
  ended_by text
);

create unique index pendings_open on pendings (rule_id, slot) where state in ('Quiet', 'Checks');
create index pendings_due on pendings (lane, due_at) where state in ('Quiet', 'Checks');
create index pendings_rule on pendings (rule_id, id);
create index pendings_slot on pendings (rule_id, slot, id);

-- What went in: the newest commit of each source, with how many Signals it stands for; checks is what was last seen of them.
create table pending_sources (
  pending_id bigint not null references pendings (id) on delete cascade,
  github_repository_id bigint not null,
  ref text not null,
  repository_name text not null,
  sha text not null,
  signal_id bigint not null,
  pushed_at bigint not null default 0,
  before text,
  signals bigint not null default 1,
  checks text,
  checks_seen_at bigint,
  checks_changed_at bigint,
  primary key (pending_id, github_repository_id, ref)
);

create index pending_sources_sha on pending_sources (sha);

-- Pull requests that change a file of rules: what they would have done is told on their head.
create table rule_previews (
  id {{id}},
  provider_id bigint not null,
  kind text not null,
  github_repository_id bigint not null,
  repository_name text not null,
  number bigint not null,
  head_sha text not null,
  state text not null,
  result text,
  failures bigint not null default 0,
  due_at bigint not null,
  created_at bigint not null,
  unique (provider_id, github_repository_id, kind, head_sha)
);

create index rule_previews_due on rule_previews (due_at) where state = 'Wanted';
