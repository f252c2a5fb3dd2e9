using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>
/// Asks Requests about tokens (RFC 7662) and remembers the answers for a short time: that is how long a revoked key goes on
/// working here. Tokens are remembered only as hashes.
/// </summary>
internal sealed class IntrospectingTokenValidator(HttpClient requests, IntrospectionCache cache, TimeProvider clock) : ITokenValidator
{
    public static readonly TimeSpan ActiveFor = TimeSpan.FromSeconds(30);

    /// <summary>Shorter, so that a key works soon after it was made, and long enough to blunt guessing.</summary>
    public static readonly TimeSpan InactiveFor = TimeSpan.FromSeconds(5);

    public async Task<TokenInfo> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (cache.Entries.TryGetValue(hash, out TokenInfo? known) && known is not null)
        {
            return IsExpired(known) ? TokenInfo.Inactive : known;
        }

        var info = await AskAsync(token, cancellationToken);
        using var entry = cache.Entries.CreateEntry(hash);
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = info.Active ? ActiveFor : InactiveFor;
        entry.Value = info;
        return IsExpired(info) ? TokenInfo.Inactive : info;
    }

    private bool IsExpired(TokenInfo info) => info.ExpiresAt is { } seconds && seconds <= clock.GetUtcNow().ToUnixTimeSeconds();

    private async Task<TokenInfo> AskAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            using var form = new FormUrlEncodedContent([new("token", token)]);
            using var response = await requests.PostAsync(new Uri("internal/v1/introspect", UriKind.Relative), form, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new TokenValidatorUnavailableException(
                    $"Requests answered {(int)response.StatusCode} to introspection; this service's own key needs the scope '{Scopes.Introspect}'.");
            }

            return await response.Content.ReadFromJsonAsync<TokenInfo>(cancellationToken)
                ?? throw new TokenValidatorUnavailableException("Requests answered introspection with null.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new TokenValidatorUnavailableException($"Requests cannot be asked about tokens: {e.Message}", e);
        }
    }
}
