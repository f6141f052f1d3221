using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Server.Access;
using Switchyard.Server.Models;
using Switchyard.Server.Storage;
using Switchyard.Server.Webhooks;

namespace Switchyard.Benchmarks.Panel;

/// <summary>A hub as a large organisation has it: 1,000 repositories with 10,000 models, 100,000 Deliveries and Signals, 10,000 Dispatches.</summary>
internal static class FullHub
{
    public const int Repositories = 1_000;
    public const int Models = 10_000;
    public const int Deliveries = 100_000;
    public const int Dispatches = 10_000;

    private const string Schema = """{"type":"record","name":"Customer","namespace":"acme.shop","fields":[{"name":"id","type":"long"},{"name":"email","type":"string"},{"name":"address","type":["null","string"]}]}""";

    private static readonly (int Rows, string Sql)[] Statements =
    [
        (1, "insert into installations (provider_id, github_id, account_id, account_login, account_type, state, repository_selection, permissions, created_at, updated_at) select 1, i, i, 'acme', 'Organization', 'Active', 'all', '{}', @now, @now from n"),
        (Repositories, "insert into repositories (provider_id, github_id, installation_id, owner, name, default_branch, linked, wanted, satisfied, synced_head, synced_at, wanted_head, wanted_at, wanted_source, status, health, created_at, updated_at) select 1, i, 1, 'acme', 'repository-' || i, 'main', 1, 1, 1, '9fceb02d0ae598e95dc970b74767f19372d61af8', @now, '9fceb02d0ae598e95dc970b74767f19372d61af8', @now, 'Webhook', 'Synced', case when i % 50 = 0 then 'Degraded' else 'Healthy' end, @now, @now from n"),
        (5 * Repositories, "insert into syncs (repository_id, mode, cause, state, from_commit, to_commit, files_done, models_changed, queued_at, started_at, ended_at) select (i - 1) % 1000 + 1, 'recent', 'Webhook', 'Succeeded', '4f1c9aa', '9fceb02', 10, 2, @now - i * 1000, @now - i * 1000, @now - i * 1000 + 500 from n"),
        (Models, "insert into commits (repository_id, sha, position, author_name, author_email, authored_at, committed_at, subject) select (i - 1) % 1000 + 1, 'c' || i, i, 'Ann', 'ann@acme.test', @now - i * 1000, @now - i * 1000, 'Change number ' || i from n"),
        (Models, "insert into models (repository_id, path, kind, state, format, name, status, problem_count, containers, entities, reference_entities, attribute_nodes, own_attributes, attributes, relationships, views, definitions, blob, content_sha256, size, version_count, head_commit_id, changed_at, problems, facts, search_text) select (i - 1) % 1000 + 1, 'schemas/area-' || (i % 20) || '/customer-' || i || '.avsc', 'File', 'Active', 'avro', 'Customer ' || i, 'Ready', 0, 1, 1, 0, 3, 3, 3, 0, 0, 0, 'b' || i, @sha256, 200, 1, i, @now - i * 1000, '[]', '{}', 'customer ' || i || ' id email address' from n"),
        (Models, "insert into versions (model_id, commit_id, position, number, blob, content_sha256, format, size, status, problem_count, sync_id, added_by) select i, i, i, 1, 'b' || i, @sha256, 'avro', 200, 'Ready', 0, 1, 1 from n"),
        (Deliveries, "insert into deliveries (provider_id, guid, event, action, lane, repository_id, repository_name, sender, headers, body_size, source, state, outcome, attempts, received_at, due_at, handled_at) select 1, 'guid-' || i, case when i % 3 = 0 then 'push' when i % 3 = 1 then 'check_run' else 'status' end, null, '1:' || (i % 1000), i % 1000 + 1, 'acme/repository-' || (i % 1000 + 1), 'ann', '{}', @size, 'Webhook', case when i % 5000 = 0 then 'Dead' else 'Handled' end, 'synchronized', 1, @now - i * 1000, @now, @now - i * 1000 + 20 from n"),
        (Deliveries, "insert into signals (provider_id, identity, kind, github_repository_id, repository_name, ref, sha, actor, lane, source, delivery_id, facts, occurred_at, recorded_at, evaluated_at) select 1, 'identity-' || i, 'push', i % 1000 + 1, 'acme/repository-' || (i % 1000 + 1), 'refs/heads/main', 'c' || i, 'ann', '1:' || (i % 1000), 'Webhook', i, '{\"kind\":\"push\"}', @now - i * 1000, @now - i * 1000, @now from n"),
        (1, "insert into rule_sources (provider_id, kind, name, path, state, revision_id, read_revision_id, updated_at) select 1, 'Local', 'local', 'local', 'Good', 1, 1, @now from n"),
        (1, "insert into rule_revisions (source_id, number, text, state, problems, loaded_at, loaded_by) select 1, 1, @rules, 'Good', '[]', @now, 'ann' from n"),
        (100, "insert into rules (source_id, name, position, created_at) select 1, 'rule-' || i, i - 1, @now from n"),
        (Deliveries, "insert into evaluations (signal_id, rule_id, revision_id, result, conditions, pending_id, at) select i, i % 100 + 1, 1, case when i % 10 = 0 then 'Matched' else 'NotMatched' end, '[]', case when i % 10 = 0 then i / 10 end, @now - i * 1000 from n"),
        (Dispatches, "insert into pendings (provider_id, rule_id, revision_id, key, slot, lane, state, signal_id, first_at, last_at, due_at, ended_at) select 1, (i * 10) % 100 + 1, 1, 'k' || i, 'k' || i, 'x', 'Released', i * 10, @now - i * 10000, @now - i * 10000, @now, @now from n"),
        (Dispatches, "insert into dispatches (provider_id, token, pending_id, action, rule_id, revision_id, signal_id, kind, target_name, event_type, body, hop, github_repository_id, repository_name, lane, state, due_at, created_at, sent_at, ended_at) select 1, 'swd_' || i, i, 0, (i * 10) % 100 + 1, 1, i * 10, 'dispatch', 'acme/repository-' || (i % 1000 + 1), 'upstream-changed', '{}', 1, i % 1000 + 1, 'acme/repository-' || (i % 1000 + 1), 'x', case when i % 100 = 0 then 'Failed' else 'Sent' end, @now, @now - i * 10000, @now - i * 10000, @now - i * 10000 from n"),
        (Dispatches, "insert into dispatch_attempts (dispatch_id, number, started_at, ended_at, result, status) select i, 1, @now - i * 10000, @now - i * 10000, 'Sent', 204 from n"),
        (Dispatches, "insert into runs (dispatch_id, provider_id, repository_name, github_id, match, status, conclusion, lane, created_at, started_at, ended_at) select i, 1, 'acme/repository-' || (i % 1000 + 1), i, 'Echo', 'completed', 'success', 'x', @now - i * 10000, @now - i * 10000, @now - i * 10000 + 60000 from n"),
        (Deliveries, "insert into delivery_bodies (delivery_id, body) select i, @body from n"),
    ];

