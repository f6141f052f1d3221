-- Contents that no Version or model referred to when somebody looked, and since when. Apart from the contents, because a column
-- behind their data is reached only through all of it.
create table orphaned_contents (
  sha256 {{bytes}} primary key references contents (sha256) on delete cascade,
  orphaned_at bigint not null
);
