using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;

namespace Workspaces.Cluster.Rendering;

/// <summary>The ConfigMap with the public part of the configuration: user CA, banner and the blueprint's files.</summary>
internal static class ConfigMapRenderer
{
    public static JsonObject Render(WorkspaceInput input, RenderOptions options, WorkspaceFiles files)
    {
        var data = new JsonObject { [ObjectNames.UserCaEntry] = options.UserCaPublicKey.Trim() + "\n" };
        if (input.Blueprint.Banner is { Length: > 0 } banner)
        {
            data[ObjectNames.BannerEntry] = banner;
        }

        foreach (var file in files.All)
        {
            data[file.Key] = file.Content;
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = ObjectMetadata.Of(input),
            ["data"] = data,
        };
    }
}
