using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Rendering;

/// <summary>Metadata that all objects of a workspace have in common.</summary>
internal static class ObjectMetadata
{
    public static JsonObject Labels(WorkspaceInput input) => new()
    {
        [WorkspaceLabels.Workspace] = input.WorkspaceId,
        [WorkspaceLabels.Name] = input.Name,
        [WorkspaceLabels.Owner] = input.Owner.Name,
        [WorkspaceLabels.Blueprint] = input.Blueprint.Name,
        [WorkspaceLabels.Model] = input.Model == WorkspaceModel.Standalone ? "standalone" : "injection",
    };

    public static JsonObject Of(WorkspaceInput input)
    {
        var metadata = new JsonObject
        {
            ["name"] = ObjectNames.For(input.WorkspaceId),
            ["namespace"] = input.Namespace,
            ["labels"] = Labels(input),
            ["annotations"] = new JsonObject
            {
                [WorkspaceAnnotations.Generation] = input.Generation.ToString(CultureInfo.InvariantCulture),
            },
        };
        if (input.OwnedBy is { } owner)
        {
            metadata["ownerReferences"] = new JsonArray
            {
                new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = owner.Kind, ["name"] = owner.Name, ["uid"] = owner.Uid },
            };
        }

        return metadata;
    }

    /// <summary>Selects the pods of this workspace.</summary>
    public static JsonObject Selector(WorkspaceInput input) => new() { [WorkspaceLabels.Workspace] = input.WorkspaceId };
}
