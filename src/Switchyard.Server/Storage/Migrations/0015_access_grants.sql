-- What the App was made for, and what it asks for by GitHub's own word; each is a list of words, the second one JSON.
alter table providers add column features text not null default 'switch';
alter table providers add column app_permissions text;

-- Where GitHub delivers to, as the App was registered; null: it was not registered here, or polls.
alter table providers add column public_url text;
alter table provider_registrations add column public_url text;

-- Who began the registration: the SHA-256 of their session, so that no other browser can end it. Null: by the API.
alter table provider_registrations add column bound_to {{bytes}};
alter table provider_registrations add column organization text;
alter table provider_registrations add column features text not null default 'switch';

-- A member asked the owners of an account to install the App, and they have yet to decide.
create table installation_requests (
  id {{id}},
  provider_id bigint not null references providers (id),
  github_id bigint not null,
  account_login text not null,
  requester_login text not null,
  state text not null,
  created_at bigint not null,
  updated_at bigint not null,
  unique (provider_id, github_id)
);

-- Who on GitHub may sign in, and as what: an organization, a team of it, or a user. The user's id is learned with the first
-- sign-in, as a login can be given up and taken by somebody else.
create table access_grants (
  id {{id}},
  provider_id bigint not null references providers (id),
  kind text not null,
  account text not null,
  team text not null default '',
  github_id bigint,
  role text not null,
  created_by text not null,
  created_at bigint not null
);

create unique index access_grants_once on access_grants (provider_id, kind, lower(account), lower(team));

-- When GitHub last said that the user still belongs to what the role is given for; why the user was shut out.
alter table users add column verified_at bigint;
alter table users add column removed_reason text;
alter table users add column grant_id bigint;

-- Whose token it is: it can do no more than they, and ends with them. Null: made on the server's own machine, or by another token.
alter table api_tokens add column user_id bigint;
alter table api_tokens add column created_by text;
