using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>PersistentVolumeClaims: fixed once made, but for growing.</summary>
internal sealed class ClaimRules : KindRules
{
    /// <summary>Keeps a claim while pods use it.</summary>
    public const string Protection = "kubernetes.io/pvc-protection";

    private const string BetaClass = "volume.beta.kubernetes.io/storage-class";

    private static readonly string[] VolumeModes = ["Block", "Filesystem"];
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

    public override void Validate(JsonObject obj, List<FieldError> errors) => Spec(obj["spec"]!.AsObject(), "spec", errors);

    public override void Warn(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
        if (obj.Text("metadata", "annotations", BetaClass) is not null)
        {
            warnings.Add($"metadata.annotations[{BetaClass}]: deprecated since v1.8; use \"storageClassName\" attribute instead");
        }

        WarnOfSize(obj["spec"], "spec", warnings);
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(Fixed(obj, old), Fixed(old, old)))
        {
            errors.Add(FieldError.Forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"));
        }

        var (now, before) = (Size(obj.At("spec", "resources", "requests")), Size(old.At("spec", "resources", "requests")));
        if (now < before && now <= Size(old.At("status", "capacity")))
        {
            errors.Add(FieldError.Forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
        }
    }

    /// <summary>The spec of a claim, of its own or in a template.</summary>
    public static void Spec(JsonObject spec, string at, List<FieldError> errors)
    {
        var modes = (spec["accessModes"] as JsonArray ?? []).Select(m => (string?)m ?? "").ToList();
        if (modes.Count == 0)
        {
            errors.Add(FieldError.Required($"{at}.accessModes", "at least 1 access mode is required"));
        }

        Checks.Selector(spec["selector"], $"{at}.selector", errors);
        errors.AddRange(modes.Where(m => !Modes.Contains(m)).Select(m => FieldError.NotSupported($"{at}.accessModes", FieldError.Quote(m), Modes)));
        if (modes.Contains("ReadWriteOncePod") && modes.Exists(m => m != "ReadWriteOncePod" && Modes.Contains(m)))
        {
            errors.Add(FieldError.Forbidden($"{at}.accessModes", "may not use ReadWriteOncePod with other access modes"));
        }

        if (!Amounts.Of(spec.At("resources", "requests")).TryGetValue("storage", out var size))
        {
            errors.Add(FieldError.Required($"{at}.resources[storage]"));
        }
        else if (size <= Quantity.Zero)
        {
            errors.Add(FieldError.Invalid($"{at}.resources[storage]", FieldError.Quote(size.ToString()), "must be greater than zero"));
        }

        Checks.Name(spec, "storageClassName", at, Names.WrongSubdomain, errors);
        Checks.Known(spec, "volumeMode", at, VolumeModes, errors);
        Checks.Name(spec, "volumeAttributesClassName", at, Names.WrongSubdomain, errors);
    }

    public static void WarnOfSize(JsonNode? spec, string at, ICollection<string> warnings)
    {
        foreach (var kind in (string[])["requests", "limits"])
        {
            if (Amounts.Of(spec.At("resources", kind)).TryGetValue("storage", out var size) && size.RoundedUp != size)
            {
                warnings.Add($"{at}.resources.{kind}[storage]: fractional byte value \"{size}\" is invalid, must be an integer");
            }
        }
    }

    /// <summary>The spec without what may change: once bound a claim can grow; the binder sets its volume.</summary>
    private static JsonObject Fixed(JsonObject obj, JsonObject old)
    {
        var spec = obj["spec"]!.DeepClone().AsObject();
        if (old.Text("status", "phase") == "Bound")
        {
            (spec.At("resources", "requests") as JsonObject)?.Remove("storage");
            spec.Remove("volumeAttributesClassName");
        }

        if (string.IsNullOrEmpty(old.Text("spec", "volumeName")))
        {
            spec.Remove("volumeName");
        }

        if (old.At("spec", "storageClassName") is null)
        {
            spec.Remove("storageClassName");
        }

        return spec;
    }

    private static Quantity Size(JsonNode? amounts) => Amounts.Of(amounts).TryGetValue("storage", out var size) ? size : Quantity.Zero;
}
