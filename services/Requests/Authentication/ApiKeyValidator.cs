using Marten;
using Npgsql;
using Workspaces.Requests.Users;
using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.Requests.Authentication;

/// <summary>
/// Decides about API keys. Looks each up by its hash, so that how long an answer takes says nothing about how much of a guess was
/// right, and caches nothing, so that a removed key ends at once.
/// </summary>
public sealed class ApiKeyValidator(IDocumentStore store, TimeProvider clock) : ITokenValidator
{
    /// <inheritdoc/>
    public async Task<TokenInfo> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        if (!ApiKey.IsWellFormed(token))
        {
            return TokenInfo.Inactive;
        }

        try
        {
            return await LookUpAsync(ApiKey.HashOf(token), cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException || exception.InnerException is NpgsqlException)
        {
            throw new TokenValidatorUnavailableException("API keys cannot be read from the database.", exception);
        }
    }

    private async Task<TokenInfo> LookUpAsync(string hash, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var key = await session.Query<ApiKey>().FirstOrDefaultAsync(candidate => candidate.Hash == hash, cancellationToken);
        if (key is null || key.ExpiresAt <= clock.GetUtcNow())
        {
            return TokenInfo.Inactive;
        }

        var user = key.User is null ? null : await session.LoadAsync<User>(User.StreamOf(key.User), cancellationToken);
        if (key.User is not null && user is null)
        {
            return TokenInfo.Inactive;
        }

        return new TokenInfo
        {
            Active = true,
            Subject = key.User ?? key.Id,
            Username = key.User,
            ClientId = key.Id,
            Key = key.Id,
            Scope = string.Join(' ', key.Scopes),
            ExpiresAt = key.ExpiresAt?.ToUnixTimeSeconds(),
            Roles = user is null ? null : [user.Profile.Role.ToString().ToLowerInvariant()],
        };
    }
}
