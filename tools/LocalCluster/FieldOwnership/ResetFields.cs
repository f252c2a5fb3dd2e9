using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// What a way of writing cannot change, and so does not come to own: the status where the object is written, the spec where its status is.
/// </summary>
internal static class ResetFields
{
    private static readonly FieldSet Status = FieldSet.OfFields("status");
    private static readonly FieldSet Spec = FieldSet.OfFields("spec");
    private static readonly FieldSet SpecAndLabels = FieldSet.OfFields("spec", "metadata.labels");
    private static readonly FieldSet PodStatus = FieldSet.OfFields("spec", "metadata.deletionTimestamp", "metadata.ownerReferences");

    public static FieldSet Of(ResourceType type, string? subresource) => subresource switch
    {
        "status" when type == ResourceTypes.Pods => PodStatus,
        "status" when type == ResourceTypes.Deployments => SpecAndLabels,
        "status" => Spec,
        "ephemeralcontainers" or "resize" => FieldSet.Empty,
        _ => type.HasStatus ? Status : FieldSet.Empty,
    };
}
