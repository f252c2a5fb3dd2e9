using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Workspaces.Cluster.Naming;
using Workspaces.Contracts;

namespace Workspaces.Injector.Targets;

/// <summary>
/// A workload as the API server shows it, of any of the three kinds. Reads, never changes.
/// </summary>
internal sealed record Workload(WorkloadKind Kind, JsonObject Json)
{
    private readonly Lazy<V1PodTemplateSpec> _template =
        new(() => KubernetesJson.Deserialize<V1PodTemplateSpec>(Json["spec"]!["template"]!.ToJsonString()));

    public string Name => (string)Json["metadata"]!["name"]!;

    public string Namespace => (string)Json["metadata"]!["namespace"]!;

    public string Uid => (string)Json["metadata"]!["uid"]!;

    /// <summary>Kind, namespace and name for a sentence.</summary>
    public string Title => $"{Kind.Name} {Namespace}/{Name}";

    public WorkloadReference Reference => new(Kind.Name, Name, Uid);

    /// <summary>The pod template.</summary>
    public V1PodTemplateSpec Template => _template.Value;

    /// <summary>The pod template as it is, unknown fields included.</summary>
    public JsonObject TemplateJson => Json["spec"]!["template"]!.AsObject();

    public bool IsBeingDeleted => Json["metadata"]!["deletionTimestamp"] is not null;

    /// <summary>Label selector of its pods.</summary>
    public string Selector => string.Join(',', Selectors());

    /// <summary>Pods that it wants.</summary>
    public int Wanted => Kind == WorkloadKind.DaemonSet ? Status("desiredNumberScheduled") : (int?)Json["spec"]!["replicas"] ?? 1;

    /// <summary>Pods that a change of the template reaches: a partition keeps the lower ordinals as they are.</summary>
    public int Reached => Math.Max(0, Wanted - Partition);

    /// <summary>Pods that are ready.</summary>
    public int Ready => Status(Kind == WorkloadKind.DaemonSet ? "numberReady" : "readyReplicas");

    /// <summary>Pods of the newest template.</summary>
    public int Updated => Status(Kind == WorkloadKind.DaemonSet ? "updatedNumberScheduled" : "updatedReplicas");

    /// <summary>Pods of any template.</summary>
    public int Total => Status(Kind == WorkloadKind.DaemonSet ? "currentNumberScheduled" : "replicas");

    /// <summary>Whether the status is about the newest spec.</summary>
    public bool IsObserved => Status("observedGeneration") >= ((int?)Json["metadata"]!["generation"] ?? 0);

    /// <summary>Whether all pods that a change reaches are of the newest template, and no other is left.</summary>
    public bool IsReplaced => IsObserved && Updated >= Reached && Total <= Wanted;

    /// <summary>Whether every pod is ready.</summary>
    public bool IsHealthy => Ready >= Wanted;

    public bool IsPaused => Kind == WorkloadKind.Deployment && (bool?)Json["spec"]!["paused"] == true;

    public bool IsOnDelete => (string?)Json["spec"]!["updateStrategy"]?["type"] == "OnDelete";

    /// <summary>Lowest ordinal that an update reaches.</summary>
    public int Partition => Kind == WorkloadKind.StatefulSet ? (int?)Json["spec"]!["updateStrategy"]?["rollingUpdate"]?["partition"] ?? 0 : 0;

    /// <summary>Whether pods are deleted before their successors are made.</summary>
    public bool ReplacesInPlace => Kind.ReplacesInPlace
        || (string?)Json["spec"]!["strategy"]?["type"] == "Recreate"
        || Json["spec"]!["strategy"]?["rollingUpdate"]?["maxSurge"]?.ToJsonString() is "0" or "\"0%\"" or "\"0\"";

    /// <summary>How many old revisions are kept for rolling back.</summary>
    public int HistoryLimit => (int?)Json["spec"]!["revisionHistoryLimit"] ?? 10;

