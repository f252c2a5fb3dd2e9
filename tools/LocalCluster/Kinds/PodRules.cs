using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Kinds.PodSpecs;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Pods: defaults, what an update may still change, and how long a deletion waits for the node.</summary>
internal sealed class PodRules : KindRules
{
    private const string UpdateRefusal =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` "
        + "(only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public override void Default(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        PodDefaults.OfSpec(spec);
        PodDefaults.OfPod(spec);
    }

    public override void PrepareCreate(JsonObject obj, KindContext context)
    {
        var spec = obj["spec"]!.AsObject();
        if (spec.Number("terminationGracePeriodSeconds") < 0)
        {
            spec["terminationGracePeriodSeconds"] = 1L;
        }

        obj["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService.Of(spec) };
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var spec = obj["spec"]!.AsObject();
        PodValidation.Spec(spec, "spec", isTemplate: false, errors);
        PodValidation.PodOnly(spec, "spec", errors);
    }

    public override void ValidateCreate(JsonObject obj, List<FieldError> errors)
    {
        if (obj.At("spec", "ephemeralContainers") is JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Forbidden("spec.ephemeralContainers", "cannot be set on create"));
        }

        if (!string.IsNullOrEmpty(obj.Text("spec", "nodeName")) && obj.At("spec", "schedulingGates") is JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"));
        }
    }

    public override void Warn(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
        // Updates of pods are made by machines, which read no warnings.
        if (old is null)
        {
            if (Names.WrongLabel(obj.Text("metadata", "name") ?? "") is { } wrong)
            {
                warnings.Add($"metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [{wrong}]");
            }

            PodWarnings.Of(obj["metadata"], obj["spec"]!.AsObject(), "", warnings);
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        foreach (var list in (string[])["containers", "initContainers"])
        {
            if (obj.Objects("spec", list).Count() != old.Objects("spec", list).Count())
            {
                errors.Add(FieldError.Forbidden($"spec.{list}", "pod updates may not add or remove containers"));
                return;
            }
        }

        if (!Deadline(obj.Number("spec", "activeDeadlineSeconds"), old.Number("spec", "activeDeadlineSeconds"), errors))
        {
            return;
        }

        if (!OnlyAddsTolerations(obj, old))
        {
            errors.Add(FieldError.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"));
        }

        var gates = old.Objects("spec", "schedulingGates").Select(g => g.Text("name")).ToList();
        if (obj.Objects("spec", "schedulingGates").Select(g => g.Text("name")).FirstOrDefault(g => !gates.Contains(g)) is { } added)
        {
            errors.Add(FieldError.Forbidden("spec.schedulingGates", $"only deletion is allowed, but found new scheduling gate '{added}'"));
        }

        if (!JsonNode.DeepEquals(Fixed(obj, old), Fixed(old, old)))
        {
            errors.Add(FieldError.Forbidden("spec", UpdateRefusal));
        }
    }

    public override long? GracePeriod(JsonObject obj, long? requested)
    {
        var grace = requested ?? obj.Number("spec", "terminationGracePeriodSeconds") ?? 30;

        // Without a node there is nobody to end anything; an ended pod has nothing left to end.
        var ended = obj.Text("status", "phase") is "Succeeded" or "Failed";
        return string.IsNullOrEmpty(obj.Text("spec", "nodeName")) || ended ? 0 : Math.Max(grace, 0);
    }

    /// <summary>A deadline can be set and brought forward. False where nothing more is worth saying.</summary>
    private static bool Deadline(long? now, long? before, List<FieldError> errors)
    {
        const string At = "spec.activeDeadlineSeconds";
        if (now is < 0 or > int.MaxValue)
        {
            errors.Add(FieldError.Invalid(At, $"{now}", "must be between 0 and 2147483647, inclusive"));
            return false;
        }

        if (now > before)
        {
            errors.Add(FieldError.Invalid(At, $"{now}", "must be less than or equal to previous value"));
            return false;
        }

        if (now is null && before is not null)
        {
            errors.Add(FieldError.Invalid(At, "null", "must not update from a positive integer to nil value"));
        }

        return true;
    }

    private static bool OnlyAddsTolerations(JsonObject obj, JsonObject old)
    {
        var now = obj.Objects("spec", "tolerations").Select(WithoutSeconds).ToList();
        return old.Objects("spec", "tolerations").Select(WithoutSeconds).All(before => now.Exists(t => JsonNode.DeepEquals(t, before)));

        static JsonObject WithoutSeconds(JsonObject toleration)
        {
            var result = toleration.DeepClone().AsObject();
            result.Remove("tolerationSeconds");
            return result;
        }
    }

    /// <summary>The spec without what may change. The node is set by binding, ephemeral containers by their subresource.</summary>
    private static JsonObject Fixed(JsonObject pod, JsonObject old)
    {
        var spec = pod["spec"]!.DeepClone().AsObject();
        foreach (var field in (string[])["activeDeadlineSeconds", "tolerations", "schedulingGates"])
        {
            spec.Remove(field);
        }

        if (old.Number("spec", "terminationGracePeriodSeconds") < 0 && pod.Number("spec", "terminationGracePeriodSeconds") is 1 or < 0)
        {
            spec.Remove("terminationGracePeriodSeconds");
        }

        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            container.Remove("image");
        }

        return spec;
    }
}
