using Switchyard.Cli.Admin;
using Switchyard.Cli.Delivery;
using Switchyard.Cli.Dispatch;
using Switchyard.Cli.Model;
using Switchyard.Cli.Output;
using Switchyard.Cli.Pending;
using Switchyard.Cli.Provider;
using Switchyard.Cli.Repo;
using Switchyard.Cli.Rule;
using Switchyard.Cli.Rule.Explain;
using Switchyard.Cli.Run;
using Switchyard.Cli.Secret;
using Switchyard.Cli.Signal;
using Switchyard.Cli.Vault;

namespace Switchyard.Cli;

/// <summary>The names that can stand behind <c>--json</c>.</summary>
internal static class Fields
{
    private static readonly Dictionary<string, IReadOnlyList<Column>> OfCommands = new(StringComparer.Ordinal)
    {
        ["repo list"] = RepoColumns.List,
        ["repo view"] = RepoColumns.View,
        ["repo problems"] = RepoColumns.Problems,
        ["repo ignored"] = RepoColumns.Ignored,
        ["repo syncs"] = RepoColumns.Syncs,
        ["model list"] = ModelColumns.List,
        ["model view"] = ModelColumns.View,
        ["model search"] = ModelColumns.Hits,
        ["model versions"] = ModelColumns.Versions,
        ["delivery list"] = DeliveryColumns.List,
        ["delivery view"] = DeliveryColumns.View,
        ["signal list"] = SignalColumns.List,
        ["signal view"] = SignalColumns.View,
        ["dispatch list"] = DispatchColumns.List,
        ["dispatch view"] = DispatchColumns.View,
        ["dispatch watch"] = DispatchColumns.View,
        ["provider list"] = ProviderColumns.List,
        ["provider view"] = ProviderColumns.View,
        ["provider installations"] = ProviderColumns.Installations,
        ["rule list"] = RuleColumns.List,
        ["rule view"] = RuleColumns.View,
        ["rule history"] = [.. RuleColumns.History, .. RuleColumns.Revisions],
        ["rule sources"] = RuleColumns.Sources,
        ["rule explain"] = RuleExplainCommand.Columns,
        ["pending list"] = PendingColumns.List,
        ["pending view"] = PendingColumns.View,
        ["target list"] = AdminTargetCommand.Columns,
        ["run view"] = RunColumns.View,
        ["secret list"] = SecretListCommand.Columns,
        ["vault list"] = VaultListCommand.Columns,
        ["access list"] = AdminAccessCommand.Columns,
        ["user list"] = AdminUserCommand.Columns,
        ["hook list"] = ProviderHookCommand.Columns,
        ["token list"] = AdminTokenColumns.List,
    };

    private static readonly HashSet<string> Names = [.. OfCommands.Values.SelectMany(columns => columns).Select(column => column.Field)];

    public static bool Known(string name) => Names.Contains(name);

    /// <summary>Those that a command shows; empty where its JSON has no columns.</summary>
    public static IReadOnlyList<string> Of(string noun, string verb) =>
        OfCommands.TryGetValue($"{noun} {verb}", out var columns) ? [.. columns.Select(column => column.Field)] : [];
}
