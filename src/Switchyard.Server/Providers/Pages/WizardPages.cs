using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Panel;

namespace Switchyard.Server.Providers.Pages;

/// <summary>
/// Connecting GitHub, step by step and without scripts: what is wanted, the form that GitHub takes, and the way back with its code.
/// </summary>
internal static class WizardPages
{
    private const string New = ProviderPages.Root + "/new";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Asked by this server itself, under its public URL.
        routes.MapGet(PublicUrlProbe.Path + "{question}", async (string question, PublicUrlProbe probe, CancellationToken cancellation) => TypedResults.Text(await probe.AnswerToAsync(question, cancellation))).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet(New, (string? by, string? name, HttpContext context, IOptions<ProviderOptions> options) => Show(new ProviderForm
        {
            ByHand = by == "hand",
            Name = name ?? (by == "hand" ? null : "Switchyard"),
            Owner = "organization",
            PublicUrl = options.Value.PublicUrl ?? (context.Request.IsHttps ? $"https://{context.Request.Host}" : null),
            Notice = options.Value.PublicUrl is null && !context.Request.IsHttps ? "poll" : "webhook",
        })).AsPage(Role.Admin);
        routes.MapPost(New, BeginAsync).AsPage(Role.Admin).Audited("provider.begin");
        routes.MapPost(ProviderPages.Root + "/new/by-hand", AddAsync).AsPage(Role.Admin).Audited("provider.create");
        routes.MapGet(ProviderPages.Root + "/callback", CompleteAsync).AsPage(Role.Admin).Audited("provider.register");
    }

    private static async Task<IResult> BeginAsync(
        HttpContext context, ProviderRegistration registration, PublicUrlProbe probe, IOptions<ProviderOptions> options, CancellationToken cancellation)
    {
        var form = await ProviderForm.ReadAsync(context, byHand: false);
        var polls = form.Notice == "poll";
        ProbeResult? probed = null;
        if (!polls)
        {
            var (result, wrong) = PanelPage.Take<ProbeResult>(await ProviderCareEndpoints.ProbeAsync(new(form.PublicUrl ?? "", form.WebUrl), probe, options, cancellation));
            if (result is null || result.Verdict == "Invalid")
            {
                return Show(form, wrong, result?.Detail);
            }

            probed = result;
        }

        if ((await context.Request.ReadFormAsync(cancellation))["do"] == "probe")
        {
            return Show(form, probe: probed ?? new ProbeResult("", "Reachable", "Polling only: nothing has to be reachable."));
        }

        if (form.Owner != "personal" && form.Organization is null)
        {
            return Show(form, detail: "Name the organization, as it stands in its address on GitHub, or choose your personal account.");
        }

        if (form.Owner != "personal" && !form.Organization!.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            return Show(form, detail: $"\"{form.Organization}\" is no name of an organization: take it from the end of its address on GitHub, such as acme of https://github.com/acme.");
        }

        // Browsers come back to where they are now; GitHub delivers to the public URL.
        var panel = PublicAddress.Here(context);
        var request = new ProviderEndpoints.NewManifest(
            form.Name, form.Owner == "personal" ? null : form.Organization, null, form.WebUrl, polls ? null : form.PublicUrl, panel + ProviderPages.Root + "/callback", !form.Switch, form.SignIn, polls);
        var (manifest, problem) = PanelPage.Take<ManifestForm>(await ProviderEndpoints.BeginFromAsync(request, panel, context, registration, options, cancellation));
        if (manifest is null)
        {
            return Show(form, problem);
        }

        SecurityHeaders.AllowForm(context, new Uri(manifest.PostUrl));
        var features = ProviderFeature.Of(!form.Switch, form.SignIn);
        using var json = System.Text.Json.JsonDocument.Parse(manifest.Manifest);
        return PanelPage.Of<RegisterPage>(
            (nameof(RegisterPage.Form), form),
            (nameof(RegisterPage.Manifest), manifest),
            (nameof(RegisterPage.Permissions), AppManifest.PermissionsOf(features).Select(one => new PermissionResource(one.Name, one.Level, null, one.Why)).ToList()),
            (nameof(RegisterPage.Events), polls ? [] : AppManifest.EventsOf(features)),
            (nameof(RegisterPage.WebhookUrl), json.RootElement.TryGetProperty("hook_attributes", out var hook) ? hook.GetProperty("url").GetString() : null),
            (nameof(RegisterPage.CallbackUrl), json.RootElement.GetProperty("callback_urls")[0].GetString()),
            (nameof(RegisterPage.Probe), probed));
    }

    private static async Task<IResult> AddAsync(HttpContext context, ProviderRegistration registration, ProviderView view, CancellationToken cancellation)
    {
        var form = await ProviderForm.ReadAsync(context, byHand: true);
        var given = await context.Request.ReadFormAsync(cancellation);
        string? Secret(string name) => given[name].ToString() is { Length: > 0 } text ? text : null;
        var isNumber = long.TryParse(form.AppId, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id);
        var request = new ProviderEndpoints.NewProvider(form.Name, null, form.WebUrl, isNumber ? id : null, isNumber ? null : form.AppId, Secret("privateKey"), Secret("keyIn"), Secret("webhookSecret"), Secret("token"), Secret("clientSecret"));
        var (provider, problem) = PanelPage.Take<ProviderResource>(await ProviderEndpoints.AddAsync(request, context, registration, view, cancellation));
        return provider is null ? Show(form, problem) : PanelPage.SeeOther(context, $"{ProviderPages.Root}/{provider.Slug}", "GitHub accepts the credentials; they are in the vault.");
    }

    /// <summary>The browser comes back from GitHub with a code.</summary>
    private static async Task<IResult> CompleteAsync(
        string? code, string? state, string? error, HttpContext context, ProviderRegistration registration, ProviderView view, CancellationToken cancellation)
    {
        if (code is null && error is not null)
        {
            return Problem.Invalid($"GitHub registered no App: it says \"{error}\". Nothing was stored here.", pointer: null, new NextStep("Begin again", New));
        }

        string? note = null;
        var (provider, problem) = PanelPage.Take<ProviderResource>(await ProviderEndpoints.CompleteFromAsync(new(code, state), context, registration, view, registered =>
            note = registered.Wanted is { } wanted && !wanted.Equals(registered.Provider.OwnerLogin, StringComparison.OrdinalIgnoreCase)
                ? $"The App belongs to {registered.Provider.OwnerLogin}, not to {wanted} as you had asked: it can be installed on {registered.Provider.OwnerLogin} alone."
                : null, cancellation));
        if (provider is not null)
        {
            return PanelPage.SeeOther(context, $"{ProviderPages.Root}/{provider.Slug}", note ?? "The App is registered; its key and secrets are in the vault. Install it next.");
        }

        // The code is still good where GitHub could not be asked: the same address again.
        return problem is ProblemHttpResult { StatusCode: StatusCodes.Status502BadGateway } down
            ? Problem.Upstream(down.ProblemDetails.Detail + " Nothing was stored, and the code is good for an hour.", new NextStep("Try again", context.Request.Path + context.Request.QueryString), new NextStep("Begin again", New))
            : problem!;
    }

    private static RazorComponentResult Show(ProviderForm form, IResult? problem = null, string? detail = null, ProbeResult? probe = null)
    {
        var told = (problem is INestedHttpResult nested ? nested.Result : problem) as ProblemHttpResult;
        var page = PanelPage.Of<NewProviderPage>(
            (nameof(NewProviderPage.Form), form),
            (nameof(NewProviderPage.Wrong), detail ?? told?.ProblemDetails.Detail),
            (nameof(NewProviderPage.Next), told?.ProblemDetails.Extensions.TryGetValue("next", out var next) == true && next is NextStep[] steps ? steps : []),
            (nameof(NewProviderPage.Probe), probe));
        page.StatusCode = detail is not null || told is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        return page;
    }
}
