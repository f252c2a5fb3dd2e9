namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>
/// Decides about bearer tokens. Requests implements it over its own keys; the other services ask Requests. An implementation must
/// compare secrets in constant time or by hash, check expiry and revocation, and answer <see cref="TokenInfo.Inactive"/> for
/// anything it does not know.
/// </summary>
public interface ITokenValidator
{
    /// <summary>What is known about a token.</summary>
    /// <exception cref="TokenValidatorUnavailableException">It cannot be decided now; the caller gets 503, never access.</exception>
    Task<TokenInfo> ValidateAsync(string token, CancellationToken cancellationToken);
}
