namespace Workspaces.Contracts;

/// <summary>Makes the identity of an instance: one run of a workspace container.</summary>
public static class InstanceId
{
    private static readonly Guid Namespace = new("d0c5a3f4-8f0e-5b57-8b0f-0b8d7a0f6f11");

    /// <summary>UUIDv5 over workspace id, pod uid and container id (as in <c>status.containerStatuses[].containerID</c>).</summary>
    public static Guid For(string workspaceId, string podUid, string containerId) =>
        Uuid5.Create(Namespace, $"{workspaceId}/{podUid}/{containerId}");
}
