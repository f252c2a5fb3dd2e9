using Workspaces.Contracts;

namespace Workspaces.Cluster.Watching;

/// <summary>How a run of the workspace container ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="At">When; <see langword="null"/> where the cluster does not say.</param>
public sealed record RunEnd(InstanceDownReason Reason, DateTimeOffset? At);