    private static string Rules => "version: 1\nrules:\n" + string.Concat(Enumerable.Range(1, 100).Select(i => string.Create(
        CultureInfo.InvariantCulture,
        $"  - name: rule-{i}\n    on: {{ push: {{ repositories: [acme/repository-{i}] }} }}\n    report: none\n    do: [{{ dispatch: {{ repository: acme/repository-{i + 1}, event_type: upstream-changed }} }}]\n")));

    /// <summary>Fills the tables, and gives the secret of an administrator's session.</summary>
    public static async Task<string> FillAsync(IServiceProvider services)
    {
        var database = services.GetRequiredService<Database>();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var content = Encoding.UTF8.GetBytes(Schema);
        var sha256 = SHA256.HashData(content);
        var delivery = NewDelivery.From(
            1, "", "push", null, new Dictionary<string, string>(StringComparer.Ordinal), "{\"ref\":\"refs/heads/main\",\"repository\":{\"id\":1,\"full_name\":\"acme/repository-1\"}}"u8, "Webhook", TimeProvider.System.GetUtcNow());
        return await database.WriteAsync(
            async session =>
            {
                await ContentStore.AddAsync(session, [Content.Compress(sha256, content)]);
                foreach (var (rows, sql) in Statements)
                {
                    await session.ExecuteAsync($"with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows.ToString(CultureInfo.InvariantCulture)}) {sql}", new { now, sha256, rules = Rules, body = delivery.Body, size = delivery.BodySize });
                }

                var user = await session.ScalarAsync<long>("insert into users (login, role, created_at) values ('benchmark', 'Admin', 0) returning id");
                return (await services.GetRequiredService<SessionStore>().OpenAsync(session, user, null)).Secret;
            },
            CancellationToken.None);
    }
}
