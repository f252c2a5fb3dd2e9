using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>Who writes which kind of object, and when. <paramref name="Reset"/> is what this way of writing cannot change.</summary>
internal sealed record OwnershipRequest(string FieldManager, string ApiVersion, string Subresource, FieldSchema Schema, FieldSet Reset, DateTimeOffset Now)
{
    public Manager ManagerFor(string operation) => Manager.Of(FieldManager, operation, ApiVersion, Subresource);
}
