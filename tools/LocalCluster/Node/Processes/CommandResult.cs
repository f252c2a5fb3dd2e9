namespace Workspaces.LocalCluster.Node.Processes;

/// <summary>How a command ended and what it printed.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors);
