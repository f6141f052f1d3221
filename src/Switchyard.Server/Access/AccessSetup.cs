using Microsoft.AspNetCore.Authentication;
using Switchyard.Server.Access.Audit;

namespace Switchyard.Server.Access;

public static class AccessSetup
{
    private const string Either = "TokenOrSession";

    public static IHostApplicationBuilder AddAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section)
            .Validate(options => options.MembershipInterval >= TimeSpan.FromSeconds(10), "Access:MembershipInterval must be at least 00:00:10.")
            .Validate(options => options.MembershipGrace >= options.MembershipInterval, "Access:MembershipGrace must be at least Access:MembershipInterval.")
            .Validate(options => options.MirrorsReading || options.ReadPermission.Equals("everything", StringComparison.OrdinalIgnoreCase), "Access:ReadPermission must be everything or github.")
            .Validate(options => options.ReadPermissionLifetime >= TimeSpan.FromMinutes(10), "Access:ReadPermissionLifetime must be at least 00:10:00.")
            .Validate(options => options.SessionCookie.Length > 0 && options.SessionCookie.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'), "Access:SessionCookie must be letters, digits, _ and -.")
            .ValidateOnStart();
        builder.Services.AddHostedService<OpenLimitedReading>();
        builder.Services.AddSingleton<TokenStore>();
        builder.Services.AddHostedService<LocalAccess>();
        builder.Services.AddSingleton<AuditStore>();
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddAuthentication(Either)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null)
            .AddPolicyScheme(Either, null, options => options.ForwardDefaultSelector = SchemeOf);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(nameof(Role.Viewer), policy => policy.RequireRole(nameof(Role.Viewer)))
            .AddPolicy(nameof(Role.Operator), policy => policy.RequireRole(nameof(Role.Operator)))
            .AddPolicy(nameof(Role.Admin), policy => policy.RequireRole(nameof(Role.Admin)));
        return builder;
    }

    /// <summary>Who somebody is, what is kept of it, and what they may do.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app)
    {
        app.UseAuthentication();
        AuditTrail.Use(app);
        app.UseAuthorization();
        LimitReading.Use(app);
        return app;
    }

    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapTokens();
        AuditEndpoints.Map(routes);
        return routes;
    }

    /// <summary>
    /// Programs send a token, browsers a cookie. The API takes the cookie to read, so that a page can link to it, and is told what is
    /// missing as programs are.
    /// </summary>
    private static string SchemeOf(HttpContext context) =>
        context.Request.Headers.Authorization.Count > 0
        || (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            && !(HttpMethods.IsGet(context.Request.Method) && Session.SecretOf(context) is not null))
            ? TokenAuthentication.SchemeName
            : SessionAuthentication.SchemeName;
}
