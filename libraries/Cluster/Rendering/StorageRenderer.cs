using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Rendering;

/// <summary>Volumes, mounts and claims for the storages of a blueprint.</summary>
public static class StorageRenderer
{
    /// <summary>
    /// The claim behind a storage of type <c>volume</c>. It is created once and never applied again: most of a claim cannot be
    /// changed, and a retained one belongs to the person more than to the workspace.
    /// </summary>
    public static JsonObject Claim(WorkspaceInput input, string name, BlueprintStorage storage)
    {
        var metadata = ObjectMetadata.Of(input);
        metadata["name"] = ObjectNames.Claim(input.WorkspaceId, name);
        metadata.Remove("annotations");
        var labels = metadata["labels"]!.AsObject();
        labels[WorkspaceLabels.Storage] = name;
        if (storage.Retain == true)
        {
            labels[WorkspaceLabels.Retain] = "true";
        }

        var spec = new JsonObject
        {
            ["accessModes"] = new JsonArray([.. (storage.AccessModes ?? ["ReadWriteOnce"]).Select(mode => JsonValue.Create(mode))]),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = storage.Size } },
        };
        if (storage.StorageClass is not null)
        {
            spec["storageClassName"] = storage.StorageClass;
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["metadata"] = metadata, ["spec"] = spec };
    }

    internal static IEnumerable<JsonObject> Volumes(WorkspaceInput input) => Sorted(input).Select(entry =>
    {
        var (name, storage) = entry;
        var volume = new JsonObject { ["name"] = ObjectNames.StorageVolume(name) };
        switch (storage.Type)
        {
            case BlueprintStorageType.Volume:
                volume["persistentVolumeClaim"] = new JsonObject { ["claimName"] = input.Claims[name] };
                break;
            case BlueprintStorageType.Claim:
                volume["persistentVolumeClaim"] = storage.ReadOnly == true
                    ? new JsonObject { ["claimName"] = storage.Claim, ["readOnly"] = true }
                    : new JsonObject { ["claimName"] = storage.Claim };
                break;
            case BlueprintStorageType.EmptyDir:
                volume["emptyDir"] = EmptyDir(storage, medium: null);
                break;
            case BlueprintStorageType.Memory:
                volume["emptyDir"] = EmptyDir(storage, medium: "Memory");
                break;
            default:
                throw new ArgumentException($"Storage '{name}' has an unknown type.", nameof(input));
        }

        return volume;
    });

    internal static IEnumerable<JsonObject> Mounts(WorkspaceInput input) => Sorted(input).Select(entry =>
    {
        var (name, storage) = entry;
        var mount = new JsonObject { ["name"] = ObjectNames.StorageVolume(name), ["mountPath"] = storage.Path };
        if (storage.ReadOnly == true)
        {
            mount["readOnly"] = true;
        }

        return mount;
    });

    private static IEnumerable<KeyValuePair<string, BlueprintStorage>> Sorted(WorkspaceInput input) =>
        (input.Blueprint.Storage ?? new Dictionary<string, BlueprintStorage>()).OrderBy(entry => entry.Key, StringComparer.Ordinal);

    private static JsonObject EmptyDir(BlueprintStorage storage, string? medium)
    {
        var emptyDir = new JsonObject();
        if (medium is not null)
        {
            emptyDir["medium"] = medium;
        }

        if (storage.SizeLimit is not null)
        {
            emptyDir["sizeLimit"] = storage.SizeLimit;
        }

        return emptyDir;
    }
}
