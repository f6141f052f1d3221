-- Secrets are written and used, never shown. kind names the vault that holds the value, reference the value in it: each is
-- written once under a reference of its own. The local vault keeps its ciphertext here, under the master key that version names.
create table secrets (
  scope text not null,
  name text not null,
  kind text not null,
  reference text not null unique,
  version text,
  ciphertext {{bytes}},
  fingerprint text not null,
  set_by text not null,
  updated_at bigint not null,
  primary key (scope, name)
);

-- What another vault holds, or is about to, and no row above names: removed there when it is due. Once it was
-- tried, no row may take it any more.
create table vault_leftovers (
  id {{id}},
  kind text not null,
  reference text not null unique,
  version text,
  due_at bigint not null,
  tries bigint not null default 0,
  reason text
);
