using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Reconciling;

/// <summary>Brings one kind of object nearer to what it asks for, from the present state alone: what woke it does not matter.</summary>
internal interface IReconciler
{
    /// <summary>The kind it looks after.</summary>
    ResourceType Type { get; }

    /// <summary>Other kinds whose changes concern it.</summary>
    IReadOnlyList<ResourceType> Watched { get; }

    /// <summary>
    /// The objects of <see cref="Type"/> that an object of a watched kind concerns, as it is now or as it was before a change of labels or owner.
    /// </summary>
    IEnumerable<ObjectKey> Concerned(StoredObject changed);

    /// <summary>Does what is due; returns after which time to look again, or null when only a change can lead to more.</summary>
    Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct);
}
