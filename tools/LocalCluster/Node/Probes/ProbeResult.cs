namespace Workspaces.LocalCluster.Node.Probes;

/// <summary>One answer of a probe or hook, with what it printed or why it failed.</summary>
internal readonly record struct ProbeResult(bool Success, string Output);
