using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

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
        obj["spec"]!.AsObject().Remove("ephemeralContainers");
        obj["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService.Of(obj["spec"]!.AsObject()) };
    }

    public override void Validate(JsonObject obj, List<FieldError> errors) => PodValidation.Spec(obj["spec"]!.AsObject(), "spec", isTemplate: false, errors);

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        var (now, before) = (Fixed(obj), Fixed(old));
        if (!JsonNode.DeepEquals(now, before))
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

    /// <summary>The spec without what may change.</summary>
    private static JsonObject Fixed(JsonObject pod)
    {
        var spec = pod["spec"]!.DeepClone().AsObject();
        foreach (var field in new[] { "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "ephemeralContainers", "nodeName", "priority", "priorityClassName" })
        {
            spec.Remove(field);
        }

        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            container.Remove("image");
        }

        return spec;
    }
}
