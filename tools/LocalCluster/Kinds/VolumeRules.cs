using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>PersistentVolumes: how much, how it is used, and where it is.</summary>
internal sealed class VolumeRules : KindRules
{
    private static readonly string[] Modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
    private static readonly string[] ReclaimPolicies = ["Delete", "Recycle", "Retain"];
    private static readonly string[] VolumeModes = ["Block", "Filesystem"];

    private static readonly string[] Sources =
    [
        "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker", "gcePersistentDisk", "glusterfs", "hostPath", "iscsi",
        "local", "nfs", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
    ];

    public override void Default(JsonObject obj)
    {
        obj.Ensure("spec").SetDefault("persistentVolumeReclaimPolicy", "Retain");
        obj.Ensure("spec").SetDefault("volumeMode", "Filesystem");
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var spec = obj["spec"]!.AsObject();
        var modes = (spec["accessModes"] as JsonArray ?? []).Select(m => (string?)m ?? "").ToList();
        if (modes.Count == 0)
        {
            errors.Add(FieldError.Required("spec.accessModes"));
        }

        errors.AddRange(modes.Where(m => !Modes.Contains(m)).Select(m => FieldError.NotSupported("spec.accessModes", FieldError.Quote(m), Modes)));
        Capacity(spec["capacity"], errors);
        Checks.Known(spec, "persistentVolumeReclaimPolicy", "spec", ReclaimPolicies, errors);
        if (!Sources.Any(s => spec[s] is JsonObject))
        {
            errors.Add(FieldError.Required("spec", "must specify a volume type"));
        }

        if (spec["hostPath"] is JsonObject host)
        {
            Checks.Given(host, "path", "spec.hostPath", errors);
            Checks.NoBacksteps(host.Text("path") ?? "", "spec.hostPath.path", errors);
        }

        Checks.Name(spec, "storageClassName", "spec", Names.WrongSubdomain, errors);
        Checks.Known(spec, "volumeMode", "spec", VolumeModes, errors);
    }

    private static void Capacity(JsonNode? node, List<FieldError> errors)
    {
        var capacity = Amounts.Of(node);
        if (capacity.Count == 0)
        {
            errors.Add(FieldError.Required("spec.capacity"));
        }

        if (!capacity.TryGetValue("storage", out var size) || capacity.Count > 1)
        {
            errors.Add(FieldError.NotSupported("spec.capacity", GoStructs.Any(node), "storage"));
        }
        else if (size <= Quantity.Zero)
        {
            errors.Add(FieldError.Invalid("spec.capacity[storage]", FieldError.Quote(size.ToString()), "must be greater than zero"));
        }
    }
}
