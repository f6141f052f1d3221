-- Identity is GitHub's numeric id: names change and are used again.
-- wanted counts the reasons to synchronize, satisfied how many of them the last Sync covered: a head that goes back and forth
-- is a new reason each time. walked_head is the commit of the first-parent chain up to which Versions are recorded, with
-- ignore_file and parser_version as they were then; recount says that what is shown of models may not be that of their
-- Versions, because a walk that sets it at its end has begun.
create table repositories (
  id {{id}},
  provider_id bigint not null references providers (id),
  github_id bigint not null,
  installation_id bigint references installations (id),
  owner text not null,
  name text not null,
  default_branch text,
  private bigint not null default 0,
  archived bigint not null default 0,
  size_kb bigint not null default 0,
  html_url text,
  linked bigint not null default 1,
  suspended bigint not null default 0,
  wanted bigint not null default 0,
  satisfied bigint not null default 0,
  wanted_head text,
  wanted_at bigint,
  wanted_source text,
  synced_head text,
  synced_at bigint,
  walked_head text,
  walked_position bigint not null default 0,
  recount bigint not null default 0,
  ignore_file text,
  parser_version text,
  status text not null,
  health text not null,
  failures bigint not null default 0,
  retry_at bigint not null default 0,
  created_at bigint not null,
  updated_at bigint not null,
  unique (provider_id, github_id)
);

create index repositories_due on repositories (retry_at) where wanted > satisfied;
create index repositories_installation on repositories (installation_id);

-- Why a repository is not as it should be; a reason resolves itself.
create table repository_reasons (
  repository_id bigint not null references repositories (id) on delete cascade,
  code text not null,
  sentence text not null,
  first_seen bigint not null,
  last_seen bigint not null,
  resolved_at bigint,
  primary key (repository_id, code)
);

-- Candidates at the head that a pattern of the ignore file leaves out.
create table repository_ignored (
  repository_id bigint not null references repositories (id) on delete cascade,
  pattern text not null,
  line bigint not null,
  candidates bigint not null,
  sample text not null,
  primary key (repository_id, pattern, line)
);

-- start_position, walked_head and walked_position are the cursor of a Sync that goes over history that is recorded already;
-- one that goes forward keeps its cursor in the repository.
create table syncs (
  id {{id}},
  repository_id bigint not null references repositories (id) on delete cascade,
  mode text not null,
  cause text not null,
  requested_commit text,
  requested_by text,
  state text not null,
  from_commit text,
  to_commit text,
  fell_back text,
  stage text,
  head_pass text,
  parser_version text,
  start_position bigint,
  walked_head text,
  walked_position bigint not null default 0,
  files_done bigint not null default 0,
  files_total bigint,
  bytes_done bigint not null default 0,
  models_added bigint not null default 0,
  models_changed bigint not null default 0,
  models_removed bigint not null default 0,
  versions_added bigint not null default 0,
  problems bigint not null default 0,
  error_code text,
  error text,
  next_step text,
  cancel_requested bigint not null default 0,
  attempts bigint not null default 0,
  queued_at bigint not null,
  started_at bigint,
  ended_at bigint
);

-- A second request joins the one that waits.
create unique index syncs_queued on syncs (repository_id) where state = 'Queued';
create unique index syncs_running on syncs (repository_id) where state = 'Running';
create index syncs_repository on syncs (repository_id, id);
