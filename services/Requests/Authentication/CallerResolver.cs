using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Requests.Users;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Authentication;

/// <summary>Finds out for whom a request is: its bearer, or the user named by <c>On-Behalf-Of</c> where the bearer may do that.</summary>
public sealed class CallerResolver(UserStore users)
{
    /// <summary>Name of the header.</summary>
    public const string OnBehalfOf = "On-Behalf-Of";

    /// <summary>The caller, or why there is none.</summary>
    public async Task<(Caller? Caller, ProblemHttpResult? Problem)> ResolveAsync(HttpContext context)
    {
        var principal = context.User;
        var header = context.Request.Headers[OnBehalfOf];
        if (header.Count == 0)
        {
            return (new Caller(principal.Username() ?? principal.Subject(), principal.Username(), SeesAll(context)), null);
        }

        if (!principal.HasScope(Scopes.WorkspacesActFor))
        {
            return (null, Problems.Problem(
                "insufficient-scope", StatusCodes.Status403Forbidden, $"Acting for another user needs a token with the scope '{Scopes.WorkspacesActFor}'."));
        }

        if (header.Count != 1 || header[0] is not { } name || !UserRules.IsName(name) || await users.FindAsync(name, context.RequestAborted) is null)
        {
            return (null, Problems.Problem(
                "unknown-user", StatusCodes.Status422UnprocessableEntity, $"{OnBehalfOf}: there is no such user. Name exactly one that exists."));
        }

        // As that user, and no more: the bearer's own rights do not add to theirs.
        return (new Caller(principal.ClientId() ?? principal.Subject(), name, SeesAll: false), null);
    }

    /// <summary>Whether the bearer is an operator, by role or because the key may do everything.</summary>
    private static bool SeesAll(HttpContext context) =>
        context.User.IsInRole("operator") || context.User.IsInRole("admin") || context.User.HasScope(Scopes.Admin);
}
