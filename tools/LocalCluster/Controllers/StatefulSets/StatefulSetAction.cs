using k8s.Models;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>One thing to do to a StatefulSet's pods.</summary>
internal abstract record StatefulSetAction
{
    /// <summary>Make the pod of an ordinal.</summary>
    public sealed record Create(long Ordinal) : StatefulSetAction;

    /// <summary>Delete a pod: it is too many, of an old revision, or has ended.</summary>
    public sealed record Delete(V1Pod Pod) : StatefulSetAction;
}
