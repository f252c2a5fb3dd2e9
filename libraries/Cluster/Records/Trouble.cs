using Workspaces.Contracts;

namespace Workspaces.Cluster.Records;

/// <summary>
/// Something that keeps a pod from coming up and may still pass. It becomes a failure when it has lasted; the record keeps since
/// when, so that a restart of the worker does not start the wait again.
/// </summary>
/// <param name="Reason">What it would fail with.</param>
/// <param name="Since">When it was first seen.</param>
public sealed record Trouble(FailureReason Reason, DateTimeOffset Since);
