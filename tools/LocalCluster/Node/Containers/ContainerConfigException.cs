namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>A container cannot be made from what its pod and the objects it refers to say: CreateContainerConfigError.</summary>
internal sealed class ContainerConfigException(string message, string reason = "CreateContainerConfigError") : Exception(message)
{
    public string Reason { get; } = reason;
}
