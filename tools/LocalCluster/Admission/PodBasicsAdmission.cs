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
        if (request.Type != ResourceTypes.Pods || request.Subresource is not null)
        {
            return;
        }

        var spec = request.Object["spec"]!.AsObject();
        Tolerate(spec);
        if (request.IsCreate)
        {
            SetPriority(request, spec);
            CheckRuntime(request, spec);
        }
    }

    /// <summary>An update that leaves them out gets them again.</summary>
    private static void Tolerate(JsonObject spec)
    {
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        spec["tolerations"] = tolerations;
        foreach (var taint in Taints)
        {
            if (!tolerations.OfType<JsonObject>().Any(t => (t.Text("key") == taint || string.IsNullOrEmpty(t.Text("key"))) && t.Text("effect") is null or "" or "NoExecute"))
            {
                tolerations.Add(new JsonObject { ["key"] = taint, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300L });
            }
        }
    }

    /// <summary>A pod names the class; what the class means is the cluster's to say.</summary>
    private static void SetPriority(AdmissionRequest request, JsonObject spec)
    {
        var name = spec.Text("priorityClassName");
        var classes = request.Store.List(ResourceTypes.PriorityClasses);
        var known = string.IsNullOrEmpty(name) ? classes.FirstOrDefault(p => p.Json.Flag("globalDefault") == true) : request.Store.Get(ResourceTypes.PriorityClasses, null, name);
        long? value = name switch
        {
            null or "" => known?.Json.Number("value") ?? 0,
            "system-node-critical" => 2000001000,
            "system-cluster-critical" => 2000000000,
            _ => known?.Json.Number("value"),
        };
        if (value is not { } priority)
        {
            throw ApiErrors.Forbidden(ResourceTypes.Pods, request.Name, $"no PriorityClass with name {name} was found");
        }

        if (string.IsNullOrEmpty(name) && known is not null)
        {
            spec["priorityClassName"] = known.Name;
        }

        const string Computed = "must not be provided in pod spec; priority admission controller computed";
        if (spec.Number("priority") is { } given && given != priority)
        {
            throw ApiErrors.Forbidden(ResourceTypes.Pods, request.Name, $"the integer value of priority ({given}) {Computed} {priority} from the given PriorityClass name");
        }

        var preemption = known?.Json.Text("preemptionPolicy") ?? "PreemptLowerPriority";
        if (spec.Text("preemptionPolicy") is { Length: > 0 } policy && policy != preemption)
        {
            throw ApiErrors.Forbidden(ResourceTypes.Pods, request.Name, $"the string value of PreemptionPolicy ({policy}) {Computed} {preemption} from the given PriorityClass name");
        }

        spec["priority"] = priority;
        spec["preemptionPolicy"] = preemption;
    }

    /// <summary>This cluster has no RuntimeClass, and so none that a pod could ask for.</summary>
    private static void CheckRuntime(AdmissionRequest request, JsonObject spec)
    {
        if (spec.Text("runtimeClassName") is { Length: > 0 } name)
        {
            throw ApiErrors.Forbidden(ResourceTypes.Pods, request.Name, $"pod rejected: RuntimeClass \"{name}\" not found");
        }

        if (spec["overhead"] is JsonObject { Count: > 0 })
        {
            throw ApiErrors.Forbidden(ResourceTypes.Pods, request.Name, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
        }
    }
}
