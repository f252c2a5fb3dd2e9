using System.Security.Claims;

namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>Reads the claims that <see cref="BearerTokenHandler"/> makes.</summary>
public static class ClaimsPrincipalExtensions
{
    /// <summary>User's or key's name.</summary>
    /// <exception cref="InvalidOperationException">The request is not authenticated: the endpoint lacks its policy.</exception>
    public static string Subject(this ClaimsPrincipal principal) =>
        principal.FindFirstValue(ClaimNames.Subject) ?? throw new InvalidOperationException("The request is not authenticated.");

    /// <summary>User's name; null where the token belongs to no user.</summary>
    public static string? Username(this ClaimsPrincipal principal) => principal.FindFirstValue(ClaimNames.Username);

    /// <summary>Name of the API key or OIDC client, if the token says it.</summary>
    public static string? ClientId(this ClaimsPrincipal principal) => principal.FindFirstValue(ClaimNames.ClientId);

    /// <summary>Whether the bearer has the scope, or <see cref="Scopes.Admin"/>.</summary>
    public static bool HasScope(this ClaimsPrincipal principal, string scope) =>
        principal.HasClaim(ClaimNames.Scope, scope) || principal.HasClaim(ClaimNames.Scope, Scopes.Admin);
}
