-- When GitHub last said which private repositories the user may read; null: never, or it could not be asked.
alter table users add column readable_at bigint;

-- Private repositories, by GitHub's id as they may not be here yet. readable 0: GitHub is asked before it is shown again. What
-- everybody may read is no row here, so that it is nobody's when it becomes private.
create table readable_repositories (
  user_id bigint not null references users (id) on delete cascade,
  provider_id bigint not null,
  github_id bigint not null,
  readable bigint not null,
  checked_at bigint not null,
  primary key (user_id, provider_id, github_id)
);

create index readable_repositories_repository on readable_repositories (provider_id, github_id, user_id);
create index readable_repositories_checked on readable_repositories (readable, checked_at);
