using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>How objects of one kind count against quotas.</summary>
internal abstract class UsageRules(ResourceType type)
{
    public ResourceType Type { get; } = type;

    /// <summary>The name under which any kind can be counted: <c>count/deployments.apps</c>.</summary>
    protected string CountName { get; } = $"count/{type.QualifiedName}";

    /// <summary>Whether a request can change what its object uses.</summary>
    public abstract bool Handles(AdmissionRequest request);

    /// <summary>Whether a resource of a quota is used by objects of this kind.</summary>
    public abstract bool Counts(string resource);

    /// <summary>What an object must say and does not, given the resources that a quota limits; null where nothing is missing.</summary>
    public virtual string? Missing(IReadOnlyCollection<string> limited, JsonObject obj) => null;

    /// <summary>What an object uses.</summary>
    public abstract Amounts Usage(JsonObject obj, DateTimeOffset now);

    /// <summary>Whether an object meets a condition of a quota.</summary>
    public virtual bool Meets(ScopeRequirement requirement, JsonObject obj) => false;

    /// <summary>Whether a quota counts an object: it limits something that the object uses, and its conditions hold.</summary>
    public bool IsCountedBy(JsonObject quota, JsonObject obj) =>
        (quota.At("status", "hard") as JsonObject ?? []).Any(h => Counts(h.Key)) && ScopeRequirement.Of(quota).All(r => Meets(r, obj));
}
