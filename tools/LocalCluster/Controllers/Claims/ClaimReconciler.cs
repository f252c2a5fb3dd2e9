using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Node;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Claims;

/// <summary>
/// Binds claims to folders: a claim of the default class (or of a StorageClass that exists) gets a volume of its own, made
/// for it; a claim of the class "" or with a volumeName gets a volume that exists. When a claim is gone, its volume is
/// deleted with its content or kept, as its reclaim policy says.
/// </summary>
internal sealed class ClaimReconciler(IClusterApi api, string folder) : IReconciler
{
    private const string Component = "persistentvolume-controller";
    private const string Provisioner = "localcluster/folders";
    private const string DefaultClass = "standard";

    public ResourceType Type => ResourceTypes.PersistentVolumeClaims;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.PersistentVolumes, ResourceTypes.StorageClasses];

    public IEnumerable<ObjectKey> Concerned(StoredObject changed)
    {
        if (changed.Type == ResourceTypes.PersistentVolumes && changed.Json.At("spec", "claimRef") is { } reference)
        {
            return [new ObjectKey(reference.Text("namespace") ?? "", reference.Text("name") ?? "")];
        }

        // A new class or volume may be what any waiting claim needs.
        return api.List(Type).Items.Where(claim => claim.Text("status", "phase") != "Bound").Select(ObjectKey.Of);
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        var json = api.Get(Type, key.Namespace, key.Name);
        if (json is null)
        {
            await ReleaseAsync(key, ct);
            return null;
        }

        var claim = json.To<V1PersistentVolumeClaim>();
        if (claim.Status?.Phase == "Bound" || claim.Metadata.DeletionTimestamp is not null)
        {
            return null;
        }

        var volume = FindVolume(claim) ?? await ProvisionAsync(json, claim, ct);
        if (volume is null)
        {
            await SetPhaseAsync(json, new V1PersistentVolumeClaimStatus { Phase = "Pending" }, ct);
            return null;
        }

        await BindAsync(json, claim, volume, ct);
        return null;
    }

    private static string ClassOf(V1PersistentVolumeClaim claim) => claim.Spec.StorageClassName ?? DefaultClass;

    private static decimal Size(IDictionary<string, ResourceQuantity>? resources) =>
        resources?.TryGetValue("storage", out var size) == true ? size.ToDecimal() : 0;

    /// <summary>A volume that is meant for the claim, or the smallest free one that fits.</summary>
    private V1PersistentVolume? FindVolume(V1PersistentVolumeClaim claim)
    {
        var volumes = api.List(ResourceTypes.PersistentVolumes).Items.Select(volume => volume.To<V1PersistentVolume>()).ToList();
        if (volumes.FirstOrDefault(volume => volume.Spec.ClaimRef?.Uid == claim.Metadata.Uid) is { } own)
        {
            return own;
        }

        return volumes
            .Where(volume => volume.Spec.ClaimRef is not { } reference
                || (reference.Uid is null or "" && reference.NamespaceProperty == claim.Metadata.NamespaceProperty && reference.Name == claim.Metadata.Name))
            .Where(volume => claim.Spec.VolumeName is { Length: > 0 } wanted
                ? volume.Metadata.Name == wanted
                : (volume.Spec.StorageClassName ?? "") == (claim.Spec.StorageClassName ?? DefaultClass))
            .Where(volume => Size(volume.Spec.Capacity) >= Size(claim.Spec.Resources?.Requests) && (claim.Spec.AccessModes ?? []).All((volume.Spec.AccessModes ?? []).Contains))
            .OrderBy(volume => Size(volume.Spec.Capacity))
            .FirstOrDefault();
    }

    /// <summary>Makes a folder and its volume for the claim; null, with an event, where nothing provisions for its class.</summary>
    private async Task<V1PersistentVolume?> ProvisionAsync(JsonObject json, V1PersistentVolumeClaim claim, CancellationToken ct)
    {
        var name = ClassOf(claim);
        if (name.Length == 0 || claim.Spec.VolumeName is { Length: > 0 })
        {
            api.RecordEvent(json, "Normal", "FailedBinding", "no persistent volumes available for this claim and no storage class is set", Component);
            return null;
        }

        var storageClass = api.Get(ResourceTypes.StorageClasses, null, name)?.To<V1StorageClass>();
        if (storageClass is null && name != DefaultClass)
        {
            api.RecordEvent(json, "Warning", "ProvisioningFailed", $"storageclass.storage.k8s.io \"{name}\" not found", Component);
            return null;
        }

        var volumeName = $"pvc-{claim.Metadata.Uid}";
        var path = Path.Combine(folder, $"{claim.Metadata.NamespaceProperty}_{claim.Metadata.Name}_{claim.Metadata.Uid}");
        Directory.CreateDirectory(path);
        // Whichever user the pod runs as must be able to write, as with most provisioners of folders.
        File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
        var created = await api.CreateAsync(ResourceTypes.PersistentVolumes, null, KubernetesModel.ToJson(new V1PersistentVolume
        {
            ApiVersion = "v1",
            Kind = "PersistentVolume",
            Metadata = new V1ObjectMeta { Name = volumeName, Annotations = new Dictionary<string, string> { ["pv.kubernetes.io/provisioned-by"] = Provisioner } },
            Spec = new V1PersistentVolumeSpec
            {
                AccessModes = claim.Spec.AccessModes,
                Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = claim.Spec.Resources?.Requests?["storage"] ?? new ResourceQuantity("1Gi") },
                ClaimRef = Reference(claim),
                HostPath = new V1HostPathVolumeSource { Path = path, Type = "DirectoryOrCreate" },
                PersistentVolumeReclaimPolicy = storageClass?.ReclaimPolicy ?? "Delete",
                StorageClassName = name,
                VolumeMode = claim.Spec.VolumeMode ?? "Filesystem",
            },
        }), Component, ct);
        api.RecordEvent(json, "Normal", "ProvisioningSucceeded", $"Successfully provisioned volume {volumeName}", Component);
        return created.To<V1PersistentVolume>();
    }

    private static V1ObjectReference Reference(V1PersistentVolumeClaim claim) => new()
    {
        ApiVersion = "v1",
        Kind = "PersistentVolumeClaim",
        Name = claim.Metadata.Name,
        NamespaceProperty = claim.Metadata.NamespaceProperty,
        Uid = claim.Metadata.Uid,
    };

    private async Task BindAsync(JsonObject json, V1PersistentVolumeClaim claim, V1PersistentVolume volume, CancellationToken ct)
    {
        var volumeJson = api.Get(ResourceTypes.PersistentVolumes, null, volume.Metadata.Name)!;
        volumeJson["spec"]!["claimRef"] = KubernetesModel.ToJson(Reference(claim));
        volumeJson = await api.UpdateAsync(ResourceTypes.PersistentVolumes, volumeJson, Component, ct: ct);
        volumeJson["status"] = new JsonObject { ["phase"] = "Bound" };
        await api.UpdateAsync(ResourceTypes.PersistentVolumes, volumeJson, Component, "status", ct);

        json["spec"]!["volumeName"] = volume.Metadata.Name;
        json["spec"]!["storageClassName"] ??= volume.Spec.StorageClassName;
        var annotations = json["metadata"]!.AsObject().Ensure("annotations");
        annotations["pv.kubernetes.io/bind-completed"] = "yes";
        annotations["pv.kubernetes.io/bound-by-controller"] = "yes";
        json = await api.UpdateAsync(Type, json, Component, ct: ct);
        await SetPhaseAsync(
            json, new V1PersistentVolumeClaimStatus { Phase = "Bound", AccessModes = volume.Spec.AccessModes, Capacity = volume.Spec.Capacity }, ct);
    }

    private async Task SetPhaseAsync(JsonObject json, V1PersistentVolumeClaimStatus status, CancellationToken ct)
    {
        json["status"] = KubernetesModel.ToJson(status);
        await api.UpdateAsync(Type, json, Component, "status", ct);
    }

    /// <summary>The claim is gone: its volume goes too, or waits for a person.</summary>
    private async Task ReleaseAsync(ObjectKey key, CancellationToken ct)
    {
        foreach (var json in api.List(ResourceTypes.PersistentVolumes).Items)
        {
            var volume = json.To<V1PersistentVolume>();
            if (volume.Spec.ClaimRef is not { Uid.Length: > 0 } reference || reference.NamespaceProperty != key.Namespace || reference.Name != key.Name)
            {
                continue;
            }

            if (volume.Spec.PersistentVolumeReclaimPolicy != "Delete")
            {
                json["status"] = new JsonObject { ["phase"] = "Released" };
                await api.UpdateAsync(ResourceTypes.PersistentVolumes, json, Component, "status", ct);
                continue;
            }

            // Only folders that were made here are deleted: a volume made by hand may show any folder of the machine.
            if (volume.Metadata.Annotations?.ContainsKey("pv.kubernetes.io/provisioned-by") == true
                && volume.Spec.HostPath?.Path is { } path && path.StartsWith(folder + "/", StringComparison.Ordinal) && Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }

            await api.DeleteAsync(ResourceTypes.PersistentVolumes, null, volume.Metadata.Name, ct: ct);
        }
    }
}
