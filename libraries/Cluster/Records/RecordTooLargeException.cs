namespace Workspaces.Cluster.Records;

/// <summary>A record does not fit into a ConfigMap.</summary>
public sealed class RecordTooLargeException(string workspaceId, int bytes)
    : Exception($"The record of workspace {workspaceId} takes {bytes} bytes, and {RecordStore.MaxBytes} is the most that is kept. Make the blueprint smaller: large files belong in an image or a volume.");
