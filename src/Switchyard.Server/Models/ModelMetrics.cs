using System.Diagnostics.Metrics;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Models;

/// <summary>How many models there are, by format. Counted now and then: a reading of the gauge must not wait for the database.</summary>
internal sealed class ModelMetrics
{
    private readonly Database database;
    private volatile IReadOnlyList<Measurement<long>> models = [];

    public ModelMetrics(IMeterFactory factory, Database database)
    {
        this.database = database;
        factory.Create("Switchyard.Models").CreateObservableGauge("switchyard.model.count", () => models, description: "Models at the head, by format.");
    }

    public async Task CountAsync(CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(
            session => session.QueryAsync<Row>($"select format, count(*) as number from models where state = '{ModelState.Active}' and repository_id in (select id from repositories where unlinked = 0) group by format"), cancellation);
        models = [.. rows.Select(row => new Measurement<long>(row.Number, new KeyValuePair<string, object?>("format", row.Format)))];
    }

    private sealed record Row
    {
        public string Format { get; init; } = "";

        public long Number { get; init; }
    }
}
