using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Kinds.PodSpecs;
using Workspaces.LocalCluster.Selecting;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What workloads have in common: a pod template, a selector that matches it and never changes, a count.</summary>
internal abstract class WorkloadRules : KindRules
{
    private const string Template = "spec.template";

    /// <summary>The kind whose name the API server uses in its words about selectors.</summary>
    protected virtual string SelectorWord => "deployment";

    /// <summary>The kind whose name the API server uses in its words about deadlines.</summary>
    protected virtual string DeadlineWord => "ReplicaSet";

    protected virtual bool NeedsSelector => true;

    /// <summary>Whether pods are named after the workload in a way that can surprise.</summary>
    protected virtual bool WarnsOfName => true;

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
        ValidateFirst(spec, errors);
        if (ValidateSelector(spec, errors))
        {
            ValidateTemplate(spec, errors);
        }

        ValidateWorkload(spec, errors);
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(obj.At("spec", "selector"), old.At("spec", "selector")))
        {
            errors.Add(FieldError.Invalid("spec.selector", GoStructs.Selector(obj.At("spec", "selector")), "field is immutable"));
        }
    }

    public override void Warn(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
        if (old is null && WarnsOfName && Names.WrongLabel(obj.Text("metadata", "name") ?? "") is { } wrong)
        {
            warnings.Add($"metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [{wrong}]");
        }

        if ((old is null || ChangesGeneration(obj, old)) && obj.At("spec", "template", "spec") is JsonObject spec)
        {
            PodWarnings.Of(obj.At("spec", "template", "metadata"), spec, $"{Template}.", warnings);
        }
    }

    protected abstract void DefaultWorkload(JsonObject spec);

    /// <summary>What is checked before the selector.</summary>
    protected virtual void ValidateFirst(JsonObject spec, List<FieldError> errors) => Checks.NotNegative(spec, "replicas", "spec", errors);

    /// <summary>What is checked after the template.</summary>
    protected virtual void ValidateWorkload(JsonObject spec, List<FieldError> errors)
    {
    }

    /// <summary>The pod spec as its pods will have it, with volumes that the workload adds.</summary>
    protected virtual JsonObject WithOwnVolumes(JsonObject spec, JsonObject podSpec) => podSpec;

    /// <summary>False where the selector makes it impossible to say anything about the template.</summary>
    private bool ValidateSelector(JsonObject spec, List<FieldError> errors)
    {
        var labels = spec.At("template", "metadata", "labels") as JsonObject;
        var mismatch = FieldError.Invalid($"{Template}.metadata.labels", GoStructs.Any(labels), "`selector` does not match template `labels`");
        if (spec["selector"] is not JsonObject selector)
        {
            if (NeedsSelector)
            {
                errors.Add(FieldError.Required("spec.selector"));
            }

            errors.Add(mismatch);
            return true;
        }

        var wrong = new List<FieldError>();
        Checks.Selector(selector, "spec.selector", wrong);
        errors.AddRange(wrong);
        var isEmpty = selector["matchLabels"] is not JsonObject { Count: > 0 } && selector["matchExpressions"] is not JsonArray { Count: > 0 };
        if (isEmpty)
        {
            errors.Add(FieldError.Invalid("spec.selector", "{}", $"empty selector is invalid for {SelectorWord}"));
        }
        else if (wrong.Count > 0)
        {
            return WrongSelector(selector, errors);
        }
        else if (!LabelSelector.Of(selector)!.Matches(labels))
        {
            errors.Add(mismatch);
        }

        return true;
    }

    /// <summary>Says that the selector is none. Whether the template is looked at all the same.</summary>
    protected virtual bool WrongSelector(JsonObject selector, List<FieldError> errors)
    {
        errors.Add(FieldError.Invalid("spec.selector", GoStructs.Selector(selector), "invalid label selector"));
        return false;
    }

    private void ValidateTemplate(JsonObject spec, List<FieldError> errors)
    {
        OfTemplate(spec["template"], Template, template => WithOwnVolumes(spec, template), errors);
        if (spec.At("template", "spec") is not JsonObject pod)
        {
            return;
        }

        if (pod.Text("restartPolicy") is { } policy and not "Always")
        {
            errors.Add(FieldError.NotSupported($"{Template}.spec.restartPolicy", FieldError.Quote(policy), "Always"));
        }

        if (pod["activeDeadlineSeconds"] is not null)
        {
            errors.Add(FieldError.Forbidden($"{Template}.spec.activeDeadlineSeconds", $"activeDeadlineSeconds in {DeadlineWord} is not Supported"));
        }
    }

    /// <summary>A template of pods, in a workload or on its own.</summary>
    internal static void OfTemplate(JsonNode? template, string at, Func<JsonObject, JsonObject> complete, List<FieldError> errors)
    {
        MetadataRules.Labels(template.At("metadata", "labels") as JsonObject, $"{at}.labels", errors);
        MetadataRules.Annotations(template.At("metadata", "annotations") as JsonObject, $"{at}.annotations", errors);
        var spec = template.At("spec") as JsonObject ?? [];
        PodValidation.Spec(complete(spec), $"{at}.spec", isTemplate: true, errors);
        if (spec["ephemeralContainers"] is JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Forbidden($"{at}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template"));
        }
    }
}
