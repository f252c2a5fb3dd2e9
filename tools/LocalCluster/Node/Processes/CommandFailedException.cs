namespace Workspaces.LocalCluster.Node.Processes;

/// <summary>A command of this machine (ip, mount, crun, ...) ended with a failure; the message holds what it said.</summary>
public sealed class CommandFailedException(string command, int exitCode, string output)
    : Exception($"`{command}` failed with exit code {exitCode}: {(output.Length == 0 ? "it printed nothing" : output)}")
{
    /// <summary>What the command printed, without the command line around it.</summary>
    public string Output { get; } = output;
}
