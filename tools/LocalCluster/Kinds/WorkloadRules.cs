using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Selecting;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What workloads have in common: a pod template, a selector that matches it and never changes, a count.</summary>
internal abstract class WorkloadRules : KindRules
{
    public override void Default(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        DefaultWorkload(spec);
        if (spec.At("template", "spec") is JsonObject template)
        {
            PodDefaults.OfSpec(template);
        }
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var spec = obj["spec"]!.AsObject();
        if (spec.Number("replicas") is < 0 and var replicas)
        {
            errors.Add(FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0"));
        }

        ValidateSelector(spec, errors);
        ValidateWorkload(spec, errors);
        MetadataRules.Labels(spec.At("template", "metadata", "labels") as JsonObject, "spec.template.metadata.labels", errors);
        if (spec.At("template", "spec") is JsonObject template)
        {
            PodValidation.Spec(WithOwnVolumes(spec, template), "spec.template.spec", isTemplate: true, errors);
            if (template.Text("restartPolicy") is { } policy and not "Always")
            {
                errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", FieldError.Quote(policy), "Always"));
            }

            if (template["ephemeralContainers"] is not null)
            {
                errors.Add(FieldError.Forbidden("spec.template.spec.ephemeralContainers", "ephemeral containers not allowed in pod template"));
            }
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(obj.At("spec", "selector"), old.At("spec", "selector")))
        {
            errors.Add(FieldError.Invalid("spec.selector", obj.At("spec", "selector")?.ToJsonString(ApiJson.Options) ?? "null", "field is immutable"));
        }
    }

    protected abstract void DefaultWorkload(JsonObject spec);

    protected virtual void ValidateWorkload(JsonObject spec, List<FieldError> errors)
    {
    }

    /// <summary>The pod spec as its pods will have it, with volumes that the workload adds.</summary>
    protected virtual JsonObject WithOwnVolumes(JsonObject spec, JsonObject podSpec) => podSpec;

    private static void ValidateSelector(JsonObject spec, List<FieldError> errors)
    {
        if (spec["selector"] is not JsonObject selector)
        {
            errors.Add(FieldError.Required("spec.selector"));
            return;
        }

        if (selector.Count == 0)
        {
            errors.Add(FieldError.Invalid("spec.selector", "{}", "empty selector is invalid for deployment"));
            return;
        }

        var labels = spec.At("template", "metadata", "labels") as JsonObject;
        if (!LabelSelector.Of(selector)!.Matches(labels))
        {
            errors.Add(FieldError.Invalid(
                "spec.template.metadata.labels", labels?.ToJsonString(ApiJson.Options) ?? "null", "`selector` does not match template `labels`"));
        }
    }
}
