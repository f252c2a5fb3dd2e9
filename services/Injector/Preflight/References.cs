using k8s;
using k8s.Autorest;
using Workspaces.Cluster.Connecting;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Injector.Planning;

namespace Workspaces.Injector.Preflight;

/// <summary>
/// Looks whether what a blueprint refers to is in the target's namespace: the cluster would take the workload without it, and its pods
/// would wait for it.
/// </summary>
internal sealed class References(IKubernetes kubernetes)
{
    /// <summary>The first thing that is missing, or <see langword="null"/>.</summary>
    public async Task<Refusal?> CheckAsync(Blueprint blueprint, string ns, CancellationToken cancellation)
    {
        var secrets = (blueprint.ImagePullSecrets ?? []).Select(name => (name, "pull secret", FailureReason.ImagePull))
            .Concat((blueprint.Secrets?.Values ?? []).Select(secret => (secret.Secret, "Secret", FailureReason.Volume)));
        foreach (var (name, what, reason) in secrets)
        {
            if (!await ExistsAsync(() => kubernetes.CoreV1.ReadNamespacedSecretAsync(name, ns, cancellationToken: cancellation)))
            {
                return new Refusal(reason, $"The {what} '{name}' of blueprint '{blueprint.Name}' is not in namespace {ns}. Create it there.");
            }
        }

        foreach (var storage in (blueprint.Storage?.Values ?? []).Where(storage => storage.Claim is not null))
        {
            if (!await ExistsAsync(() => kubernetes.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(storage.Claim, ns, cancellationToken: cancellation)))
            {
                return new Refusal(FailureReason.Volume, $"The claim '{storage.Claim}' of blueprint '{blueprint.Name}' is not in namespace {ns}. Create it there.");
            }
        }

        return null;
    }

    private static async Task<bool> ExistsAsync<T>(Func<Task<T>> read)
    {
        try
        {
            await read();
            return true;
        }
        catch (HttpOperationException e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            return false;
        }
    }
}
