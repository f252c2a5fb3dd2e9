namespace Workspaces.LocalCluster.Pods;

/// <summary>
/// A process whose streams are connected. Disposing it ends the connection; an exec'd process that still runs is killed.
/// </summary>
public interface IContainerProcess : IAsyncDisposable
{
    /// <summary>To the process; disposing it closes the process's standard input. <see cref="Stream.Null"/> where not asked for.</summary>
    Stream StandardInput { get; }

    /// <summary>From the process, to its end. With a terminal this carries everything.</summary>
    Stream StandardOutput { get; }

    /// <summary>From the process, to its end. <see cref="Stream.Null"/> with a terminal or where not asked for.</summary>
    Stream StandardError { get; }

    /// <summary>Completes with the exit code (128 + signal where it was killed).</summary>
    Task<int> ExitCode { get; }

    /// <summary>Sets the terminal's size; without a terminal it does nothing.</summary>
    Task ResizeAsync(int columns, int rows, CancellationToken ct);
}
