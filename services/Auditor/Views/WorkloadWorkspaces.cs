namespace Workspaces.Auditor.Views;

/// <summary>Which workspaces touched a workload.</summary>
/// <param name="Target"><c>NAMESPACE/KIND/NAME</c>.</param>
/// <param name="LogBegins">Sequence that the log begins with.</param>
/// <param name="Workspaces">Workspaces, in the order in which they first touched it.</param>
/// <param name="Next">What to send as <c>after</c> for the next page.</param>
/// <param name="More">Whether there is another page.</param>
internal sealed record WorkloadWorkspaces(string Target, long LogBegins, IReadOnlyList<WorkloadWorkspace> Workspaces, long Next, bool More);

/// <summary>One workspace that touched a workload.</summary>
/// <param name="WorkspaceId">Id of the workspace.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="FirstSequence">Its first event about the workload, in the log.</param>
/// <param name="LastSequence">Its last one.</param>
/// <param name="FirstAt">When the first one happened.</param>
/// <param name="LastAt">When the last one happened.</param>
/// <param name="Instances">Workspace containers that came up in the workload's pods.</param>
/// <param name="Sessions">Sessions that were opened to them.</param>
/// <param name="Users">Who opened sessions.</param>
internal sealed record WorkloadWorkspace(
    string WorkspaceId, string? Owner, long FirstSequence, long LastSequence, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Instances, long Sessions,
    IReadOnlyList<string> Users);
