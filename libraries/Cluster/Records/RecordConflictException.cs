namespace Workspaces.Cluster.Records;

/// <summary>The record was changed since it was read. Read it again and decide anew.</summary>
public sealed class RecordConflictException(string workspaceId, Exception? cause = null)
    : Exception($"The record of workspace {workspaceId} was changed by somebody else since it was read.", cause);
