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
    /// <exception cref="PortInUseException">Another process has one of its ports.</exception>
    /// <exception cref="ServerFailedException">It ended, or was not ready in time; the message has the end of its log.</exception>
    public static async Task<RunningServer> StartAsync(IServer server, Marker marker, TimeSpan patience, CancellationToken cancellation = default)
    {
        foreach (var port in server.Ports.Where(port => !Ports.IsFree(port)))
        {
            throw new PortInUseException(server.Name, port);
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
                throw new ServerFailedException(server, $"ended with exit code {process.ExitCode}");
            }

            if (clock.Elapsed > patience)
            {
                throw new ServerFailedException(server, $"is not ready after {patience.TotalSeconds:0} s ({reason})");
            }

            await Task.Delay(Pause, cancellation);
        }
    }
}
