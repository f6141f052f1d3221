using System.CommandLine;
using System.Globalization;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Connection;

/// <summary>What all list commands do: filters, limit, columns, and a word about what was left out.</summary>
internal static class Lists
{
    public static Option<int> Limit()
    {
        var limit = new Option<int>("--limit") { Description = "Rows at most", HelpName = "N", DefaultValueFactory = _ => 50 };
        limit.Validators.Add(WholeNumber.From(1, int.MaxValue));
        return limit;
    }

    /// <summary>The filter <c>--provider</c>.</summary>
    public static Option<string?> Provider() => new("--provider") { Description = "Only those of this provider: its slug or id", HelpName = "P" };

    public static async Task<int> ShowAsync(
        Invocation run, string path, IEnumerable<KeyValuePair<string, string?>> filters, int limit, IReadOnlyList<Column> columns, CancellationToken cancellation)
    {
        var listing = await run.Server.ListAsync(path, filters, limit, cancellation);
        run.Printer.List(listing.Items, columns);
        if (listing.Items.Count < listing.Total && !run.Printer.IsJson)
        {
            run.Printer.Say($"{listing.Items.Count} of {listing.Total} shown; --limit {listing.Total.ToString(CultureInfo.InvariantCulture)} shows all.");
        }
        else if (listing.Items.Count == 0 && run.Terminal.OutIsTty && !run.Printer.IsJson)
        {
            run.Printer.Say("Nothing found.");
        }

        return ExitCode.Ok;
    }
}
