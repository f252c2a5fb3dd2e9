using Marten;
using Workspaces.Requests.Storage;
using Workspaces.Requests.Users;
using Workspaces.Requests.Users.Keys;

namespace Workspaces.Requests.Authentication;

/// <summary>Makes the users and keys of the bootstrap file known, each time the service starts; what is there already stays as it is.</summary>
public sealed class Bootstrapper(BootstrapFile file, IDocumentStore store, UserStore users, TimeProvider clock, ILogger<Bootstrapper> logger) : IStorePreparation
{
    private const string RequestedBy = "bootstrap";

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var user in file.Users)
        {
            await SaveAsync(user, cancellationToken);
        }

        await using var session = store.LightweightSession();
        foreach (var key in file.Keys)
        {
            session.Store(new ApiKey
            {
                Id = key.Name,
                Hash = ApiKey.HashOf(key.Key!),
                Scopes = key.Scopes,
                User = key.User,
                ExpiresAt = key.ExpiresAt,
                FromBootstrap = true,
                CreatedAt = (await session.LoadAsync<ApiKey>(key.Name, cancellationToken))?.CreatedAt ?? clock.GetUtcNow(),
            });
        }

        await session.SaveChangesAsync(cancellationToken);
        AuthenticationLog.Bootstrapped(logger, file.Users.Count, file.Keys.Count);
    }

    private async Task SaveAsync(BootstrapUser user, CancellationToken cancellationToken)
    {
        if ((await users.SaveAsync(user.Profile, RequestedBy, cancellationToken)).User is null)
        {
            AuthenticationLog.BootstrapNameTaken(logger, user.Name);
            return;
        }

        foreach (var line in user.SshKeys)
        {
            var key = SshPublicKeyParser.Parse(line, out _)!;
            if ((await users.AddKeyAsync(user.Name, key, RequestedBy, cancellationToken)).Outcome is KeyAddition.Others)
            {
                AuthenticationLog.BootstrapKeyTaken(logger, user.Name, key.Fingerprint);
            }
        }
    }
}
