using System.Text;
using System.Text.Json;
using Switchyard.GitHub.Webhooks;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Webhooks;

public sealed class WebhookTests
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("It's a Secret to Everybody");
    private static readonly byte[] Other = "another"u8.ToArray();

    [Fact]
    public void The_documented_example_verifies()
    {
        const string Header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

        Assert.Equal(Header, WebhookSignature.Sign("Hello, World!"u8, Secret));
        Assert.Equal(SignatureVerdict.MatchedFirst, WebhookSignature.Verify("Hello, World!"u8, Header, [Secret]));
        Assert.Equal(SignatureVerdict.MatchedSecond, WebhookSignature.Verify("Hello, World!"u8, Header, [Other, Secret]));
        Assert.Equal(SignatureVerdict.MatchedLater, WebhookSignature.Verify("Hello, World!"u8, Header, [Other, Other, Other, Secret], out var index));
        Assert.Equal(3, index);
        Assert.Equal(SignatureVerdict.Mismatch, WebhookSignature.Verify("Hello, World!"u8, Header, [Other]));
        Assert.Equal(SignatureVerdict.Mismatch, WebhookSignature.Verify("Hello, World!"u8, Header, []));
        Assert.Equal(SignatureVerdict.Mismatch, WebhookSignature.Verify("Hello, World?"u8, Header, [Secret]));
    }

    [Fact]
    public void An_empty_secret_lets_nothing_in()
    {
        var header = WebhookSignature.Sign("x"u8, []);

        Assert.Equal(SignatureVerdict.Mismatch, WebhookSignature.Verify("x"u8, header, [[]]));
    }

    [Theory]
    [InlineData(null, SignatureVerdict.Missing)]
    [InlineData("", SignatureVerdict.Missing)]
    [InlineData("sha256=", SignatureVerdict.Malformed)]
    [InlineData("sha256=757107", SignatureVerdict.Malformed)]
    [InlineData("sha1=757107ea0eb2509fc211221cce984b8a37570b6d", SignatureVerdict.Malformed)]
    [InlineData("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", SignatureVerdict.Malformed)]
    [InlineData("sha256=z57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", SignatureVerdict.Malformed)]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17 ", SignatureVerdict.Malformed)]
    public void A_signature_of_another_form_is_refused(string? header, SignatureVerdict expected) =>
        Assert.Equal(expected, WebhookSignature.Verify("Hello, World!"u8, header, [Secret]));

    [Fact]
    public void All_161_vectors_verify_and_altered_ones_are_refused()
    {
        var count = 0;
        foreach (var (body, signature) in Vectors())
        {
            count++;
            Assert.Equal(signature, WebhookSignature.Sign(body, Secret));
            Assert.Equal(SignatureVerdict.MatchedFirst, WebhookSignature.Verify(body, signature, [Secret]));

            var bodyAltered = body.ToArray();
            bodyAltered[body.Length / 2] ^= 1;
            Assert.Equal(SignatureVerdict.Mismatch, WebhookSignature.Verify(bodyAltered, signature, [Secret, Other]));
            Assert.Equal(SignatureVerdict.Mismatch, WebhookSignature.Verify([.. body, (byte)'\n'], signature, [Secret]));
            Assert.Equal(SignatureVerdict.Mismatch, WebhookSignature.Verify(body.AsSpan(1), signature, [Secret]));
            var last = signature[^1] == '0' ? '1' : '0';
            Assert.Equal(SignatureVerdict.Mismatch, WebhookSignature.Verify(body, signature[..^1] + last, [Secret]));
        }

        Assert.Equal(161, count);
    }

    [Fact]
    public void All_156_payloads_give_the_envelope_that_a_document_gives()
    {
        var folder = SharedFolder.Require("github/payloads");
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        var count = 0;
        foreach (var entry in index.RootElement.EnumerateArray())
        {
            count++;
            var body = File.ReadAllBytes(Path.Combine(folder, entry.GetProperty("file").GetString()!));
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;

            var envelope = WebhookEnvelope.Read(body);

            Assert.True(envelope.IsJson);
            Assert.Equal(Text(root, "action"), envelope.Action);
            Assert.Equal(entry.GetProperty("hasInstallation").GetBoolean(), envelope.InstallationId is not null);
            Assert.Equal(Long(root, "installation", "id"), envelope.InstallationId);
            Assert.Equal(Long(root, "repository", "id"), envelope.RepositoryId);
            Assert.Equal(Text(root, "repository", "full_name"), envelope.RepositoryFullName);
            Assert.Equal(Text(root, "repository", "default_branch"), envelope.DefaultBranch);
            Assert.Equal(Text(root, "repository", "owner", "login") ?? Text(root, "organization", "login") ?? Text(root, "installation", "account", "login"), envelope.OwnerLogin);
            Assert.Equal(Text(root, "sender", "login"), envelope.SenderLogin);
            Assert.Equal(Text(root, "ref"), envelope.Ref);
            Assert.Equal(Text(root, "before"), envelope.Before);
            Assert.Equal(Text(root, "after"), envelope.After);
            Assert.Equal(Find(root, "deleted") is { ValueKind: JsonValueKind.True or JsonValueKind.False } deleted ? deleted.GetBoolean() : null, envelope.Deleted);
            Assert.Equal(Long(root, "hook_id"), envelope.HookId);

            Assert.False(WebhookEnvelope.Read(body.AsSpan(0, body.AsSpan().TrimEnd("\n \r"u8).Length - 1)).IsJson);
        }

        Assert.Equal(156, count);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("12")]
    [InlineData("\"x\"")]
    [InlineData(" {\"action\":null,\"installation\":[],\"repository\":7,\"sender\":\"x\",\"ref\":{\"a\":1}} \n")]
    [InlineData("{\"repository\":{\"id\":1e400,\"full_name\":[\"x\"],\"owner\":null},\"installation\":{\"id\":\"abc\"},\"deleted\":\"true\"}")]
    [InlineData("{\"action\":\"\\ud800\",\"\\ud800\":1,\"sender\":{\"\\udfff\":\"x\"}}")]
    [InlineData("{\"installation\":{\"nested\":{\"id\":9}},\"x\":{\"installation\":{\"id\":9}}}")]
    [InlineData("[{\"action\":\"inner\"}]")]
    public void Any_shape_of_JSON_is_read_without_a_complaint(string json) =>
        Assert.Equal(new WebhookEnvelope { IsJson = true }, WebhookEnvelope.Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("payload=%7B%7D")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":[1,}")]
    [InlineData("<xml/>")]
    public void What_is_no_JSON_is_said_so(string text) =>
        Assert.False(WebhookEnvelope.Read(Encoding.UTF8.GetBytes(text)).IsJson);

    [Fact]
    public void Depth_and_escapes_do_no_harm()
    {
        var deep = new string('[', 1_000_000) + new string(']', 1_000_000);
        var objects = string.Concat(Enumerable.Repeat("{\"installation\":", 100_000)) + "1" + new string('}', 100_000);
        var envelope = WebhookEnvelope.Read(Encoding.UTF8.GetBytes($$$"""{"x":{{{deep}}},"y":{{{objects}}},"\u0061ction":"op\u0065ned","installation":{"id":"42"}}"""));

        Assert.Equal((true, "opened", 42L), (envelope.IsJson, envelope.Action, envelope.InstallationId));
    }

    [Fact]
    public void A_form_gives_its_payload()
    {
        var json = """{"a":"ü +&=%","n":1}""";

        Assert.Equal(json, Encoding.UTF8.GetString(WebhookBody.FromForm(Encoding.ASCII.GetBytes("x=1&payload=" + Uri.EscapeDataString(json).Replace("%20", "+", StringComparison.Ordinal) + "&y="))!));
        Assert.Null(WebhookBody.FromForm("x=1"u8));
        Assert.Null(WebhookBody.FromForm(""u8));
        Assert.Null(WebhookBody.FromForm("payload=%7"u8));
        Assert.Null(WebhookBody.FromForm("payload=%zz"u8));
        Assert.Empty(WebhookBody.FromForm("payload="u8)!);
    }

    private static IEnumerable<(byte[] Body, string Signature)> Vectors()
    {
        var folder = SharedFolder.Require("github/payloads");
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "signatures.json")));
        foreach (var vector in document.RootElement.GetProperty("vectors").EnumerateArray())
        {
            var body = vector.TryGetProperty("file", out var file)
                ? File.ReadAllBytes(Path.Combine(folder, file.GetString()!))
                : vector.GetProperty("body_b64").GetBytesFromBase64();
            yield return (body, vector.GetProperty("signature256").GetString()!);
        }
    }

    private static JsonElement? Find(JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static string? Text(JsonElement root, params string[] path) => Find(root, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Long(JsonElement root, params string[] path) => Find(root, path) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}
