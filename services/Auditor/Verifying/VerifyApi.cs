using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Verifying;

/// <summary><c>GET /v1/log/verify</c>.</summary>
internal static class VerifyApi
{
    public static IHostApplicationBuilder AddVerification(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LogVerifier>();
        return builder;
    }

    public static IEndpointRouteBuilder MapVerifyApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/log/verify", VerifyAsync).RequireScope(Scopes.EventsRead).WithName("VerifyLog");
        return routes;
    }

    private static async Task<Results<Ok<Verification>, ProblemHttpResult>> VerifyAsync(
        LogVerifier verifier, CancellationToken cancellationToken, long? from = null, long? to = null) =>
        from is < 1 || to is < 1 || from > to
            ? Problems.Problem("invalid-parameter", StatusCodes.Status400BadRequest, "'from' and 'to' are sequences in the log, 1 or more, and 'from' is not after 'to'.")
            : TypedResults.Ok(await verifier.VerifyAsync(from, to, cancellationToken));
}
