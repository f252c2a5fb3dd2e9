namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>For each kind of namespace: make a new one, stay in the node's, or join the one behind a path.</summary>
internal sealed record NamespacePlan
{
    /// <summary>Value of a property that asks for a namespace of the container's own.</summary>
    public const string New = "";

    public string? Network { get; init; } = New;

    public string? Ipc { get; init; } = New;

    public string? Uts { get; init; } = New;

    public string? Pid { get; init; } = New;
}
