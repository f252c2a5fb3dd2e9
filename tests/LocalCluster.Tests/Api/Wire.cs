using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Writes of several managers as they go over the wire, and what the answers say about who owns what.</summary>
internal static class Wire
{
    public const string Merge = "application/merge-patch+json";
    public const string Json = "application/json-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string ApplyYaml = "application/apply-patch+yaml";

    public static string ConfigMaps(string ns) => $"/api/v1/namespaces/{ns}/configmaps";

    public static string PodTemplates(string ns) => $"/api/v1/namespaces/{ns}/podtemplates";

    public static string Deployments(string ns) => $"/apis/apps/v1/namespaces/{ns}/deployments";

    public static Task<Answer> ApplyAsync(this ApiCluster cluster, string path, string manager, string body, bool force = false) =>
        cluster.Client.PatchAsync($"{path}?fieldManager={manager}{(force ? "&force=true" : "")}", body, ApplyYaml);

    /// <summary>A ConfigMap to apply: data as a JSON object, or nothing but the name.</summary>
    public static string Map(string name, string? data = null) =>
        $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}"}{{(data is null ? "" : $",\"data\":{data}")}}}""";

    /// <summary>Reads an object, changes it, and replaces it as a manager.</summary>
    public static async Task<Answer> ReplaceAsync(this ApiCluster cluster, string path, string manager, Action<JsonObject> change)
    {
        var obj = (await cluster.Client.GetAsync(path)).Ok();
        change(obj);
        return await cluster.Client.PutAsync($"{path}?fieldManager={manager}", obj.ToJsonString());
    }

    /// <summary>Each entry of managedFields on a line: <c>manager operation[/subresource] fields</c>, in their order.</summary>
    public static string Owners(this Answer answer) => string.Join("\n", (answer.Ok()["metadata"]!["managedFields"] as JsonArray ?? [])
        .Select(e => $"{e!["manager"]} {e["operation"]}{(e["subresource"] is { } sub ? $"/{sub}" : "")} {e["fieldsV1"]!.ToJsonString()}"));

    public static string Version(this Answer answer) => (string)answer.Ok()["metadata"]!["resourceVersion"]!;

    public static string Text(this Answer answer, params string[] path)
    {
        JsonNode? node = answer.Ok();
        foreach (var step in path)
        {
            node = node?[step];
        }

        return node?.ToJsonString() ?? "";
    }
}
