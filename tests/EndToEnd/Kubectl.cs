using System.Text.Json.Nodes;

namespace Workspaces.EndToEnd;

/// <summary>Stock <c>kubectl</c> with one kubeconfig.</summary>
internal sealed class Kubectl(string kubeconfig)
{
    /// <summary>Runs kubectl.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => Command.RunAsync("kubectl", ["--kubeconfig", kubeconfig, .. arguments]);

    /// <summary>Items of <c>kubectl get KINDS -o json</c>.</summary>
    public async Task<IReadOnlyList<JsonNode>> GetAsync(params string[] arguments)
    {
        var result = (await RunAsync(["get", .. arguments, "-o", "json"])).MustSucceed();
        return [.. JsonNode.Parse(result.Output)!["items"]!.AsArray().Select(item => item!)];
    }
}
