using System.Text.Json.Nodes;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Tests.Planning;

/// <summary>Workloads as the API server shows them.</summary>
internal static class Workloads
{
    public static Workload Of(string kind = "Deployment", string spec = "{}", string pod = "{}", string metadata = "{}", string status = "{}")
    {
        var json = JsonNode.Parse("""
            {
              "metadata": {"name": "payments", "namespace": "shop", "uid": "u1", "generation": 1},
              "spec": {
                "replicas": 3, "selector": {"matchLabels": {"app": "payments"}},
                "template": {"metadata": {"labels": {"app": "payments"}}, "spec": {"containers": [{"name": "main", "image": "payments:1"}]}}
              },
              "status": {"observedGeneration": 1, "replicas": 3, "readyReplicas": 3, "updatedReplicas": 3}
            }
            """)!.AsObject();
        Merge(json["metadata"]!.AsObject(), metadata);
        Merge(json["spec"]!.AsObject(), spec);
        Merge(json["spec"]!["template"]!["spec"]!.AsObject(), pod);
        Merge(json["status"]!.AsObject(), status);
        return new Workload(WorkloadKind.Of(kind), json);
    }

    private static void Merge(JsonObject into, string more)
    {
        foreach (var (key, value) in JsonNode.Parse(more)!.AsObject())
        {
            into[key] = value?.DeepClone();
        }
    }
}
