-- Each content once, by SHA-256 of what it was before it was compressed. The content of a folder model is the sorted list
-- of its members, "name NUL sha256 LF" each (catalogue, section 3).
create table contents (
  sha256 {{bytes}} primary key,
  size bigint not null,
  data {{bytes}} not null
);
--postgresql: alter table contents alter column data set storage external;

-- Only commits that make a Version or a removal. position counts the first-parent chain from the root, which is 1; it
-- belongs to the commit, whatever the chain is rewritten to.
create table commits (
  id {{id}},
  repository_id bigint not null references repositories (id) on delete cascade,
  sha text not null,
  position bigint not null,
  on_chain bigint not null default 1,
  author_name text not null,
  author_email text not null,
  authored_at bigint not null,
  committed_at bigint not null,
  subject text not null,
  unique (repository_id, sha)
);

-- What is shown of a model is that of its last Version; before the history is read, that of the head.
create table models (
  id {{id}},
  repository_id bigint not null references repositories (id) on delete cascade,
  path text not null,
  kind text not null,
  state text not null,
  format text not null,
  name text not null,
  technical_name text,
  target text,
  status text not null,
  problem_count bigint not null,
  containers bigint not null,
  entities bigint not null,
  reference_entities bigint not null,
  attribute_nodes bigint not null,
  own_attributes bigint not null,
  attributes bigint not null,
  relationships bigint not null,
  views bigint not null,
  definitions bigint not null,
  blob text not null,
  content_sha256 {{bytes}},
  size bigint not null,
  version_count bigint not null default 0,
  head_commit_id bigint references commits (id),
  removed_in_id bigint references commits (id),
  changed_at bigint,
  problems text not null,
  facts text not null,
  search_text text not null,
  unique (repository_id, path)
);

create index models_name on models (name, id);
create index models_state on models (repository_id, state);
create index models_unready on models (repository_id, status) where status <> 'Ready';

-- number counts the Versions of a model along the chain. sync_id is the Sync that last confirmed the row, added_by the one
-- that made it. A force push marks what it drops as rewritten.
create table versions (
  id {{id}},
  model_id bigint not null references models (id) on delete cascade,
  commit_id bigint not null references commits (id) on delete cascade,
  position bigint not null,
  number bigint not null,
  blob text not null,
  content_sha256 {{bytes}},
  format text not null,
  size bigint not null,
  status text not null,
  problem_count bigint not null,
  moved_from text,
  rewritten bigint not null default 0,
  sync_id bigint not null,
  added_by bigint not null,
  unique (model_id, position, commit_id)
);

create table removals (
  model_id bigint not null references models (id) on delete cascade,
  commit_id bigint not null references commits (id) on delete cascade,
  position bigint not null,
  moved_to text,
  rewritten bigint not null default 0,
  sync_id bigint not null,
  added_by bigint not null,
  primary key (model_id, position, commit_id)
);
