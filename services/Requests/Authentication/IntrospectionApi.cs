using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Authentication;

/// <summary>Token introspection for the other services (RFC 7662).</summary>
public static class IntrospectionApi
{
    /// <summary>Maps <c>POST /internal/v1/introspect</c>.</summary>
    public static IEndpointRouteBuilder MapIntrospectionApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/internal/v1/introspect", IntrospectAsync)
            .WithName("Introspect")
            .WithTags("internal")
            .DisableAntiforgery()
            .RequireAuthorization(policy => policy.RequireAssertion(context =>
                context.User.HasScope(Scopes.Introspect) || context.User.HasScope(Scopes.DirectoryRead)));
        return endpoints;
    }

    private static async Task<Results<Ok<TokenInfo>, ProblemHttpResult>> IntrospectAsync(
        [FromForm] string? token, ITokenValidator validator, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(token)
            ? Problems.Problem("missing-parameter", StatusCodes.Status400BadRequest, "Send the token as the form field 'token' (RFC 7662 section 2.1).")
            : TypedResults.Ok(await validator.ValidateAsync(token, cancellationToken));
}
