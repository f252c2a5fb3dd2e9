using Microsoft.AspNetCore.Authorization;

namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>The bearer must have a scope. It decides by itself, and as endpoint metadata it tells a refused client what was missing.</summary>
/// <param name="scope">The scope.</param>
public sealed class ScopeRequirement(string scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    /// <summary>The scope.</summary>
    public string Scope { get; } = scope;

    /// <inheritdoc/>
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.HasScope(requirement.Scope))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
