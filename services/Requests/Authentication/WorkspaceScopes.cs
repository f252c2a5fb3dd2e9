using Microsoft.AspNetCore.Authorization;
using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.Requests.Authentication;

/// <summary>Who may call the workspace API: bearers with the scope, and bearers that act for a user.</summary>
public static class WorkspaceScopes
{
    /// <summary>
    /// Demands <paramref name="scope"/>. A call with <c>On-Behalf-Of</c> needs <see cref="Scopes.WorkspacesActFor"/> instead: it does
    /// what that user may do, and a key such as the Proxy's can do nothing without naming one.
    /// </summary>
    public static TBuilder RequireWorkspaceScope<TBuilder>(this TBuilder endpoints, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Allows(context, scope)))
            .WithMetadata(new ScopeRequirement(scope)); // tells a refused client what was missing

    private static bool Allows(AuthorizationHandlerContext context, string scope) =>
        context.User.HasScope(scope)
        || (context.User.HasScope(Scopes.WorkspacesActFor) && context.Resource is HttpContext http && http.Request.Headers.ContainsKey(CallerResolver.OnBehalfOf));
}
