using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;

namespace Workspaces.Cluster.Rendering;

/// <summary>
/// Renders a standalone workspace. Pure: the same input gives the same objects, which is what makes applying them again harmless.
/// The objects have only the fields that are ours (server-side apply takes what is there as what we want to own).
/// </summary>
public static class StandaloneRenderer
{
    /// <summary>All objects that are applied.</summary>
    public static StandaloneObjects Render(WorkspaceInput input, RenderOptions options)
    {
        var files = WorkspaceFiles.Of(input);
        return new StandaloneObjects
        {
            ServiceAccount = ServiceAccount(input),
            ConfigMap = ConfigMapRenderer.Render(input, options, files),
            NetworkPolicy = NetworkPolicyRenderer.Render(input, options),
            Service = Service(input, options),
            StatefulSet = StatefulSet(input, options, files),
        };
    }

    private static JsonObject ServiceAccount(WorkspaceInput input) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ServiceAccount",
        ["metadata"] = ObjectMetadata.Of(input),
        ["automountServiceAccountToken"] = false,
    };

    private static JsonObject Service(WorkspaceInput input, RenderOptions options) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = ObjectMetadata.Of(input),
        ["spec"] = new JsonObject
        {
            ["clusterIP"] = "None",
            ["selector"] = ObjectMetadata.Selector(input),
            ["ports"] = new JsonArray
            {
                new JsonObject { ["name"] = "ssh", ["protocol"] = "TCP", ["port"] = options.SshPort, ["targetPort"] = options.SshPort },
            },
        },
    };

    private static JsonObject StatefulSet(WorkspaceInput input, RenderOptions options, WorkspaceFiles files) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "StatefulSet",
        ["metadata"] = ObjectMetadata.Of(input),
        ["spec"] = new JsonObject
        {
            ["replicas"] = input.Replicas,
            ["serviceName"] = ObjectNames.For(input.WorkspaceId),
            ["selector"] = new JsonObject { ["matchLabels"] = ObjectMetadata.Selector(input) },
            ["template"] = PodRenderer.Render(input, options, files),
        },
    };
}
