using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Controllers.DaemonSets;

/// <summary>
/// What makes a pod one of a DaemonSet's: the node it is for, its revision, and the taints it bears
/// (https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations).
/// </summary>
internal static class DaemonPods
{
    public const string HashLabel = "controller-revision-hash";
    public const string TemplateGeneration = "deprecated.daemonset.template.generation";

    private const string GenerationLabel = "pod-template-generation";
    private const string NameField = "metadata.name";

    private static readonly (string Key, string Effect)[] Borne =
    [
        ("node.kubernetes.io/not-ready", "NoExecute"),
        ("node.kubernetes.io/unreachable", "NoExecute"),
        ("node.kubernetes.io/disk-pressure", "NoSchedule"),
        ("node.kubernetes.io/memory-pressure", "NoSchedule"),
        ("node.kubernetes.io/pid-pressure", "NoSchedule"),
        ("node.kubernetes.io/unschedulable", "NoSchedule"),
    ];

    /// <summary>The set's template for a node: with labels, tolerations, and an affinity for that node in the place of the template's.</summary>
    public static JsonObject Template(JsonObject set, string hash, string node)
    {
        var template = Tolerant(set.At("spec", "template")!.AsObject());
        var labels = template.Ensure("metadata").Ensure("labels");
        if (set.Text("metadata", "annotations", TemplateGeneration) is { } generation)
        {
            labels[GenerationLabel] = generation;
        }

        labels[HashLabel] = hash;
        var term = new JsonObject
        {
            ["matchFields"] = new JsonArray(new JsonObject { ["key"] = NameField, ["operator"] = "In", ["values"] = new JsonArray(node) }),
        };
        template["spec"]!.AsObject().Ensure("affinity").Ensure("nodeAffinity")["requiredDuringSchedulingIgnoredDuringExecution"] =
            new JsonObject { ["nodeSelectorTerms"] = new JsonArray(term) };
        return template;
    }

    /// <summary>The template with the tolerations of daemons.</summary>
    public static JsonObject Tolerant(JsonObject template)
    {
        var result = template.DeepClone().AsObject();
        var spec = result["spec"]!.AsObject();
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        spec["tolerations"] = tolerations;
        foreach (var (key, effect) in Borne)
        {
            Add(tolerations, key, effect);
        }

        if (spec.Flag("hostNetwork") == true)
        {
            Add(tolerations, "node.kubernetes.io/network-unavailable", "NoSchedule");
        }

        return result;
    }

    /// <summary>The node that a pod runs on or, before it was given one, is meant for.</summary>
    public static string? NodeOf(V1Pod pod) => !string.IsNullOrEmpty(pod.Spec.NodeName)
        ? pod.Spec.NodeName
        : (pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms ?? [])
            .SelectMany(term => term.MatchFields ?? [])
            .FirstOrDefault(field => field is { Key: NameField, OperatorProperty: "In", Values.Count: 1 })?.Values[0];

    /// <summary>Whether a pod is of the present template.</summary>
    public static bool IsUpdated(V1Pod pod, DaemonSetState state) =>
        Label(pod, HashLabel) == state.Hash
        || (state.Set.Metadata.Annotations?.TryGetValue(TemplateGeneration, out var generation) == true && Label(pod, GenerationLabel) == generation);

    public static string? Label(V1Pod pod, string name) => pod.Metadata.Labels?.TryGetValue(name, out var value) == true ? value : null;

    /// <summary>Pods with a node first, then the oldest.</summary>
    public static IEnumerable<V1Pod> Ordered(IEnumerable<V1Pod> pods) => pods
        .OrderBy(pod => string.IsNullOrEmpty(pod.Spec.NodeName))
        .ThenBy(pod => pod.Metadata.CreationTimestamp)
        .ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal);

    private static void Add(JsonArray tolerations, string key, string effect)
    {
        var toleration = new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = effect };
        for (var i = 0; i < tolerations.Count; i++)
        {
            var present = tolerations[i];
            if (present.Text("key") == key && present.Text("effect") == effect && present.Text("operator") == "Exists" && string.IsNullOrEmpty(present.Text("value")))
            {
                tolerations[i] = toleration; // without the limit of time that the template's may have
                return;
            }
        }

        tolerations.Add(toleration);
    }
}
