namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>Who wrote fields, and how: one entry of managedFields is of one of these.</summary>
public sealed record Manager(string Name, string Operation, string ApiVersion, string Subresource)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public bool Applied => Operation == Apply;
}
