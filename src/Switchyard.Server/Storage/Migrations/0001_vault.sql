-- Secrets are written and used, never shown: ciphertext under the master key that key_id names.
create table secrets (
  scope text not null,
  name text not null,
  key_id text not null,
  nonce {{bytes}} not null,
  ciphertext {{bytes}} not null,
  fingerprint text not null,
  set_by text not null,
  updated_at bigint not null,
  primary key (scope, name)
);
