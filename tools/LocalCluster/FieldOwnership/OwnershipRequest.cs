using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>Who writes which kind of object, and when.</summary>
internal sealed record OwnershipRequest(string FieldManager, string ApiVersion, string Subresource, FieldSchema Schema, bool HasStatus, DateTimeOffset Now)
{
    public Manager ManagerFor(string operation) => new(FieldManager, operation, ApiVersion, Subresource);
}
