using System.Diagnostics;
using Workspaces.LocalSuite.Processes;

namespace Workspaces.LocalSuite.Servers;

/// <summary>A server that was started and has said that it is ready. Tests use it as it is; the suite adds restarts.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly ChildProcess _process;

    private RunningServer(ChildProcess process) => _process = process;

    /// <summary>Its process.</summary>
    public ChildProcess Process => _process;

    /// <summary>Prepares and starts a server and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">A port is taken, or it ended, or was not ready in time: the message says which, with the end of its log.</exception>
    public static async Task<RunningServer> StartAsync(IServer server, Marker marker, TimeSpan patience, CancellationToken cancellation = default)
    {
        foreach (var port in server.Ports.Where(port => !Ports.IsFree(port)))
        {
            throw new InvalidOperationException($"{server.Name} needs port {port} of 127.0.0.1, which {Ports.Owner(port)} has.");
        }

        await server.PrepareAsync(cancellation);
        var start = server.Start;
        var process = ChildProcess.Start(start with { Environment = new Dictionary<string, string>([.. start.Environment, marker.Variable]) });
        try
        {
            await WaitUntilReadyAsync(server, process, patience, cancellation);
            return new RunningServer(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server in order.</summary>
    public async ValueTask DisposeAsync() => await _process.DisposeAsync();

    private static async Task WaitUntilReadyAsync(IServer server, ChildProcess process, TimeSpan patience, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (await server.WhyNotReadyAsync(cancellation) is { } reason)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{server.Name} ended with exit code {process.ExitCode}. The end of {server.Start.LogFile}:\n{LogTail.Read(server.Start.LogFile)}");
            }

            if (clock.Elapsed > patience)
            {
                throw new InvalidOperationException(
                    $"{server.Name} is not ready after {patience.TotalSeconds:0} s ({reason}). The end of {server.Start.LogFile}:\n{LogTail.Read(server.Start.LogFile)}");
            }

            await Task.Delay(Pause, cancellation);
        }
    }
}
