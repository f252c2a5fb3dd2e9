using k8s;
using k8s.Models;
using Workspaces.Cluster.Connecting;

namespace Workspaces.Cluster.Leading;

/// <summary>
/// A lease that one process holds at a time (https://kubernetes.io/docs/concepts/architecture/leases/). Clocks of different machines are
/// never compared: a foreign lease counts as expired when it has not changed for its duration, measured here. Unlike the client
/// library's elector it can be released, so that a restart takes over at once.
/// </summary>
public sealed class LeaderLease(IKubernetes kubernetes, string @namespace, string name, string identity, LeadershipOptions options, TimeProvider time)
{
    private string? _seenVersion;
    private long _seenAt;

    /// <summary>Who we are in the lease.</summary>
    public string Identity => identity;

    /// <summary>Takes the lease where it is free or expired, or renews it where it is ours.</summary>
    /// <returns>Whether it is ours now.</returns>
    public async Task<bool> TryHoldAsync(CancellationToken cancellation)
    {
        try
        {
            if (await ReadAsync(cancellation).ConfigureAwait(false) is not { } lease)
            {
                await kubernetes.CoordinationV1.CreateNamespacedLeaseAsync(New(), @namespace, cancellationToken: cancellation).ConfigureAwait(false);
                return true;
            }

            if (!MayTake(lease))
            {
                return false;
            }

            Take(lease);
            await kubernetes.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, name, @namespace, cancellationToken: cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (ClusterError.Of(e)?.Kind is ClusterErrorKind.Conflict or ClusterErrorKind.AlreadyExists)
        {
            return false; // somebody else was faster
        }
    }

    /// <summary>Gives the lease back, if it is ours.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        try
        {
            if (await ReadAsync(cancellation).ConfigureAwait(false) is { } lease && lease.Spec.HolderIdentity == identity)
            {
                lease.Spec.HolderIdentity = "";
                await kubernetes.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, name, @namespace, cancellationToken: cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Conflict))
        {
            // Taken over meanwhile: nothing to give back.
        }
    }

    private bool MayTake(V1Lease lease)
    {
        if (string.IsNullOrEmpty(lease.Spec?.HolderIdentity) || lease.Spec.HolderIdentity == identity)
        {
            return true;
        }

        if (lease.ResourceVersion() != _seenVersion)
        {
            (_seenVersion, _seenAt) = (lease.ResourceVersion(), time.GetTimestamp());
        }

        var duration = TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? options.LeaseDuration.TotalSeconds);
        return time.GetElapsedTime(_seenAt) > duration;
    }

    private void Take(V1Lease lease)
    {
        var now = time.GetUtcNow().UtcDateTime;
        lease.Spec ??= new V1LeaseSpec();
        if (lease.Spec.HolderIdentity != identity)
        {
            lease.Spec.HolderIdentity = identity;
            lease.Spec.AcquireTime = now;
            lease.Spec.LeaseTransitions = (lease.Spec.LeaseTransitions ?? 0) + 1;
        }

        lease.Spec.LeaseDurationSeconds = Seconds();
        lease.Spec.RenewTime = now;
    }

    private V1Lease New()
    {
        var lease = new V1Lease { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace } };
        Take(lease);
        return lease;
    }

    private int Seconds() => (int)Math.Ceiling(options.LeaseDuration.TotalSeconds);

    private async Task<V1Lease?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await kubernetes.CoordinationV1.ReadNamespacedLeaseAsync(name, @namespace, cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            return null;
        }
    }
}
