-- key_in: the App's key signs in that vault and never leaves it; null where it is a secret of ours.
create table providers (
  id {{id}},
  slug text not null unique,
  kind text not null,
  name text not null,
  api_url text not null,
  web_url text not null,
  app_id bigint,
  client_id text,
  app_slug text,
  owner_login text,
  owner_type text,
  html_url text,
  key_in text,
  key_fingerprint text,
  hook_id bigint,
  health text not null,
  reason text,
  created_at bigint not null,
  updated_at bigint not null,
  wanted_listing bigint not null default 0,
  listed bigint not null default 0,
  listed_at bigint
);

-- A registration that has gone to GitHub and not come back; the state is kept as its SHA-256.
create table provider_registrations (
  state_hash {{bytes}} primary key,
  slug text not null,
  name text not null,
  api_url text not null,
  web_url text not null,
  created_at bigint not null
);

-- With what our own nodes, and nobody else, answer a question that came to the public URL.
create table reach_key (
  id bigint primary key,
  value {{bytes}} not null
);

-- Webhooks set up by hand on a repository; their secrets are in the vault. GitHub's id is learned from the first Delivery.
create table repository_hooks (
  id {{id}},
  provider_id bigint not null references providers (id),
  name text not null,
  hook_id bigint,
  created_at bigint not null,
  heard_at bigint
);

-- Identity is GitHub's numeric id: a re-installation is a new row. wanted_listing counts the reasons to list its
-- repositories again, listed how many of them the last listing covered.
create table installations (
  id {{id}},
  provider_id bigint not null references providers (id),
  github_id bigint not null,
  account_id bigint,
  account_login text not null,
  account_type text not null,
  state text not null,
  repository_selection text,
  permissions text,
  created_at bigint not null,
  updated_at bigint not null,
  suspended_at bigint,
  removed_at bigint,
  wanted_listing bigint not null default 0,
  listed bigint not null default 0,
  reason text,
  unique (provider_id, github_id)
);
