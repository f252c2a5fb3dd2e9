using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Users.Api;

/// <summary>The way to one user: oneself, or anybody for who manages users.</summary>
public sealed class UserAccess(UserStore users)
{
    /// <summary>
    /// Whether the bearer manages users: an admin, or a key of no user that has the scope (the route demanded it), such as that of
    /// a directory synchronisation.
    /// </summary>
    public static bool ManagesUsers(HttpContext context) =>
        context.User.IsInRole("admin") || context.User.HasScope(Scopes.Admin) || context.User.Username() is null;

    /// <summary>A user that the bearer may see and change.</summary>
    public async Task<(User? User, ProblemHttpResult? Problem)> FindAsync(string name, HttpContext context)
    {
        var mayKnow = ManagesUsers(context) || context.User.Username() == name;
        return mayKnow && UserRules.IsName(name) && await users.FindAsync(name, context.RequestAborted) is { } user
            ? (user, null)
            : (null, Problems.Problem("user-not-found", StatusCodes.Status404NotFound, "There is no such user, or they are not you."));
    }
}
