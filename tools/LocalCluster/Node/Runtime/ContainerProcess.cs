using System.Diagnostics;

namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>The runtime process that stands for a running container: same streams, same end, same exit code.</summary>
internal sealed class ContainerProcess(Process process, int nodeProcessId, Func<string?> runtimeError) : IDisposable
{
    /// <summary>Process id of the container's first process, as seen in the node's PID namespace.</summary>
    public int NodeProcessId { get; } = nodeProcessId;

    public Stream Input => process.StandardInput.BaseStream;

    public Stream Output => process.StandardOutput.BaseStream;

    public Stream Errors => process.StandardError.BaseStream;

    /// <summary>What the runtime reported after it had made the container, for instance that the program cannot be executed.</summary>
    public string? RuntimeError => runtimeError();

    /// <summary>Waits for the end of the container; a death by signal is 128 plus the signal.</summary>
    public async Task<int> WaitAsync(CancellationToken ct)
    {
        await process.WaitForExitAsync(ct);
        return process.ExitCode;
    }

    public void Dispose() => process.Dispose();
}
