-- The Version whose name, counts, facts and search text a model shows where its last Version cannot be read; null: the last.
alter table models add column shown_version bigint;

create index models_problems on models (repository_id) where problem_count > 0;
