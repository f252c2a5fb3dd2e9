using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission;

/// <summary>
/// Gives each pod what the real server's admission gives it without being asked: five minutes on a node that went away
/// (DefaultTolerationSeconds), priority 0 and leave to preempt (Priority).
/// </summary>
internal sealed class PodBasicsAdmission : IAdmission
{
    private static readonly string[] Taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    public void Mutate(AdmissionRequest request)
    {
        if (request.Type != ResourceTypes.Pods || !request.IsCreate)
        {
            return;
        }

        var spec = request.Object["spec"]!.AsObject();
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        spec["tolerations"] = tolerations;
        foreach (var taint in Taints)
        {
            if (!tolerations.OfType<JsonObject>().Any(t => (t.Text("key") == taint || string.IsNullOrEmpty(t.Text("key"))) && t.Text("effect") is null or "" or "NoExecute"))
            {
                tolerations.Add(new JsonObject { ["key"] = taint, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300L });
            }
        }

        SetPriority(request, spec);
    }

    private static void SetPriority(AdmissionRequest request, JsonObject spec)
    {
        var name = spec.Text("priorityClassName");
        if (string.IsNullOrEmpty(name))
        {
            var fallback = request.Store.List(ResourceTypes.PriorityClasses).FirstOrDefault(p => p.Json.Flag("globalDefault") == true);
            spec["priority"] = fallback?.Json.Number("value") ?? 0;
            if (fallback is not null)
            {
                spec["priorityClassName"] = fallback.Name;
            }
        }
        else
        {
            var known = name switch
            {
                "system-node-critical" => 2000001000,
                "system-cluster-critical" => 2000000000,
                _ => request.Store.Get(ResourceTypes.PriorityClasses, null, name)?.Json.Number("value"),
            };
            spec["priority"] = known ?? throw ApiErrors.Forbidden(ResourceTypes.Pods, request.Name, $"no PriorityClass with name {name} was found");
        }

        spec.SetDefault("preemptionPolicy", "PreemptLowerPriority");
    }
}
