namespace Workspaces.LocalCluster.Node.Probes;

/// <summary>One answer of a probe or hook, with what it printed or why it failed.</summary>
/// <param name="Success">The container is as it should be.</param>
/// <param name="Output">What was printed, or why it failed.</param>
/// <param name="Errored">The probe itself could not be made, which says nothing of the container but counts as a failure.</param>
internal readonly record struct ProbeResult(bool Success, string Output, bool Errored = false);
