using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>PersistentVolumeClaims: fixed once made, but for growing.</summary>
internal sealed class ClaimRules : KindRules
{
    /// <summary>Keeps a claim while pods use it.</summary>
    public const string Protection = "kubernetes.io/pvc-protection";

    private static readonly string[] Modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    public override void Default(JsonObject obj) => obj.Ensure("spec").SetDefault("volumeMode", "Filesystem");

    public override void PrepareCreate(JsonObject obj, KindContext context)
    {
        obj["status"] = new JsonObject { ["phase"] = "Pending" };
        var finalizers = obj.At("metadata", "finalizers") as JsonArray ?? [];
        if (!finalizers.Any(f => (string?)f == Protection))
        {
            obj["metadata"]!["finalizers"] = new JsonArray([.. finalizers.Select(f => f!.DeepClone()), Protection]);
        }
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var modes = (obj.At("spec", "accessModes") as JsonArray ?? []).Select(m => (string?)m ?? "").ToList();
        if (modes.Count == 0)
        {
            errors.Add(FieldError.Required("spec.accessModes", "at least 1 access mode is required"));
        }

        errors.AddRange(modes.Where(m => !Modes.Contains(m)).Select(m => FieldError.NotSupported("spec.accessModes", FieldError.Quote(m), Modes)));
        if (obj.Text("spec", "resources", "requests", "storage") is not { } text)
        {
            errors.Add(FieldError.Required("spec.resources[storage]"));
        }
        else if (Quantity.TryParse(text, out var size) && size <= Quantity.Zero)
        {
            errors.Add(FieldError.Invalid("spec.resources[storage]", FieldError.Quote(text), "must be greater than zero"));
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(Fixed(obj, old), Fixed(old, old)))
        {
            errors.Add(FieldError.Forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"));
        }
    }

    private static JsonObject Fixed(JsonObject obj, JsonObject old)
    {
        var spec = obj["spec"]!.DeepClone().AsObject();
        spec.Remove("resources");
        spec.Remove("volumeAttributesClassName");
        if (string.IsNullOrEmpty(old.Text("spec", "volumeName")))
        {
            // The binder sets it, once.
            spec.Remove("volumeName");
        }

        if (old.At("spec", "storageClassName") is null)
        {
            spec.Remove("storageClassName");
        }

        return spec;
    }
}