    /// <summary>A condition of its status that is true, in the controller's words.</summary>
    public string? Condition(string type) => (string?)(Json["status"]?["conditions"] as JsonArray ?? [])
        .FirstOrDefault(condition => (string?)condition?["type"] == type && (string?)condition["status"] == "True")?["message"];

    /// <summary>Ports that are reserved, by the workspace that has them.</summary>
    public IReadOnlyDictionary<int, string> ReservedPorts => Annotations()
        .Where(entry => entry.Key.StartsWith(WorkspaceAnnotations.PortPrefix, StringComparison.Ordinal))
        .Select(entry => (IsPort: int.TryParse(entry.Key[WorkspaceAnnotations.PortPrefix.Length..], CultureInfo.InvariantCulture, out var port), port, entry.Value))
        .Where(entry => entry.IsPort)
        .ToDictionary(entry => entry.port, entry => (string?)entry.Value ?? "");

    /// <summary>Ids of the workspaces whose container is in the pod template.</summary>
    public IReadOnlyList<string> Workspaces => [.. Template.Spec.Containers
        .Select(container => container.Name)
        .Where(name => name.StartsWith(ObjectNames.WorkspaceContainer + "-", StringComparison.Ordinal))
        .Select(name => name[(ObjectNames.WorkspaceContainer.Length + 1)..])
        .Where(id => WorkspaceId.IsValid(id) && Template.Metadata?.Labels?.ContainsKey(WorkspaceLabels.InstanceKey(id)) == true)];

    /// <summary>Containers of its owner.</summary>
    public IReadOnlyList<V1Container> OwnContainers =>
        [.. Template.Spec.Containers.Where(container => !Workspaces.Contains(IdIn(container.Name)))];

    /// <summary>Whether any container or volume of a workspace is in the pod template.</summary>
    public bool Carries(string workspaceId) =>
        Template.Spec.Containers.Any(container => container.Name == ObjectNames.InjectedContainer(workspaceId))
        || (Template.Spec.InitContainers ?? []).Any(container => container.Name == ObjectNames.InjectedToolkit(workspaceId))
        || VolumesOf(workspaceId).Count > 0
        || Template.Metadata?.Labels?.ContainsKey(WorkspaceLabels.InstanceKey(workspaceId)) == true;

    /// <summary>Whether a field manager owns anything in it.</summary>
    public bool IsManagedBy(string manager) =>
        (Json["metadata"]!["managedFields"] as JsonArray ?? []).Any(entry => (string?)entry?["manager"] == manager);

    /// <summary>Names of a workspace's volumes in the pod template.</summary>
    public IReadOnlyList<string> VolumesOf(string workspaceId) => [.. (Template.Spec.Volumes ?? [])
        .Select(volume => volume.Name)
        .Where(name => name.StartsWith(ObjectNames.InjectedVolume(workspaceId, ""), StringComparison.Ordinal))];

    private static string IdIn(string container) =>
        container.StartsWith(ObjectNames.WorkspaceContainer + "-", StringComparison.Ordinal) ? container[(ObjectNames.WorkspaceContainer.Length + 1)..] : "";

    private JsonObject Annotations() => Json["metadata"]!["annotations"] as JsonObject ?? [];

    private int Status(string field) => (int?)Json["status"]?[field] ?? 0;

    private IEnumerable<string> Selectors()
    {
        var selector = KubernetesJson.Deserialize<V1LabelSelector>(Json["spec"]!["selector"]!.ToJsonString());
        foreach (var (key, value) in selector.MatchLabels ?? new Dictionary<string, string>())
        {
            yield return $"{key}={value}";
        }

        foreach (var expression in selector.MatchExpressions ?? [])
        {
            var values = string.Join(',', expression.Values ?? []);
            yield return expression.OperatorProperty switch
            {
                "In" => $"{expression.Key} in ({values})",
                "NotIn" => $"{expression.Key} notin ({values})",
                "DoesNotExist" => $"!{expression.Key}",
                _ => expression.Key,
            };
        }
    }
}
