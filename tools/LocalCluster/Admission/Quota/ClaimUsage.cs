using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>Claims and the storage that they request, in all and of their class.</summary>
internal sealed class ClaimUsage() : UsageRules(ResourceTypes.PersistentVolumeClaims)
{
    private const string Claims = "persistentvolumeclaims";
    private const string Storage = "requests.storage";
    private const string OfClass = ".storageclass.storage.k8s.io/";

    /// <summary>A claim can grow, and its status can say that more was allocated.</summary>
    public override bool Handles(AdmissionRequest request) => request.Subresource is null
        || (request.Subresource == "status" && request.Object.Text("status", "allocatedResources", "storage") != request.Old.Text("status", "allocatedResources", "storage"));

    public override bool Counts(string resource) =>
        resource is Claims or Storage || resource == CountName
        || resource.EndsWith(OfClass + Claims, StringComparison.Ordinal) || resource.EndsWith(OfClass + Storage, StringComparison.Ordinal);

    public override Amounts Usage(JsonObject obj, DateTimeOffset now)
    {
        var usage = new Amounts { [CountName] = Quantity.One, [Claims] = Quantity.One };
        var storageClass = obj.Text("metadata", "annotations", "volume.beta.kubernetes.io/storage-class") ?? obj.Text("spec", "storageClassName");
        var hasClass = !string.IsNullOrEmpty(storageClass);
        if (hasClass)
        {
            usage[storageClass + OfClass + Claims] = Quantity.One;
        }

        var wanted = Amounts.Of(obj.At("spec", "resources", "requests"));
        if (wanted.TryGetValue("storage", out var size))
        {
            if (Amounts.Of(obj.At("status", "allocatedResources")).TryGetValue("storage", out var allocated) && allocated > size)
            {
                size = allocated;
            }

            usage[Storage] = size.RoundedUp;
            if (hasClass)
            {
                usage[storageClass + OfClass + Storage] = size.RoundedUp;
            }
        }

        return usage;
    }

    public override bool Meets(ScopeRequirement requirement, JsonObject obj)
    {
        if (requirement.Scope != "VolumeAttributesClass")
        {
            return false;
        }

        var names = new[]
        {
            obj.Text("spec", "volumeAttributesClassName"), obj.Text("status", "currentVolumeAttributesClassName"),
            obj.Text("status", "modifyVolumeStatus", "targetVolumeAttributesClassName"),
        }.Where(n => !string.IsNullOrEmpty(n)).ToList();
        return names.Count == 0 ? requirement.Holds(null) : names.Any(requirement.Holds);
    }
}
