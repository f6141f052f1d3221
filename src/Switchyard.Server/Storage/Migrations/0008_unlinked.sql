-- 1: somebody unlinked the repository and its rows are being removed; 2: they are. The row itself stays, so that the next listing
-- of the installation does not link it again.
alter table repositories add column unlinked bigint not null default 0;

create index repositories_unlinking on repositories (id) where unlinked = 1;

-- A commit goes when nothing refers to it, and that must not be a look through all of these. With the model, because a commit may
-- touch thousands: who asks for one of them must not look through the others.
create index versions_commit on versions (commit_id, model_id);
create index removals_commit on removals (commit_id, model_id);
create index models_head_commit on models (head_commit_id);
create index models_removed_in on models (removed_in_id) where removed_in_id is not null;
