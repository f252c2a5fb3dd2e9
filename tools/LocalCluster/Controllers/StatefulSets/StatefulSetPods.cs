using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Revisions;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>Names, identities and claims of a StatefulSet's pods.</summary>
internal static class StatefulSetPods
{
    public const string RevisionLabel = "controller-revision-hash";
    public const string HashLabel = "controller.kubernetes.io/hash";
    public const string PodNameLabel = "statefulset.kubernetes.io/pod-name";
    public const string PodIndexLabel = "apps.kubernetes.io/pod-index";

    public static string Name(string set, long ordinal) => $"{set}-{ordinal.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The ordinal in a pod's name, or null when the pod is none of the set's.</summary>
    public static long? Ordinal(string set, string pod) =>
        pod.StartsWith(set + "-", StringComparison.Ordinal) && long.TryParse(pod[(set.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? ordinal
            : null;

    public static string ClaimName(string template, string pod) => $"{template}-{pod}";

    /// <summary>The pod of an ordinal, made from a revision's template.</summary>
    public static JsonObject New(JsonObject set, Revision revision, long ordinal)
    {
        var setName = set.Text("metadata", "name")!;
        var name = Name(setName, ordinal);
        var template = revision.Template.DeepClone().AsObject();
        var metadata = template["metadata"] as JsonObject ?? [];
        var spec = template["spec"]!.DeepClone().AsObject();
        var podMetadata = new JsonObject
        {
            ["name"] = name,
            ["generateName"] = setName + "-",
            ["namespace"] = set.Text("metadata", "namespace"),
            ["labels"] = metadata["labels"]?.DeepClone() as JsonObject ?? [],
            ["ownerReferences"] = new JsonArray(Ownership.Reference(ResourceTypes.StatefulSets, set)),
        };
        podMetadata["labels"]![RevisionLabel] = revision.Name;
        SetIdentity(podMetadata, name, ordinal);
        foreach (var part in (string[])["annotations", "finalizers"])
        {
            if (metadata[part] is { } given)
            {
                podMetadata[part] = given.DeepClone();
            }
        }

        spec["hostname"] = name;
        if (set.Text("spec", "serviceName") is { Length: > 0 } service)
        {
            spec["subdomain"] = service;
        }

        AddClaims(set, name, spec);
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = podMetadata, ["spec"] = spec };
    }

    /// <summary>The labels by which a pod can be selected alone.</summary>
    public static void SetIdentity(JsonObject metadata, string name, long ordinal)
    {
        var labels = metadata.Ensure("labels");
        labels[PodNameLabel] = name;
        labels[PodIndexLabel] = ordinal.ToString(CultureInfo.InvariantCulture);
    }

    public static bool HasIdentity(V1Pod pod) => pod.Metadata.Labels?.TryGetValue(PodNameLabel, out var label) == true && label == pod.Metadata.Name;

    /// <summary>The claims that a pod needs, made from the set's templates.</summary>
    public static IEnumerable<JsonObject> Claims(JsonObject set, string pod)
    {
        foreach (var template in set.Objects("spec", "volumeClaimTemplates"))
        {
            var metadata = template["metadata"]!.DeepClone().AsObject();
            var labels = metadata["labels"] as JsonObject ?? [];
            metadata.Remove("labels");
            foreach (var (key, value) in set.At("spec", "selector", "matchLabels") as JsonObject ?? [])
            {
                labels[key] = value?.DeepClone();
            }

            metadata["labels"] = labels;
            metadata["name"] = ClaimName(template.Text("metadata", "name")!, pod);
            metadata["namespace"] = set.Text("metadata", "namespace");
            metadata.Remove("creationTimestamp");
            yield return new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "PersistentVolumeClaim",
                ["metadata"] = metadata,
                ["spec"] = template["spec"]!.DeepClone(),
            };
        }
    }

    /// <summary>A claim template takes the place of a volume of the same name.</summary>
    private static void AddClaims(JsonObject set, string pod, JsonObject spec)
    {
        var templates = set.Objects("spec", "volumeClaimTemplates").Select(template => template.Text("metadata", "name")!).ToList();
        if (templates.Count == 0)
        {
            return;
        }

        var volumes = new JsonArray();
        foreach (var template in templates)
        {
            volumes.Add(new JsonObject { ["name"] = template, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = ClaimName(template, pod) } });
        }

        foreach (var volume in spec.Objects("volumes").Where(volume => !templates.Contains(volume.Text("name")!)))
        {
            volumes.Add(volume.DeepClone());
        }

        spec["volumes"] = volumes;
    }
}
