-- Only the SHA-256 of a token is kept; the token itself is shown once.
create table api_tokens (
  id {{id}},
  name text not null,
  role text not null,
  prefix text not null,
  hash {{bytes}} not null unique,
  created_at bigint not null,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint
);
