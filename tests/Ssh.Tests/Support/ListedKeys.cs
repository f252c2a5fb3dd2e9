using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Keys;

namespace Workspaces.Ssh.Tests.Support;

/// <summary>Lets in whoever holds one of the listed keys, or what a test decides.</summary>
internal sealed class ListedKeys(params SshPublicKey[] keys) : IServerAuthenticator
{
    public Func<LoginAttempt, CancellationToken, ValueTask<AuthenticationDecision>> Decide { get; init; } =
        (_, _) => ValueTask.FromResult(AuthenticationDecision.Accept);

    public List<LoginAttempt> Attempts { get; } = [];

    public ValueTask<bool> IsKnownKeyAsync(PresentedKey key, CancellationToken cancellationToken) => ValueTask.FromResult(keys.Contains(key.Key));

    public ValueTask<AuthenticationDecision> DecideAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        Attempts.Add(attempt);
        return keys.Contains(attempt.Key.Key) ? Decide(attempt, cancellationToken) : ValueTask.FromResult(AuthenticationDecision.Deny);
    }
}
