using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;

namespace Workspaces.Cluster.Rendering;

/// <summary>Metadata that all objects of a standalone workspace have in common.</summary>
internal static class ObjectMetadata
{
    public static JsonObject Labels(StandaloneInput input) => new()
    {
        [WorkspaceLabels.Workspace] = input.WorkspaceId,
        [WorkspaceLabels.Name] = input.Name,
        [WorkspaceLabels.Owner] = input.Owner.Name,
        [WorkspaceLabels.Blueprint] = input.Blueprint.Name,
        [WorkspaceLabels.Model] = "standalone",
    };

    public static JsonObject Of(StandaloneInput input) => new()
    {
        ["name"] = ObjectNames.For(input.WorkspaceId),
        ["namespace"] = input.Namespace,
        ["labels"] = Labels(input),
        ["annotations"] = new JsonObject
        {
            [WorkspaceAnnotations.Generation] = input.Generation.ToString(CultureInfo.InvariantCulture),
        },
    };

    /// <summary>Selects the pods of this workspace.</summary>
    public static JsonObject Selector(StandaloneInput input) => new() { [WorkspaceLabels.Workspace] = input.WorkspaceId };
}
