-- Who may sign in to the panel: an account of a provider, or the local administrator (no provider).
create table users (
  id {{id}},
  provider_id bigint references providers (id),
  github_id bigint,
  login text not null,
  name text,
  role text not null,
  created_at bigint not null,
  last_seen_at bigint,
  removed_at bigint
);

create unique index users_github on users (provider_id, github_id) where provider_id is not null;
create unique index users_local on users (login) where provider_id is null;

-- Only the SHA-256 of what the browser keeps.
create table sessions (
  id {{id}},
  user_id bigint not null references users (id),
  hash {{bytes}} not null unique,
  address text,
  created_at bigint not null,
  last_used_at bigint not null,
  expires_at bigint not null,
  ended_at bigint
);

create index sessions_user on sessions (user_id);

-- The way in for the local administrator: each link works once.
create table sign_in_links (
  id {{id}},
  hash {{bytes}} not null unique,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
