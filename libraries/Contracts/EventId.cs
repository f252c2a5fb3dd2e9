namespace Workspaces.Contracts;

/// <summary>Makes the deterministic identities of events: the same fact has the same id, however often it is published.</summary>
public static class EventId
{
    private static readonly Guid Namespace = new("6f2b7c1e-5d0a-5c3e-9a41-3f8f5b0c7d21");

    /// <summary>
    /// Id of an event about a workspace: UUIDv5 over type, workspace, generation and, where several events of that type belong
    /// to one generation, what tells them apart (a stage, an instance id).
    /// </summary>
    public static Guid For<TEvent>(string workspaceId, long generation, string distinction = "")
        where TEvent : IWorkspaceEvent =>
        Uuid5.Create(Namespace, $"{typeof(TEvent).Name}/{workspaceId}/{generation}/{distinction}");

    /// <summary>Id of an event about something else: UUIDv5 over type and what identifies the fact (user and version, session).</summary>
    public static Guid For<TEvent>(string fact)
        where TEvent : IWorkspaceEvent =>
        Uuid5.Create(Namespace, $"{typeof(TEvent).Name}/{fact}");
}
