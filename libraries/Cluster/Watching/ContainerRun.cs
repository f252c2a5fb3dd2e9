namespace Workspaces.Cluster.Watching;

/// <summary>One run of the workspace container that is usable now.</summary>
/// <param name="ContainerId">Container id, as the node reports it.</param>
/// <param name="ReadyAt">When it became ready.</param>
public sealed record ContainerRun(string ContainerId, DateTimeOffset ReadyAt);
