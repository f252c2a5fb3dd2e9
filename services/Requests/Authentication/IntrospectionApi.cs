using Microsoft.AspNetCore.Http.HttpResults;
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
            .Accepts<IntrospectionRequest>("application/x-www-form-urlencoded")
            .RequireAuthorization(policy => policy.RequireAssertion(context =>
                context.User.HasScope(Scopes.Introspect) || context.User.HasScope(Scopes.DirectoryRead)));
        return endpoints;
    }

    private static async Task<Results<Ok<TokenInfo>, ProblemHttpResult>> IntrospectAsync(
        HttpRequest request, ITokenValidator validator, CancellationToken cancellationToken)
    {
        var token = request.HasFormContentType ? (await request.ReadFormAsync(cancellationToken))["token"].ToString() : "";
        return token.Length == 0
            ? Problems.Problem("missing-parameter", StatusCodes.Status400BadRequest, "Send the token as the form field 'token' (RFC 7662 section 2.1).")
            : TypedResults.Ok(await validator.ValidateAsync(token, cancellationToken));
    }

    /// <summary>The form, for the description of the endpoint.</summary>
    /// <param name="Token">The token.</param>
    private sealed record IntrospectionRequest(string Token);
}
