namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// Who owns a workload's replica count, seen from its scale and back: <c>spec.replicas</c> of the Scale is <c>spec.replicas</c> of the workload.
/// </summary>
internal static class ScaleOwnership
{
    public const string ApiVersion = "autoscaling/v1";

    private static readonly PathElement[] Replicas = [PathElement.Field("spec"), PathElement.Field("replicas")];
    private static readonly FieldSet ReplicasOnly = FieldSet.OfFields("spec.replicas");

    /// <summary>The entries that a Scale of the workload has.</summary>
    public static ManagedFields ToScale(ManagedFields parent, string parentVersion)
    {
        var scale = new ManagedFields();
        foreach (var manager in parent.Managers)
        {
            var owned = parent.Find(manager)!;
            if (owned.ApiVersion == parentVersion && owned.Fields.Has(Replicas))
            {
                scale.Set(manager, new OwnedFields(ReplicasOnly, ApiVersion, owned.Time));
            }
        }

        return scale;
    }

    /// <summary>
    /// The workload's entries after its Scale was written: who is no longer among the Scale's owners lost the replica count, who is new there has it.
    /// </summary>
    public static ManagedFields ToParent(ManagedFields parent, ManagedFields scale, string parentVersion)
    {
        var result = new ManagedFields();
        foreach (var manager in parent.Managers)
        {
            var owned = parent.Find(manager)!;
            if (owned.ApiVersion == parentVersion)
            {
                var stolen = owned.Fields.Has(Replicas) && scale.Find(manager) is null;
                result.Set(manager, stolen ? owned with { Fields = owned.Fields.Except(ReplicasOnly) } : owned);
            }
        }

        foreach (var manager in scale.Managers.Where(m => result.Find(m) is null || !parent[m].Has(Replicas)))
        {
            // As the API server does it, an owner that comes with the scale has no time of its own.
            if (scale[manager].Has(Replicas))
            {
                result.Set(manager, new OwnedFields(ReplicasOnly, parentVersion, parent.Find(manager)?.Time));
            }
        }

        return result;
    }
}
