using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Tables;

/// <summary>The columns of each kind, as kubectl shows them for a real cluster.</summary>
internal static class TableColumns
{
    private static readonly TableColumn Name = new("Name", o => o.Text("metadata", "name"));
    private static readonly TableColumn Age = new("Age", o => Cells.Age(o.Text("metadata", "creationTimestamp")));

    public static IReadOnlyList<TableColumn> Of(ResourceType type) => ByType.GetValueOrDefault(type, [Name, Age]);

    private static readonly Dictionary<ResourceType, IReadOnlyList<TableColumn>> ByType = new()
    {
        [ResourceTypes.Namespaces] = [Name, new("Status", o => o.Text("status", "phase")), Age],
    };
}
