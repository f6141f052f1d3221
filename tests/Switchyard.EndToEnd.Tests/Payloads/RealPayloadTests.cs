using System.Net;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Payloads;

/// <summary>Real payloads of GitHub, and the signatures that its own library makes, posted to a real server.</summary>
public sealed class RealPayloadTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task All_are_accepted_shuffled_and_doubled_sixteen_at_a_time_with_one_row_and_one_effect_each(string kind)
    {
        var vectors = Vector.ReadAll();
        Assert.Equal(156 + 5 + 1, vectors.Count);
        await using var stage = await Stage.StartAsync(kind);
        await WaitUntilWorkedOffAsync(stage);
        var before = (await stage.Hub.DeliveriesAsync()).Select(delivery => delivery.Guid).ToHashSet(StringComparer.Ordinal);

        var random = new Random(156);
        var sends = vectors.Concat(vectors).ToArray();
        random.Shuffle(sends);
        var poster = new Poster(stage.Server);
        var statuses = new List<(string Name, int Status)>();
        await Parallel.ForEachAsync(sends, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (vector, _) =>
        {
            var (status, _) = await poster.PostAsync(vector.Body, vector.Event, "guid-" + vector.Name, vector.Signature);
            lock (statuses)
            {
                statuses.Add((vector.Name, status));
            }
        });

        Assert.DoesNotContain(statuses, answer => answer.Status != 202);
        await WaitUntilWorkedOffAsync(stage);
        var rows = (await stage.Hub.DeliveriesAsync()).Where(delivery => delivery.Guid.StartsWith("guid-", StringComparison.Ordinal)).ToList();
        Assert.Equal(vectors.Select(vector => "guid-" + vector.Name).Order(StringComparer.Ordinal), rows.Select(row => row.Guid).Order(StringComparer.Ordinal));

        // What is no JSON is Dead at once, and its copy asks for another attempt; all others have their effect once.
        var dead = Assert.Single(rows, row => row.State == "Dead");
        Assert.Equal("guid-docs", dead.Guid);
        Assert.Contains("not JSON", dead.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(rows, row => row.Guid != dead.Guid && row is not { State: "Handled", Attempts: 1 });

        // What other Apps' payloads say changes nothing here: the one installation is as GitHub lists it.
        var installations = await stage.Hub.ListAsync("/api/v1/installations");
        Assert.Equal(["acme Active"], installations.Select(item => $"{item["account"]} {item["state"]}"));
        Assert.DoesNotContain(rows, row => before.Contains(row.Guid));
    }

    [Fact]
    public async Task Each_is_taken_as_a_form_too_and_kept_byte_for_byte()
    {
        var vectors = Vector.ReadAll();
        await using var stage = await Stage.StartAsync("sqlite");
        var poster = new Poster(stage.Server);
        await Parallel.ForEachAsync(vectors, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (vector, _) =>
        {
            var form = (byte[])[.. "payload="u8, .. WebUtility.UrlEncodeToBytes(vector.Body, 0, vector.Body.Length)!];
            var (status, text) = await poster.PostAsync(form, vector.Event, "form-" + vector.Name, Poster.Sign(form), "application/x-www-form-urlencoded");
            Assert.True(status == 202, $"{vector.Name}: {status} {text}");
        });

        var rows = (await stage.Hub.DeliveriesAsync()).ToDictionary(row => row.Guid, StringComparer.Ordinal);
        foreach (var vector in vectors.Where((_, i) => i % 8 == 0))
        {
            Assert.Equal(vector.Body, await stage.Server.Http.GetByteArrayAsync(new Uri($"/api/v1/deliveries/{rows["form-" + vector.Name].Id}/payload", UriKind.Relative)));
        }
    }

    [Fact]
    public async Task Altered_ones_are_refused_with_a_reason_and_leave_nothing_behind()
    {
        var vectors = Vector.ReadAll();
        await using var stage = await Stage.StartAsync("sqlite");
        var poster = new Poster(stage.Server);
        var random = new Random(9);
        var wrong = new List<string>();
        foreach (var vector in vectors)
        {
            foreach (var (what, body, signature) in Alterations(vector, random))
            {
                var (status, text) = await poster.PostAsync(body, vector.Event, "altered-" + vector.Name, signature);
                if (status != 401 || !text.Contains("\"detail\"", StringComparison.Ordinal))
                {
                    wrong.Add($"{vector.Name}, {what}: {status} {text}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.DoesNotContain(await stage.Hub.DeliveriesAsync(), row => row.Guid.StartsWith("altered-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_delivery_is_refused_with_a_4xx_that_says_why()
    {
        await using var stage = await Stage.StartAsync("sqlite");
        var poster = new Poster(stage.Server);
        var body = "{}"u8.ToArray();
        var signature = Poster.Sign(body);
        Assert.Equal(400, (await poster.PostAsync(body, null, "a", signature)).Status);
        Assert.Equal(400, (await poster.PostAsync(body, "push", null, signature)).Status);
        Assert.Equal(400, (await poster.PostAsync(body, "push", new string('x', 101), signature)).Status);
        Assert.Equal(404, (await poster.PostAsync(body, "push", "b", signature, path: "/webhooks/nobody")).Status);
        Assert.Equal(401, (await poster.PostAsync(body, "push", "c", signature, path: "/gateway/sync")).Status);
        Assert.Equal(401, (await poster.PostAsync(body, "push", "d", signature, path: "/gateway/public/sync")).Status);
        Assert.Equal(401, (await poster.PostAsync([], "push", "e", null)).Status);
    }

    internal static Task WaitUntilWorkedOffAsync(Stage stage) =>
        Waiting.UntilAsync(stage.Hub.PendingDeliveriesAsync, pending => pending == 0, Limit, "all deliveries are worked off");

    private static IEnumerable<(string What, byte[] Body, string? Signature)> Alterations(Vector vector, Random random)
    {
        var altered = (byte[])vector.Body.Clone();
        altered[random.Next(altered.Length)] ^= (byte)(1 << random.Next(8));
        yield return ("one bit of the body", altered, vector.Signature);
        yield return ("a byte more", [.. vector.Body, (byte)'\n'], vector.Signature);
        yield return ("another secret", vector.Body, Poster.Sign(vector.Body, "another secret"));
        yield return ("a short signature", vector.Body, vector.Signature[..^1]);
        yield return ("no signature", vector.Body, null);
        yield return ("the wrong algorithm", vector.Body, "sha1=" + vector.Signature[7..47]);
    }
}
