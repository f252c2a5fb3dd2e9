using System.Diagnostics;

namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>
/// A command started in a container: the runtime's process that has its streams and exit code, how to kill it, and what ends
/// with it: a message where the runtime could not start the command.
/// </summary>
internal sealed record ExecHandle(Process Process, Func<Task> KillAsync, Task<string?> Ended);
