-- The intent to start one workflow or job; it is committed before anything is sent. token is the id that travels with it to
-- GitHub: random, so that no other database can have given it. body is what is sent: the inputs, or the client payload.
-- scope is where the rule's file is, which says what it may start something in. attempts counts the calls, failures those that used up a try; held is why it waits for something that is no failure. A lost
-- answer is looked for from unconfirmed_at on: looks counts all looks, late_looks those at the end that saw everything.
create table dispatches (
  id {{id}},
  provider_id bigint not null,
  token text not null unique,
  pending_id bigint not null,
  action bigint not null,
  rule_id bigint not null,
  revision_id bigint not null,
  signal_id bigint not null,
  kind text not null,
  target_name text not null,
  target_github_id bigint,
  workflow text,
  event_type text,
  ref text,
  body text not null,
  hop bigint not null,
  shows_id bigint not null default 0,
  github_repository_id bigint,
  repository_name text,
  reported bigint not null default 0,
  scope text,
  lane text not null,
  state text not null,
  held text,
  held_at bigint,
  error text,
  next_step text,
  attempts bigint not null default 0,
  failures bigint not null default 0,
  unconfirmed_at bigint,
  looks bigint not null default 0,
  late_looks bigint not null default 0,
  due_at bigint not null,
  created_at bigint not null,
  sent_at bigint,
  ended_at bigint,
  unique (pending_id, action)
);

create index dispatches_due on dispatches (lane, id) where state in ('Pending', 'Sending', 'Unconfirmed', 'Retrying');
create index dispatches_rule on dispatches (rule_id, created_at);
create index dispatches_signal on dispatches (signal_id);
create index dispatches_sent on dispatches (lane, sent_at) where sent_at is not null;
create index dispatches_created on dispatches (created_at);

create table dispatch_attempts (
  dispatch_id bigint not null references dispatches (id) on delete cascade,
  number bigint not null,
  started_at bigint not null,
  ended_at bigint,
  result text not null,
  status bigint,
  message text,
  primary key (dispatch_id, number)
);

-- What GitHub told of accepted dispatches: the deliveries that carry our token.
create table dispatch_echoes (
  token text not null,
  delivery_id bigint not null,
  event text not null,
  at bigint not null,
  primary key (token, delivery_id)
);

-- The run of a Dispatch: by run details, by the id it shows, or probable. status and conclusion are GitHub's words.
create table runs (
  dispatch_id bigint primary key,
  provider_id bigint not null,
  repository_name text not null,
  github_id bigint,
  match text not null,
  number bigint,
  attempt bigint,
  workflow_id bigint,
  path text,
  name text,
  title text,
  event text,
  others bigint not null default 0,
  status text,
  conclusion text,
  head_sha text,
  html_url text,
  detail text,
  next_step text,
  lane text not null,
  looks bigint not null default 0,
  due_at bigint,
  created_at bigint not null,
  started_at bigint,
  updated_at bigint,
  ended_at bigint
);

create unique index runs_github on runs (provider_id, github_id) where github_id is not null;
create index runs_due on runs (lane, due_at) where due_at is not null;
create index runs_head on runs (head_sha);

-- A check run of ours on a commit. wanted counts the reasons to write it, written how many of them the last write covered;
-- subject names what it is about, of the kind given.
create table reports (
  id {{id}},
  provider_id bigint not null,
  kind text not null,
  subject bigint not null,
  github_repository_id bigint not null,
  repository_name text not null,
  sha text not null,
  name text not null,
  external_id text not null,
  lane text not null,
  check_run_id bigint,
  creating bigint not null default 0,
  wanted bigint not null default 1,
  written bigint not null default 0,
  digest text,
  failures bigint not null default 0,
  error text,
  due_at bigint not null,
  created_at bigint not null,
  written_at bigint,
  unique (provider_id, kind, subject, github_repository_id, sha)
);

create index reports_due on reports (lane, due_at) where wanted > written;
create index reports_sha on reports (sha);
create index reports_created on reports (created_at);
