using System.Security.Cryptography;
using Marten;
using Workspaces.Requests.Storage;

namespace Workspaces.Requests.Authentication;

/// <summary>API keys that an administrator makes and revokes at run time.</summary>
public sealed class ApiKeyStore(IDocumentStore store, TimeProvider clock)
{
    /// <summary>Random characters of a new key: about 256 bits.</summary>
    private const int SecretLength = 43;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>All keys, also those that have expired.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.Query<ApiKey>().OrderBy(key => key.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Makes a key and returns its secret, which nobody can read again; null: the name is taken.</summary>
    public async Task<(ApiKey Key, string Secret)?> CreateAsync(
        string name, IReadOnlyList<string> scopes, string? user, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var secret = ApiKey.Prefix + RandomNumberGenerator.GetString(Alphabet, SecretLength);
        var now = clock.GetUtcNow();
        var key = new ApiKey { Id = name, Hash = ApiKey.HashOf(secret), Scopes = scopes, User = user, CreatedAt = now, ExpiresAt = now + lifetime };
        await using var session = store.LightweightSession();
        session.Insert(key);
        try
        {
            await session.SaveChangesAsync(cancellationToken);
            return (key, secret);
        }
        catch (Exception exception) when (AlreadyThere.TypesIn(exception) is { Count: > 0 })
        {
            return null;
        }
    }

    /// <summary>Revokes a key: from the next call on it is unknown here, and at the other services when their caches forget it.</summary>
    public async Task<KeyRevocation> RevokeAsync(string name, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession();
        switch (await session.LoadAsync<ApiKey>(name, cancellationToken))
        {
            case null:
                return KeyRevocation.NotFound;

            case { FromBootstrap: true }:
                return KeyRevocation.FromBootstrap;

            default:
                session.Delete<ApiKey>(name);
                await session.SaveChangesAsync(cancellationToken);
                return KeyRevocation.Revoked;
        }
    }
}
