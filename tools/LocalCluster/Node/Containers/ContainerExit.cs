namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>How a run of a container ended, as its status tells it.</summary>
internal sealed record ContainerExit(int ExitCode, string Reason, string? Message, DateTime StartedAt, DateTime FinishedAt, string ContainerId);
