namespace Workspaces.LocalCluster.Pods;

/// <summary>Which command to run and which of its streams the caller wants. With a terminal there is no separate standard error.</summary>
public sealed record ExecRequest(IReadOnlyList<string> Command, bool Stdin, bool Stdout, bool Stderr, bool Tty);
