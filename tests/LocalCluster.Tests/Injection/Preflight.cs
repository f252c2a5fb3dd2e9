using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Api;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>Asks what the API server would say of a workload's pods, without making one.</summary>
internal static class Preflight
{
    /// <summary>Creates a pod of a workload's template with a dry run.</summary>
    public static Task<Answer> PodAsync(Target target, JsonObject workload)
    {
        var template = Target.Template(workload);
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["generateName"] = "preflight-", ["labels"] = template["metadata"]!["labels"]!.DeepClone() },
            ["spec"] = template["spec"]!.DeepClone(),
        };
        return target.Cluster.Client.PostAsync($"api/v1/namespaces/{target.Namespace}/pods?dryRun=All", pod.ToJsonString());
    }

    /// <summary>Applies with a dry run, then creates a pod of the result with a dry run.</summary>
    public static async Task<Answer> InjectAsync(Target target, Injected injected) =>
        await PodAsync(target, (await target.InjectAsync(injected, "&dryRun=All")).Ok());
}
